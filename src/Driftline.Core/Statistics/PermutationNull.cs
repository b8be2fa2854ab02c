namespace Driftline.Core.Statistics;

/// <summary>What a distance would be if nothing had changed: its values under permutation of the labels within prompts.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="P95">Their 95th percentile.</param>
/// <param name="PValue">(b + 1)/(m + 1), b of m permutations at least as large as observed (Phipson and Smyth 2010).</param>
public readonly record struct PermutationNull(double Mean, double P95, double PValue)
{
    /// <summary>Permutations of every null here.</summary>
    public const int Permutations = 999;

    /// <summary>Summarises the null.</summary>
    /// <param name="values">The statistic of each permutation; sorted in place.</param>
    /// <param name="observed">The statistic itself.</param>
    /// <remarks>Values within rounding of the observed one count as at least as large: a permutation that changes nothing must.</remarks>
    public static PermutationNull Of(double[] values, double observed)
    {
        Array.Sort(values);
        var tolerance = 1e-12 * Math.Max(1e-3, Math.Abs(observed));
        var atLeast = 0;
        for (var i = values.Length - 1; i >= 0 && values[i] >= observed - tolerance; i--)
        {
            atLeast++;
        }

        return new PermutationNull(ClusteredMean.MeanOf(values), Quantiles.OfSorted(values, 0.95), (atLeast + 1.0) / (values.Length + 1.0));
    }
}
