using Driftline.Core.Lineages;
using Driftline.Core.Records;

namespace Driftline.Core.Imports;

/// <summary>
/// One import of one log, between its first record and its publication. What is written stays invisible until
/// <see cref="PublishAsync"/>, which makes all of it visible at once. Disposing an unpublished session removes what it wrote; a
/// process that dies leaves that to the sweep at the next start.
/// </summary>
public interface IImportSession : IRecordSink, IAsyncDisposable
{
    /// <summary>Makes everything written visible in one small transaction, together with the report.</summary>
    /// <returns>What changed, for the measures.</returns>
    Task<PublishedImport> PublishAsync(ImportOutcome outcome, CancellationToken cancellationToken);
}

/// <summary>What is known of a log before it is read.</summary>
public sealed record ImportStart
{
    /// <summary>The path or name that the user gave, shown in reports.</summary>
    public required string Source { get; init; }

    /// <summary>The format's name in reports: native, csv, json.</summary>
    public required string Format { get; init; }

    /// <summary>
    /// SHA-256 of the log's bytes and of everything that steers how they are read (overrides, mapping, joined file), lower-case
    /// hexadecimal: the same key means that nothing new would come of reading it.
    /// </summary>
    public required string ContentKey { get; init; }

    /// <summary>The log's size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The import that this one continues, when a native file has grown.</summary>
    public long? Continues { get; init; }
}

/// <summary>How reading a log ended.</summary>
public sealed record ImportOutcome
{
    /// <summary>Records read, rejected ones included.</summary>
    public required long RowsRead { get; init; }

    /// <summary>Records rejected; the first 1,000 are in <see cref="Errors"/>.</summary>
    public required long RowsRejected { get; init; }

    /// <summary>Values that were NaN, Infinity or otherwise no number, and became "no value".</summary>
    public long ValuesDropped { get; init; }

    /// <summary>The first rejected rows.</summary>
    public required IReadOnlyList<RowError> Errors { get; init; }

    /// <summary>Bytes of whole lines read from the start of the file: the prefix by which a grown file is recognised.</summary>
    public required long BytesConsumed { get; init; }

    /// <summary>Lines in that prefix.</summary>
    public required long LinesConsumed { get; init; }

    /// <summary>SHA-256 of that prefix, lower-case hexadecimal; null when the format cannot be continued.</summary>
    public string? PrefixHash { get; init; }

    /// <summary>
    /// Whether the runs in the log are over with it. If not, they stay <see cref="EvaluationStatus.Started"/> until an end record
    /// or a complete log of theirs comes.
    /// </summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Things to know about the file that are not errors of a row ("read as gzip", "generation guessed from the folder name").</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The same with one more note before the others; null for none.</summary>
    public ImportOutcome WithNote(string? note) => note is null ? this : this with { Notes = [note, .. Notes] };

    /// <summary>Suite definitions that came with the mapping, by suite name: they beat inference.</summary>
    public IReadOnlyDictionary<string, string> SuiteDefinitions { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds from the first byte to here.</summary>
    public required double Seconds { get; init; }
}

/// <summary>What a published import brought.</summary>
public sealed record PublishedImport
{
    /// <summary>The import's id.</summary>
    public required long Id { get; init; }

    /// <summary>Rows that are now visible.</summary>
    public required long RowsWritten { get; init; }

    /// <summary>Of those, rows that took the place of an earlier one of the same run, sample and repeat.</summary>
    public required long RowsReplaced { get; init; }

    /// <summary>Evaluations that are new or changed.</summary>
    public required IReadOnlyList<ChangedEvaluation> Changed { get; init; }
}

/// <summary>An evaluation that an import made or changed.</summary>
public sealed record ChangedEvaluation(long LineageId, long NodeId, long SuiteId, NodeKey Node, string Suite);
