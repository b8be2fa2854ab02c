namespace Driftline.Core.Statistics;

/// <summary>Jensen–Shannon divergence and distance, base 2 (Lin 1991; the distance is its root, Endres and Schindelin 2003).</summary>
public static class JensenShannon
{
    /// <summary>√JSD in base 2, 0 (equal) to 1 (nothing in common), of two sets of weights that need not sum to 1.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or one side has no weight.</exception>
    public static double Distance(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
        {
            throw new ArgumentException("The two distributions must have the same categories.", nameof(q));
        }

        double totalP = 0;
        double totalQ = 0;
        for (var i = 0; i < p.Length; i++)
        {
            totalP += p[i];
            totalQ += q[i];
        }

        if (totalP <= 0 || totalQ <= 0)
        {
            throw new ArgumentException("A distribution without weight has no distance.", nameof(p));
        }

        double divergence = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var a = p[i] / totalP;
            var b = q[i] / totalQ;
            var middle = (a + b) / 2;
            divergence += Term(a, middle) + Term(b, middle);
        }

        // Rounding can leave a divergence of equal distributions a hair below 0.
        return Math.Sqrt(Math.Max(0, divergence / 2));
    }

    private static double Term(double value, double middle) => value > 0 ? value * Math.Log2(value / middle) : 0;
}
