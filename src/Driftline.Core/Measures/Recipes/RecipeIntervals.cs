using System.Globalization;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Recipes;

/// <summary>The 95 % interval of a recipe: where another model trained by it, with another seed, may lie; prompts and training noise together.</summary>
/// <param name="Lo">Its lower end.</param>
/// <param name="Hi">Its upper end.</param>
/// <param name="TrainingSd">Standard deviation of the training noise in it, in the measure's unit.</param>
public sealed record RecipeInterval(double Lo, double Hi, double TrainingSd);

/// <summary>
/// Adds intervals of the recipe to a series: each side is √(h² + (t·σ)²), h the side of the model's interval and t Student's point for
/// the degrees of freedom of σ. That holds for intervals of any shape (method of variance estimates recovery: Zou and Donner 2008).
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
            Math.Max(range.Lo, value - Half(value - lo, variance, noise?.DegreesOfFreedom)),
            Math.Min(range.Hi, value + Half(hi - value, variance, noise?.DegreesOfFreedom)),
            Math.Sqrt(variance));
    }

    private static double Half(double side, double variance, double? noiseFreedom)
    {
        var noise = Quantiles.StudentT(noiseFreedom ?? double.PositiveInfinity) * Math.Sqrt(variance);
        return Math.Sqrt((side * side) + (noise * noise));
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
