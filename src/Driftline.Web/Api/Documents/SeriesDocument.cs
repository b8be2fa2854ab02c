using System.Text.Json.Serialization;
using Driftline.Core.Measures;

namespace Driftline.Web.Api.Documents;

/// <summary>The answer of <c>series</c>: the measurements behind a chart.</summary>
public sealed record SeriesDocument(
    string Lineage,
    string Measure,
    string Suite,
    string? Slice,
    string Baseline,
    string Unit,
    string? Worse,
    string Definition,
    int DefinitionVersion,
    IReadOnlyList<PointDocument> Points)
{
    /// <summary>Writes a series as the contract has it.</summary>
    public static SeriesDocument Of(MeasureSeries series) => new(
        series.Lineage,
        series.Measure,
        series.Suite,
        series.Slice,
        series.Baseline.ToString(),
        series.Unit,
        series.Worse?.ToString().ToLowerInvariant(),
        $"/measures#{series.Measure.Split(':')[0]}",
        series.DefinitionVersion,
        [.. series.Points.Select(PointDocument.Of)]);
}

/// <summary>A point of a series. <c>noise_floor</c> is its 95th percentile; <c>tau</c> stands only on trends.</summary>
public sealed record PointDocument(
    string Branch,
    string? Seed,
    int Generation,
    string Model,
    double? Value,
    double? Lo,
    double? Hi,
    double? Stderr,
    int N,
    int? NClusters,
    double? PValue,
    double? NoiseFloor,
    double? NoiseFloorMean,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Tau,
    MeasureStatus Status,
    string? Reason)
{
    /// <summary>Writes a point as the contract has it.</summary>
    public static PointDocument Of(SeriesPoint point) => new(
        point.Branch,
        point.Seed,
        point.Generation,
        point.Model,
        point.Estimate.Value,
        point.Estimate.Lo,
        point.Estimate.Hi,
        point.Estimate.StdErr,
        point.Estimate.N,
        point.Estimate.Clusters,
        point.Estimate.PValue,
        point.Estimate.FloorP95,
        point.Estimate.FloorMean,
        point.Estimate.Tau,
        point.Estimate.Status,
        point.Estimate.Reason);
}
