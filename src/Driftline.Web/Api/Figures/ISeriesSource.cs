using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Storage.Alerts;
using Driftline.Storage.Queries;

namespace Driftline.Web.Api.Figures;

/// <summary>Where figures come from: lineages and their measurements.</summary>
public interface ISeriesSource
{
    /// <summary>A lineage with its nodes and suites; null when there is none of this name.</summary>
    Task<LineageContents?> FindAsync(string lineage, CancellationToken cancellationToken);

    /// <summary>Which series a lineage has.</summary>
    Task<IReadOnlyList<AvailableSeries>> AvailableAsync(long lineageId, CancellationToken cancellationToken);

    /// <summary>The slices that a measure of a suite has against a baseline, as they are written, in order.</summary>
    Task<IReadOnlyList<string>> SlicesAsync(long lineageId, string measure, string suite, Baseline baseline, CancellationToken cancellationToken);

    /// <summary>The measurements of one series; without points when there is none.</summary>
    Task<MeasureSeries> PointsAsync(LineageContents lineage, SeriesKey key, CancellationToken cancellationToken);

    /// <summary>Says that a lineage is looked at against a baseline, which for branches and models starts their computation.</summary>
    /// <returns>Whether it is still being computed.</returns>
    Task<bool> RequestAsync(LineageSummary lineage, Baseline baseline, CancellationToken cancellationToken);

    /// <summary>What is to be marked on the nodes of a lineage.</summary>
    Task<NodeMarks> MarksAsync(LineageContents lineage, CancellationToken cancellationToken);

    /// <summary>The alerts of a lineage.</summary>
    Task<LineageAlerts> AlertsAsync(long lineageId, CancellationToken cancellationToken);

    /// <summary>What a measure is; null for a reported metric.</summary>
    MeasureDefinition? Definition(string measure);
}

/// <summary>A lineage with what figures need of it.</summary>
public sealed record LineageContents(LineageSummary Lineage, IReadOnlyList<NodeSummary> Nodes, IReadOnlyList<SuiteSummary> Suites);

/// <summary>What is to be marked on nodes.</summary>
/// <param name="Unfinished">Nodes with an evaluation that is not complete.</param>
/// <param name="Breaks">Nodes that were not measured like their parent, with the reason.</param>
public sealed record NodeMarks(IReadOnlySet<NodeKey> Unfinished, IReadOnlyDictionary<NodeKey, string> Breaks)
{
    /// <summary>Nothing to mark.</summary>
    public static NodeMarks None { get; } = new(new HashSet<NodeKey>(), new Dictionary<NodeKey, string>());
}

/// <summary>What tells one series of a lineage from another.</summary>
/// <param name="Measure">The measure's id.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Slice">The slice; null is the whole suite.</param>
/// <param name="Baseline">What it compares with.</param>
public sealed record SeriesKey(string Measure, string Suite, string? Slice, Baseline Baseline);

/// <summary>A series that exists.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Points">How many measurements it has, undefined ones included.</param>
public sealed record AvailableSeries(SeriesKey Key, int Points);
