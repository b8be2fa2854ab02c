namespace Driftline.Core.Statistics;

/// <summary>How far values lie apart.</summary>
public static class Spread
{
    // E|X − Y| of two independent normal values in units of their standard deviation: 2/√π.
    private const double ExpectedRange = 1.1283791670955126;

    /// <summary>The sample variance, Σ(x − x̄)²/(n − 1).</summary>
    /// <param name="values">At least two.</param>
    public static double Variance(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, 2, nameof(values));
        var mean = ClusteredMean.MeanOf(values);
        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return squares / (values.Length - 1);
    }

    /// <summary>
    /// Standard deviation from moving ranges: mean |x_i − x_{i−1}| / 1.128. A constant drift does not count, and a lasting jump
    /// counts once only (Wheeler 1995; Montgomery 2013, section 6.4).
    /// </summary>
    /// <param name="ranges">The absolute differences of neighbours; at least one.</param>
    public static double OfMovingRanges(ReadOnlySpan<double> ranges) => ClusteredMean.MeanOf(ranges) / ExpectedRange;
}
