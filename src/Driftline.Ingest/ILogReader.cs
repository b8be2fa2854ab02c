using Driftline.Core.Imports;
using Driftline.Core.Records;

namespace Driftline.Ingest;

/// <summary>Reads one format of log. Stateless: one instance serves all imports at once.</summary>
public interface ILogReader
{
    /// <summary>The format's name in reports.</summary>
    string Format { get; }

    /// <summary>Whether a log is in this format, by its name and its first bytes.</summary>
    bool Accepts(LogProbe probe);

    /// <summary>The log that a file is a part of, where a format spreads one log over several files: it is read whichever of them is met. Usually the file itself.</summary>
    LogSource Whole(LogSource source) => source;

    /// <summary>Whether a file is one of several that a log is spread over, by its name alone: then files that come one by one are gathered.</summary>
    bool IsPart(LogSource source) => false;

    /// <summary>Whether a file and those that lie beside it can be parts of one log by what they say, for files that came without a folder's name.</summary>
    /// <exception cref="LogRejectedException">One of them cannot be read.</exception>
    bool IsOneLog(LogSource source, ImportLimits limits, CancellationToken cancellationToken) => true;

    /// <summary>Which of the files that a log is spread over are there; all of a log that is one file.</summary>
    PartsThere There(LogSource source) => PartsThere.All;

    /// <summary>Files beside the log without which the log is read otherwise, so that they count where a log is recognised as known; in a fixed order.</summary>
    IReadOnlyList<string> Companions(LogSource source) => [];

    /// <summary>
    /// Reads the log to its end into the sink. A row that cannot be taken is reported in the outcome and the rest goes on; memory is
    /// bounded whatever the size of the log.
    /// </summary>
    /// <exception cref="LogRejectedException">The log as a whole cannot be read; what is in the sink must not be published.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ImportOutcome> ReadAsync(
        LogSource source, ReadOptions options, IRecordSink sink, IProgress<ReadProgress>? progress, CancellationToken cancellationToken);
}

/// <summary>Which of the files that a log is spread over are there.</summary>
/// <param name="HasAnswers">Whether those are there without which the others say little: what was answered.</param>
/// <param name="HasScores">Whether the scores of the answers are there.</param>
/// <param name="Missing">What is missing, as the end of a sentence; null when nothing is.</param>
public sealed record PartsThere(bool HasAnswers, bool HasScores, string? Missing)
{
    /// <summary>Nothing is missing.</summary>
    public static PartsThere All { get; } = new(HasAnswers: true, HasScores: true, Missing: null);
}

/// <summary>How far reading has come.</summary>
/// <param name="BytesRead">Bytes of the file, compressed as it lies.</param>
/// <param name="BytesTotal">The file's size.</param>
/// <param name="Rows">Records so far, rejected ones included.</param>
/// <param name="Rejected">Records rejected so far.</param>
public sealed record ReadProgress(long BytesRead, long BytesTotal, long Rows, long Rejected);
