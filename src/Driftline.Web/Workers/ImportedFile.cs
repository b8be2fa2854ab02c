using Driftline.Core.Imports;
using Driftline.Ingest;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Workers;

/// <summary>How one log fared.</summary>
/// <param name="Report">The report.</param>
/// <param name="Changed">Evaluations that are new or changed.</param>
public sealed record ImportedFile(FileDocument Report, IReadOnlyList<ChangedEvaluation> Changed)
{
    /// <summary>Whether it was not taken because it names a lineage that its sender may not write to.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>The lineages of a log that was in already: a process that died may have left them without their measures.</summary>
    public IReadOnlyList<string> KnownLineages { get; init; } = [];

    /// <summary>Whether it is a table that only lacks a mapping.</summary>
    public bool NeedsMapping { get; init; }

    /// <summary>Why it was given up, where the disk or network that it lies on does not answer; else null.</summary>
    public LogStalledException? Stalled { get; init; }

    /// <summary>Where it seems to belong, when a person must look at that first; then nothing of it was stored.</summary>
    public PlacementLook? Look { get; init; }

    /// <summary>A file that is not there.</summary>
    public static ImportedFile Missing(string name) => Rejected(name, $"{name} does not exist; check the path");

    /// <summary>A file that was not taken.</summary>
    public static ImportedFile Rejected(string name, string reason, string? format = null, long bytes = 0) =>
        new(new FileDocument { Path = name, Format = format, Status = "rejected", Reason = reason, Bytes = bytes }, []);
}
