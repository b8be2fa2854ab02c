using System.Text.Json.Serialization;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;

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
    IReadOnlyList<TrainingNoiseDocument> TrainingNoise,
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
        [.. series.TrainingNoise.Select(TrainingNoiseDocument.Of)],
        [.. series.Points.Select(PointDocument.Of)]);
}

/// <summary>Where the training noise of a branch (or of one line of it) comes from; <c>sd</c> is that of a retrain, or of each generation where it adds up.</summary>
public sealed record TrainingNoiseDocument(string Branch, string? Seed, RecipeNoiseSource Source, double? Sd, bool AddsUp, double? DegreesOfFreedom, string Sentence)
{
    /// <summary>Writes an estimate of training noise as the contract has it.</summary>
    public static TrainingNoiseDocument Of(RecipeNoise noise) => new(
        noise.Branch, noise.Seed, noise.Source, noise.Variance is { } variance ? Math.Sqrt(variance) : null, noise.Source == RecipeNoiseSource.Steps, noise.DegreesOfFreedom, noise.Sentence);
}

/// <summary>
/// A point of a series. <c>lo</c> and <c>hi</c> are the interval of this model, <c>recipe_lo</c> and <c>recipe_hi</c> that of the recipe
/// with training noise of <c>training_sd</c>; <c>noise_floor</c> is its 95th percentile; <c>tau</c> stands only on trends.
/// </summary>
public sealed record PointDocument(
    string Branch,
    string? Seed,
    int Generation,
    string Model,
    double? Value,
    double? Lo,
    double? Hi,
    double? RecipeLo,
    double? RecipeHi,
    double? TrainingSd,
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
        point.Recipe?.Lo,
        point.Recipe?.Hi,
        point.Recipe?.TrainingSd,
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
