using MathNet.Numerics.Distributions;

namespace Driftline.Core.Statistics;

/// <summary>A rank correlation.</summary>
/// <param name="Tau">τ-b, −1 to 1.</param>
/// <param name="PValue">Two-sided.</param>
public readonly record struct RankCorrelation(double Tau, double PValue);

/// <summary>
/// Kendall's τ-b; against time it is the Mann–Kendall test. The p-value is exact without ties up to 33 points (Kendall 1970: the
/// distribution of inversions), else normal with the variance corrected for ties (Kendall 1970, section 4.4), without a continuity
/// correction.
/// </summary>
public static class KendallTau
{
    private const int LargestExact = 33;

    /// <summary>The correlation of x and y.</summary>
    /// <returns>Too few below 3 points, or when one side does not vary.</returns>
    public static Outcome<RankCorrelation> Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var n = x.Length;
        if (n != y.Length)
        {
            throw new ArgumentException("x and y must have the same length.", nameof(y));
        }

        if (n < 3)
        {
            return Outcome.TooFew<RankCorrelation>($"{n} points: a rank correlation needs at least 3.");
        }

        long concordant = 0;
        long discordant = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                var sign = x[i].CompareTo(x[j]) * y[i].CompareTo(y[j]);
                concordant += sign > 0 ? 1 : 0;
                discordant += sign < 0 ? 1 : 0;
            }
        }

        var pairs = (long)n * (n - 1) / 2;
        var tiesX = Ties.Of(x);
        var tiesY = Ties.Of(y);
        var untiedX = pairs - Pairs(tiesX);
        var untiedY = pairs - Pairs(tiesY);
        if (untiedX == 0 || untiedY == 0)
        {
            return Outcome.TooFew<RankCorrelation>("All values are equal, so there is no order to correlate.");
        }

        var score = concordant - discordant;
        var tau = Math.Clamp(score / Math.Sqrt((double)untiedX) / Math.Sqrt(untiedY), -1, 1);
        var p = tiesX.Count == 0 && tiesY.Count == 0 && n <= LargestExact
            ? ExactP(n, Math.Min(concordant, discordant))
            : AsymptoticP(n, score, tiesX, tiesY);
        return Outcome.Of(new RankCorrelation(tau, p));
    }

    /// <summary>2·P(inversions ≤ fewer), from the number of permutations with each number of inversions.</summary>
    private static double ExactP(int n, long fewer)
    {
        var most = n * (n - 1) / 2;
        if (2 * fewer == most)
        {
            return 1;
        }

        // Mahonian numbers as shares: adding the m-th item creates 0 to m − 1 inversions with equal chance.
        var shares = new double[fewer + 1];
        shares[0] = 1;
        for (var m = 2; m <= n; m++)
        {
            var next = new double[fewer + 1];
            double window = 0;
            for (var k = 0; k <= fewer; k++)
            {
                window += shares[k];
                if (k >= m)
                {
                    window -= shares[k - m];
                }

                next[k] = window / m;
            }

            shares = next;
        }

        return Math.Min(1, 2 * shares.Sum());
    }

    private static double AsymptoticP(int n, long score, IReadOnlyList<int> tiesX, IReadOnlyList<int> tiesY)
    {
        var m = (double)n * (n - 1);
        var variance = (((m * ((2 * n) + 5)) - Linear(tiesX) - Linear(tiesY)) / 18)
            + (2.0 * Pairs(tiesX) * Pairs(tiesY) / m)
            + (Cubic(tiesX) * Cubic(tiesY) / (9 * m * (n - 2)));
        return 2 * Normal.CDF(0, 1, -Math.Abs(score) / Math.Sqrt(variance));
    }

    private static long Pairs(IReadOnlyList<int> ties) => ties.Sum(t => (long)t * (t - 1) / 2);

    private static double Linear(IReadOnlyList<int> ties) => ties.Sum(t => (double)t * (t - 1) * ((2 * t) + 5));

    private static double Cubic(IReadOnlyList<int> ties) => ties.Sum(t => (double)t * (t - 1) * (t - 2));
}
