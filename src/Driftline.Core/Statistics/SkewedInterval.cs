namespace Driftline.Core.Statistics;

/// <summary>
/// The interval of the mean of something skewed, by Hall's transformation (Hall 1992; recommended by Zhou and Gao 2000 for positive
/// skewness): a cubic, always rising function of the t statistic whose distribution has no skewness up to terms of order 1/n. A
/// sample of few such values mostly lacks the large ones, so that its mean and its standard error are both too small; the interval
/// reaches further up than down for it. Skewness is known only roughly from few values, so that it widens the t interval and never
/// narrows it.
/// </summary>
internal static class SkewedInterval
{
    /// <summary>From fewer values than this nothing is learnt about skewness.</summary>
    private const int Fewest = 6;

    /// <summary>Of very few, very skewed values the cubic goes astray; no end reaches further than this many times the t interval's.</summary>
    private const double Furthest = 2;

    /// <summary>The 95 % interval.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="stdErr">Its standard error.</param>
    /// <param name="freedom">The degrees of freedom of the standard error.</param>
    /// <param name="skewness">Sample skewness of the values that were averaged (sums of clusters, pseudovalues of a jackknife).</param>
    /// <param name="count">How many these are.</param>
    public static Interval Of(double mean, double stdErr, double freedom, double skewness, int count)
    {
        var t = Quantiles.StudentT(freedom);
        var g = count < Fewest ? 0 : skewness / Math.Sqrt(count);
        return new Interval(mean - (stdErr * Reach(Inverse(t, g))), mean + (stdErr * Reach(-Inverse(-t, g))));

        double Reach(double reach) => Math.Clamp(reach, t, Furthest * t);
    }

    /// <summary>The t whose transform t + g·t²/3 + g²·t³/27 + g/6 is a given value, g = skewness/√n.</summary>
    private static double Inverse(double transformed, double g) =>
        Math.Abs(g) < 1e-9 ? transformed : 3 / g * (Math.Cbrt(1 + (g * (transformed - (g / 6)))) - 1);
}
