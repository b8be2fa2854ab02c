using System.Text.Json.Serialization;
using Driftline.Core.Records;
using Driftline.Storage.Queries;

namespace Driftline.Web.Api.Documents;

/// <summary>The answer of <c>import</c>.</summary>
public sealed record ImportDocument(
    IReadOnlyList<FileDocument> Files,
    long RowsRead,
    long RowsWritten,
    long RowsReplaced,
    long RowsRejected,
    double Seconds)
{
    /// <summary>How the one posted log fared; left out where there may be several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>Adds up the files.</summary>
    public static ImportDocument Of(IReadOnlyList<FileDocument> files, double seconds) => new(
        files,
        files.Sum(file => file.RowsRead),
        files.Sum(file => file.RowsWritten),
        files.Sum(file => file.RowsReplaced),
        files.Sum(file => file.RowsRejected),
        seconds);
}

/// <summary>How one file fared: imported, unchanged, replaced, partial or rejected.</summary>
public sealed record FileDocument
{
    /// <summary>The path or name as given.</summary>
    public required string Path { get; init; }

    /// <summary>The format; null when none was recognised.</summary>
    public string? Format { get; init; }

    /// <summary>How it fared.</summary>
    public required string Status { get; init; }

    /// <summary>One sentence, when something is to be said.</summary>
    public string? Reason { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Records read.</summary>
    public long RowsRead { get; init; }

    /// <summary>Records stored.</summary>
    public long RowsWritten { get; init; }

    /// <summary>Records that took the place of earlier ones.</summary>
    public long RowsReplaced { get; init; }

    /// <summary>Records rejected.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Values that were no number.</summary>
    public long ValuesDropped { get; init; }

    /// <summary>Seconds it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Things to know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Evaluations that it made or changed.</summary>
    public IReadOnlyList<EvaluationDocument> Evaluations { get; init; } = [];

    /// <summary>The first rejected rows.</summary>
    public IReadOnlyList<RowError> Errors { get; init; } = [];

    /// <summary>The report of an import as it was stored; without its evaluations and rejected rows.</summary>
    public static FileDocument Of(ImportSummary import) => new()
    {
        Path = import.Source,
        Format = import.Format,
        Status = import.Status,
        Reason = import.Reason,
        Bytes = import.Bytes,
        RowsRead = import.RowsRead,
        RowsWritten = import.RowsWritten,
        RowsReplaced = import.RowsReplaced,
        RowsRejected = import.RowsRejected,
        ValuesDropped = import.ValuesDropped,
        Seconds = import.Seconds,
        Notes = import.Notes,
    };
}
