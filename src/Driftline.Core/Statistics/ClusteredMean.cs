namespace Driftline.Core.Statistics;

/// <summary>A mean with its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StdErr">Its standard error.</param>
/// <param name="DegreesOfFreedom">Those of the standard error: values − 1; with clusters of one size clusters − 1, fewer when sizes differ.</param>
/// <param name="Skewness">Sample skewness of the values, or of the sums of clusters; 0 when nothing varies.</param>
/// <param name="N">Values.</param>
/// <param name="Clusters">Clusters, if any.</param>
public readonly record struct MeanEstimate(double Mean, double StdErr, double DegreesOfFreedom, double Skewness, int N, int? Clusters)
{
    /// <summary>The 95 % t interval.</summary>
    public Interval Interval
    {
        get
        {
            var half = Quantiles.StudentT(DegreesOfFreedom) * StdErr;
            return new Interval(Mean - half, Mean + half);
        }
    }

    /// <summary>The 95 % interval for the mean of something skewed: see <see cref="SkewedInterval"/>.</summary>
    public Interval Skewed => SkewedInterval.Of(Mean, StdErr, DegreesOfFreedom, Skewness, Clusters ?? N);

    /// <summary>Two-sided p-value against a mean of 0; null when nothing varies and the mean is not 0.</summary>
    public double? PValue => StdErr > 0 ? Quantiles.StudentP(Mean / StdErr, DegreesOfFreedom) : Mean == 0 ? 1 : null;
}

/// <summary>
/// The standard error of a mean: s/√n, or clustered with each cluster's part corrected for its size (Bell and McCaffrey 2002):
/// SE² = Σ_c (Σ_{i∈c} (x_i − x̄))² / (1 − n_c/n) / n². With clusters of one size that is C/(C − 1) · Σ_c (…)² / n² (Liang and Zeger
/// 1986; Miller 2024 for evaluations).
/// </summary>
/// <remarks>
/// Intervals take Student's t. Its degrees of freedom are n − 1, with clusters of one size C − 1; with unequal ones a few large
/// clusters carry most of the variance, and the degrees of freedom are those of Satterthwaite for values that are correlated within
/// clusters as much as these are (Imbens and Kolesár 2016, section III.C).
/// </remarks>
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

        double n = values.Length;
        var sizes = Sizes(clusters, sums.Length);
        double variance = 0;
        for (var c = 0; c < sums.Length; c++)
        {
            // A number of a cluster that no value is in has the sum 0 and adds nothing.
            variance += sums[c] * sums[c] / (1 - (sizes[c] / n)) / (n * n);
        }

        var freedom = clusters.IsEmpty ? n - 1 : Satterthwaite(sizes, Correlation(values, mean, sums, sizes));
        return Outcome.Of(new MeanEstimate(mean, Math.Sqrt(variance), freedom, Skewness(sums, count), values.Length, clusters.IsEmpty ? null : count));
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

    private static double[] Sizes(ReadOnlySpan<int> clusters, int count)
    {
        var sizes = new double[count];
        if (clusters.IsEmpty)
        {
            Array.Fill(sizes, 1);
        }

        foreach (var cluster in clusters)
        {
            sizes[cluster]++;
        }

        return sizes;
    }

    /// <summary>Mean product of two deviations of one cluster over the mean square, 0 to 1.</summary>
    private static double Correlation(ReadOnlySpan<double> values, double mean, double[] sums, double[] sizes)
    {
        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        var products = sums.Sum(sum => sum * sum) - squares;
        var pairs = sizes.Sum(size => size * (size - 1));
        return pairs > 0 && squares > 0 ? Math.Clamp(products / pairs / (squares / values.Length), 0, 1) : 0;
    }

    /// <summary>
    /// (tr K)²/tr(K²), K the covariance matrix of the corrected sums of deviations of clusters when values of one cluster correlate:
    /// K = diag(a_c²v_c) − αβ′ − βα′ + Tββ′ with a_c² = 1/(1 − w_c), w_c = n_c/n, α = a·v, β = a·w, T = Σv.
    /// </summary>
    private static double Satterthwaite(double[] sizes, double correlation)
    {
        var n = sizes.Sum();
        var largest = sizes.Max();
        if (Array.TrueForAll(sizes, size => size == 0 || size == largest))
        {
            return Math.Round(n / largest) - 1;
        }

        var total = sizes.Sum(Variance);
        double trace = 0;
        double diagonal = 0;
        double mixed = 0;
        double aa = 0;
        double ab = 0;
        double bb = 0;
        foreach (var size in sizes)
        {
            var weight = size / n;
            var factor = 1 / (1 - weight);
            var variance = Variance(size);
            var rest = factor * ((total * weight * weight) - (2 * weight * variance));
            trace += (factor * variance) + rest;
            diagonal += factor * variance * factor * variance;
            mixed += factor * variance * rest;
            aa += factor * variance * variance;
            ab += factor * variance * weight;
            bb += factor * weight * weight;
        }

        var square = diagonal + (2 * mixed) + (2 * aa * bb) + (2 * ab * ab) - (4 * total * ab * bb) + (total * total * bb * bb);
        return trace * trace / square;

        double Variance(double size) => size * (1 + (correlation * (size - 1)));
    }

    /// <summary>G₁ of Joanes and Gill 1998, the usual one of statistics programs, of numbers that sum to 0.</summary>
    internal static double Skewness(double[] deviations, int count)
    {
        double n = count;
        double squares = 0;
        double cubes = 0;
        foreach (var deviation in deviations)
        {
            squares += deviation * deviation;
            cubes += deviation * deviation * deviation;
        }

        return count > 2 && squares > 0 ? Math.Sqrt(n * (n - 1)) / (n - 2) * Math.Sqrt(n) * cubes / Math.Pow(squares, 1.5) : 0;
    }
}
