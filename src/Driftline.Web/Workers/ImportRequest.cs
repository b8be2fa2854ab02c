using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Ingest.Files;
using Driftline.Ingest.TrainingTexts;

namespace Driftline.Web.Workers;

/// <summary>One log to import.</summary>
/// <param name="Name">The path or name as the user gave it; reports show it, and a grown file is recognised by it.</param>
/// <param name="Path">The file on disk.</param>
/// <param name="Overrides">What the user says about the file; beats what the file says.</param>
/// <param name="Mapping">Which column is what, for CSV, TSV and loose JSON.</param>
/// <param name="DeleteWhenDone">Whether the file is a spooled stream, to be removed afterwards.</param>
/// <param name="Complete">Whether its runs are over with it; false when more of them will come.</param>
public sealed record ImportRequest(
    string Name, string Path, NodeOverrides Overrides, ColumnMapping? Mapping = null, bool DeleteWhenDone = false, bool Complete = true)
{
    /// <summary>The one lineage that the log may bring anything of; null for any. A log that names another is rejected as a whole.</summary>
    public string? OnlyLineage { get; init; }

    /// <summary>The saved mapping to read it with, where <see cref="Mapping"/> is null.</summary>
    public string? MappingName { get; init; }

    /// <summary>The second table of the mapping, where it was spooled like the log; removed with it.</summary>
    public string? JoinedPath { get; init; }

    /// <summary>How to read it where it is no log, but texts that the generation of <see cref="Overrides"/> was trained on; else null.</summary>
    public TrainingTextOptions? TrainingTexts { get; init; }

    /// <summary>Whether a page sent it, where a person can say what its columns mean.</summary>
    public bool FromPage { get; init; }

    /// <summary>Whether the log is a file that is still being written: it is incomplete, and read on from where it ended when it comes again.</summary>
    public bool IsGrowing { get; init; }

    /// <summary>Whether a person has looked at where it belongs; a guess is then taken as it is.</summary>
    public bool IsPlaced { get; init; }

    /// <summary>Why it cannot be read, where that showed before: the mapping beside it is wrong. Null where nothing did.</summary>
    public string? Fault { get; init; }

    /// <summary>What was said of it when it came, under which parts of logs are gathered; null where that is still <see cref="Overrides"/>.</summary>
    public NodeOverrides? GatheredUnder { get; init; }

    /// <summary>Whether who asked for it asks again where it failed, so that the queue need not.</summary>
    public bool IsTriedAgain { get; init; }

    /// <summary>Whether its sender said whether it is complete.</summary>
    public bool SaysComplete { get; init; }

    /// <summary>Whether another part of the same log is next in the queue, with which all of them are read.</summary>
    public bool IsReadWithNext { get; init; }

    /// <summary>Size of the file as it is now, in bytes; 0 where there is none or its disk does not answer.</summary>
    public long Size()
    {
        try
        {
            return PatientCall.LengthOf(Path) ?? 0;
        }
        catch (LogStalledException)
        {
            // Its import says so.
            return 0;
        }
    }
}
