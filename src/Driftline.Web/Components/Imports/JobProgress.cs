using Driftline.Core.Figures;
using Driftline.Ingest;
using Driftline.Web.Workers;

namespace Driftline.Web.Components.Imports;

/// <summary>Says in words how far a job of the import queue is.</summary>
internal static class JobProgress
{
    /// <summary>How it ended, as the status of a report; the state's name while it has not.</summary>
    public static string Status(ImportJob job)
    {
        return job switch
        {
            { State: ImportJobState.Failed } => "failed",
            { State: ImportJobState.Cancelled } => "cancelled",
            { Waiting: not null } => "needs a mapping",
            { Report: { } report } => report.Status,
            _ => job.State.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>One line: bytes, rows, rate and time left while it is read; rows and time afterwards.</summary>
    public static string Sentence(ImportJob job, DateTime now)
    {
        return job switch
        {
            { State: ImportJobState.Reading, Progress: { } progress, Started: { } started } => Reading(progress, (now - started).TotalSeconds),
            { State: ImportJobState.Reading } => "reading",
            { Report: { RowsRead: 0, Status: "rejected" } } => "",
            { Report: { } report } => Ended(report.RowsRead, report.RowsWritten, report.RowsRejected),
            { State: ImportJobState.Cancelled } => "nothing of it was kept",
            _ => "",
        };
    }

    /// <summary>Why nothing of it came in; null where something did, or where it is only not known yet what its columns are.</summary>
    public static string? Refusal(ImportJob job)
    {
        return job switch
        {
            { Waiting: not null } => null,
            { Error: { } error } => error,
            { Report: { Status: "rejected", Reason: { Length: > 0 } reason } } => reason,
            _ => null,
        };
    }

    /// <summary>How much waits and, once it is known how fast logs are read, how long all of it will take.</summary>
    public static string Waiting(IReadOnlyList<ImportJob> waiting, IReadOnlyList<ImportJob> reading, DateTime now)
    {
        var bytes = waiting.Sum(job => job.Bytes);
        var text = NumberFormat.Bytes(bytes);
        if (reading is [{ Progress: { BytesRead: > 0 } progress, Started: { } started }] && (now - started).TotalSeconds is >= 1 and var seconds)
        {
            text += $" · all in about {TimeFormat.Duration((bytes + progress.BytesTotal - progress.BytesRead) * seconds / progress.BytesRead)}";
        }

        return text;
    }

    private static string Reading(ReadProgress progress, double seconds)
    {
        var parts = new List<string>
        {
            $"{NumberFormat.Bytes(progress.BytesRead)} of {NumberFormat.Bytes(progress.BytesTotal)}",
            NumberFormat.Count(progress.Rows, "row"),
        };
        if (seconds >= 1 && progress.BytesRead > 0)
        {
            parts.Add($"{NumberFormat.Count((long)(progress.Rows / seconds))} rows/s");
            parts.Add($"{TimeFormat.Duration((progress.BytesTotal - progress.BytesRead) * seconds / progress.BytesRead)} left");
        }

        if (progress.Rejected > 0)
        {
            parts.Add($"{NumberFormat.Count(progress.Rejected)} rejected");
        }

        return string.Join(" · ", parts);
    }

    private static string Ended(long read, long written, long rejected)
    {
        var text = $"{NumberFormat.Count(written)} of {NumberFormat.Count(read, "row")} in";
        return rejected > 0 ? $"{text}, {NumberFormat.Count(rejected)} rejected" : text;
    }
}
