using System.Globalization;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Recipes;

/// <summary>The 95 % interval of a recipe: where another model trained by it, with another seed, may lie; prompts and training noise together.</summary>
/// <param name="Lo">Its lower end.</param>
/// <param name="Hi">Its upper end.</param>
/// <param name="TrainingSd">Standard deviation of the training noise in it, in the measure's unit.</param>
public sealed record RecipeInterval(double Lo, double Hi, double TrainingSd);

/// <summary>
/// Adds intervals of the recipe to a series: value ± t · √(SE² + σ²), with the degrees of freedom of Welch and Satterthwaite. Where an
/// interval is not made from a standard error, each of its sides takes the place of SE.
/// </summary>
public static class RecipeIntervals
{
    /// <summary>Estimates the training noise of a series and adds the intervals.</summary>
    /// <param name="series">The series.</param>
    /// <param name="definition">Its measure, whose range no interval leaves; null for a reported metric.</param>
    /// <param name="evidence">What training noise can be estimated from.</param>
    public static MeasureSeries Add(MeasureSeries series, MeasureDefinition? definition, RecipeEvidence evidence)
    {
        var noises = RecipeNoise.Of(series, evidence);
        var range = RangeOf(definition);
        return series with
        {
            TrainingNoise = noises,
            Points = [.. series.Points.Select(point => point with { Recipe = Of(point, noises, series.Baseline, range) })],
        };
    }

    private static RecipeInterval? Of(SeriesPoint point, IReadOnlyList<RecipeNoise> noises, Baseline baseline, Interval range)
    {
        // The origin that branches share has a branch of its own, of which nothing was trained.
        var noise = noises.FirstOrDefault(each => each.Branch == point.Branch && (each.Seed is null || each.Seed == point.Seed));
        if (point.Estimate.Value is not { } value || (point.Generation > 0 && noise is null) || (noise?.VarianceAt(point.Generation, baseline) ?? (point.Generation == 0 ? 0 : null)) is not { } variance)
        {
            return null;
        }

        if (noise is null && noises.All(each => each.Source == RecipeNoiseSource.None))
        {
            return null;
        }

        var spread = noise?.Source == RecipeNoiseSource.SiblingSpread;
        if (point.Estimate is not { Lo: { } lo, Hi: { } hi })
        {
            // Without an interval of its own only a spread that still holds the sampling of answers says enough.
            (lo, hi) = (value, value);
            if (!spread)
            {
                return null;
            }
        }

        return new RecipeInterval(
            Math.Max(range.Lo, value - Half(value - lo, point.Estimate, variance, noise?.DegreesOfFreedom)),
            Math.Min(range.Hi, value + Half(hi - value, point.Estimate, variance, noise?.DegreesOfFreedom)),
            Math.Sqrt(variance));
    }

    private static double Half(double side, Estimate estimate, double variance, double? noiseFreedom)
    {
        var own = estimate.StdErr is null ? double.PositiveInfinity : Math.Max(1, (estimate.Clusters ?? estimate.N) - 1);
        var error = side / Quantiles.StudentT(own);
        var total = (error * error) + variance;
        if (total == 0)
        {
            return 0;
        }

        var inverse = ((error * error * error * error / own) + (noiseFreedom is { } freedom ? variance * variance / freedom : 0)) / (total * total);
        return Quantiles.StudentT(inverse > 0 ? Math.Max(1, 1 / inverse) : double.PositiveInfinity) * Math.Sqrt(total);
    }

    /// <summary>The range that a definition writes as "[0, 1]" or "(−∞, ∞)".</summary>
    private static Interval RangeOf(MeasureDefinition? definition)
    {
        var ends = definition?.Range.Trim('[', ']', '(', ')').Split(',') ?? [];
        return ends.Length == 2 ? new Interval(End(ends[0], double.NegativeInfinity), End(ends[1], double.PositiveInfinity)) : new Interval(double.NegativeInfinity, double.PositiveInfinity);
    }

    private static double End(string text, double open) =>
        double.TryParse(text.Replace('−', '-').Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var end) && double.IsFinite(end) ? end : open;
}
