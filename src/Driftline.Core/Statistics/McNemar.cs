using MathNet.Numerics.Distributions;

namespace Driftline.Core.Statistics;

/// <summary>McNemar's test of paired yes/no answers, exact (binomial on the discordant pairs; Agresti 2013, section 11.1).</summary>
public static class McNemar
{
    /// <summary>Two-sided p-value: twice the smaller binomial tail, at most 1.</summary>
    /// <param name="gained">Pairs that went from no to yes.</param>
    /// <param name="lost">Pairs that went from yes to no.</param>
    public static double ExactP(int gained, int lost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        var discordant = gained + lost;
        return discordant == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, discordant, Math.Min(gained, lost)));
    }
}
