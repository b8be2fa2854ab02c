namespace Driftline.Core.Statistics;

/// <summary>A mean with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StdErr">Its standard error.</param>
/// <param name="N">Values.</param>
/// <param name="Clusters">Clusters, if any.</param>
public readonly record struct MeanEstimate(double Mean, double StdErr, int N, int? Clusters)
{
    /// <summary>Degrees of freedom: clusters − 1, else values − 1.</summary>
    public int DegreesOfFreedom => (Clusters ?? N) - 1;

    /// <summary>The 95 % t interval.</summary>
    public Interval Interval
    {
        get
        {
            var half = Quantiles.StudentT(DegreesOfFreedom) * StdErr;
            return new Interval(Mean - half, Mean + half);
        }
    }

    /// <summary>Two-sided p-value against a mean of 0; null when nothing varies and the mean is not 0.</summary>
    public double? PValue => StdErr > 0 ? Quantiles.StudentP(Mean / StdErr, DegreesOfFreedom) : Mean == 0 ? 1 : null;
}

/// <summary>
/// The standard error of a mean: s/√n, or clustered (Liang and Zeger 1986; Miller 2024 for evaluations):
/// SE² = C/(C − 1) · Σ_c (Σ_{i∈c} (x_i − x̄))² / n². Intervals take Student's t with C − 1 (else n − 1) degrees of freedom.
/// </summary>
public static class ClusteredMean
{
    /// <summary>The mean of values and its standard error.</summary>
    /// <param name="values">One per prompt, or paired differences; none NaN.</param>
    /// <param name="clusters">The cluster of each value, 0 to C − 1; empty when there are none.</param>
    /// <returns>Too few for n &lt; 2 or C &lt; 2.</returns>
    public static Outcome<MeanEstimate> Of(ReadOnlySpan<double> values, ReadOnlySpan<int> clusters)
    {
        if (values.Length < 2)
        {
            return Outcome.TooFew<MeanEstimate>($"{values.Length} prompt{(values.Length == 1 ? "" : "s")} with a value: an interval needs at least 2.");
        }

        var mean = MeanOf(values);
        var sums = ClusterSums(values, mean, clusters, out var count);
        if (count < 2)
        {
            return Outcome.TooFew<MeanEstimate>($"All {values.Length} prompts are in one cluster: an interval needs at least 2 clusters.");
        }

        double squares = 0;
        foreach (var sum in sums)
        {
            squares += sum * sum;
        }

        var n = (double)values.Length;
        var variance = count / (count - 1.0) * squares / (n * n);
        return Outcome.Of(new MeanEstimate(mean, Math.Sqrt(variance), values.Length, clusters.IsEmpty ? null : count));
    }

    /// <summary>The plain mean; at least one value.</summary>
    public static double MeanOf(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Σ over each cluster of (value − centre); without clusters every value is its own.</summary>
    internal static double[] ClusterSums(ReadOnlySpan<double> values, double centre, ReadOnlySpan<int> clusters, out int count)
    {
        if (clusters.IsEmpty)
        {
            count = values.Length;
            var own = values.ToArray();
            for (var i = 0; i < own.Length; i++)
            {
                own[i] -= centre;
            }

            return own;
        }

        var highest = -1;
        foreach (var cluster in clusters)
        {
            highest = Math.Max(highest, cluster);
        }

        var sums = new double[highest + 1];
        var seen = new bool[highest + 1];
        for (var i = 0; i < values.Length; i++)
        {
            sums[clusters[i]] += values[i] - centre;
            seen[clusters[i]] = true;
        }

        count = seen.Count(used => used);
        return sums;
    }
}
