using System.Diagnostics;
using Driftline.Ingest;
using Driftline.Web.Api.Documents;
using Driftline.Web.Mappings;

namespace Driftline.Web.Workers.Pipeline;

/// <summary>A log on its way through the pipeline.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="source">The file.</param>
/// <param name="reader">Who reads it.</param>
/// <param name="options">How.</param>
public sealed class LogUnderway(ImportRequest request, LogSource source, ILogReader reader, ReadOptions options)
{
    /// <summary>What was asked for, with the mapping that was found.</summary>
    public ImportRequest Request { get; set; } = request;

    /// <summary>The file that is read: the one that stands for the log.</summary>
    public LogSource Source { get; set; } = source;

    /// <summary>The file that was met, which may be a part of the log.</summary>
    public LogSource Met { get; set; } = source;

    /// <summary>Who reads it.</summary>
    public ILogReader Reader => reader;

    /// <summary>How it is read.</summary>
    public ReadOptions Options => options;

    /// <summary>The saved mapping with which it is read; null for none.</summary>
    public NamedMapping? Mapping { get; init; }

    /// <summary>What the report says first; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Hash of the second table of its mapping; null where there is none.</summary>
    public string? JoinedHash { get; set; }

    /// <summary>When its turn came, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public required long Since { get; init; }

    /// <summary>Seconds since its turn came.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(Since).TotalSeconds;

    /// <summary>Answers that nothing was read.</summary>
    /// <param name="status">What became of it.</param>
    /// <param name="reason">Why; null where the status says it.</param>
    public ImportedFile NotRead(string status, string? reason = null) =>
        new(new FileDocument { Path = Request.Name, Format = Reader.Format, Status = status, Reason = reason, Bytes = Source.Bytes }, []);
}
