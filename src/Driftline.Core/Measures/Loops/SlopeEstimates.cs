using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Loops;

/// <summary>Slopes over generations, as trend measures report them.</summary>
internal static class SlopeEstimates
{
    /// <summary>Fewer generations than this make no trend.</summary>
    public const int MinGenerations = 5;

    /// <summary>Theil–Sen slope per generation with Sen's interval; Kendall's τ and p.</summary>
    public static Estimate Of(IReadOnlyList<SeriesValue> points)
    {
        if (points.Count < MinGenerations)
        {
            return Estimate.Without(MeasureStatus.TooFew, $"{points.Count} generation{(points.Count == 1 ? "" : "s")} with a value; a trend needs at least {MinGenerations}.", points.Count);
        }

        var x = points.Select(point => (double)point.Generation).ToArray();
        var y = points.Select(point => point.Value).ToArray();
        if (!TheilSen.Of(x, y).TryGet(out var slope, out var reason))
        {
            return Estimate.Without(MeasureStatus.Undefined, reason, points.Count);
        }

        var estimate = new Estimate { Value = slope.Slope, Lo = slope.Interval.Lo, Hi = slope.Interval.Hi, N = points.Count };
        return KendallTau.Of(x, y).TryGet(out var tau, out var none)
            ? estimate with { Tau = tau.Tau, PValue = tau.PValue }
            : estimate with { Reason = none };
    }
}
