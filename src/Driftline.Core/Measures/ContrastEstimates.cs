using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures;

/// <summary>Means over prompts of what was found at each common prompt, as measures of changed answers report them.</summary>
internal static class ContrastEstimates
{
    /// <summary>
    /// The mean with its interval (the delete-one jackknife of a mean is its standard error), clustered where the suite has a cluster
    /// key, and its null under permutation within prompt.
    /// </summary>
    /// <remarks>
    /// Contrasts are skewed: a sample that happens to lack its few large values has a low mean and too small a standard error. So the t
    /// interval is widened for skewness (<see cref="SkewedInterval"/>), and never narrower than that of the permutation null.
    /// </remarks>
    /// <param name="input">What is measured.</param>
    /// <param name="prompts">Indices of the prompts in the current evaluation.</param>
    /// <param name="contrasts">One a prompt.</param>
    public static Estimate Mean(MeasureInput input, int[] prompts, IReadOnlyList<PromptContrast> contrasts)
    {
        var (floor, deviation) = PromptContrast.NullOfMean(contrasts, new SeededRandom(input.Seed));
        var estimate = Mean(input, prompts, [.. contrasts.Select(contrast => contrast.Value)]);
        var half = Quantiles.Z * deviation;
        if (estimate is { Value: { } value, Lo: { } lo, Hi: { } hi })
        {
            estimate = estimate with { Lo = Math.Min(lo, value - half), Hi = Math.Max(hi, value + half) };
        }

        return estimate with { PValue = floor.PValue, FloorMean = floor.Mean, FloorP95 = floor.P95 };
    }

    /// <summary>The mean with its t interval, widened for skewness, clustered where the suite has a cluster key.</summary>
    /// <param name="input">What is measured.</param>
    /// <param name="prompts">Indices of the prompts in the current evaluation.</param>
    /// <param name="values">One a prompt.</param>
    public static Estimate Mean(MeasureInput input, int[] prompts, double[] values)
    {
        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        return ClusteredMean.Of(values, clusters).TryGet(out var mean, out var reason)
            ? new Estimate { Value = mean.Mean, Lo = mean.Skewed.Lo, Hi = mean.Skewed.Hi, StdErr = mean.StdErr, N = mean.N, Clusters = mean.Clusters }
            : new Estimate { Value = ClusteredMean.MeanOf(values), N = values.Length, Clusters = PromptClusters.Count(clusters), Reason = reason };
    }
}
