namespace Driftline.Core.Statistics;

/// <summary>
/// Wilson's score interval of a proportion (Wilson 1927; the method 3 of Newcombe 1998), also on an effective number of answers
/// (Korn and Graubard 1998) where repeats are averaged or prompts come in clusters.
/// </summary>
public static class Wilson
{
    /// <summary>The 95 % interval of a proportion.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>; need not be whole.</param>
    /// <param name="trials">More than 0; need not be whole.</param>
    public static Interval Interval(double successes, double trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var z2 = Quantiles.Z * Quantiles.Z;
        var p = successes / trials;
        var centre = p + (z2 / (2 * trials));
        var half = Quantiles.Z * Math.Sqrt(((p * (1 - p)) + (z2 / (4 * trials))) / trials);
        var denominator = 1 + (z2 / trials);

        // The bounds reach 0 and 1 exactly in theory; rounding must not move them.
        return new Interval(
            successes <= 0 ? 0 : Math.Max(0, (centre - half) / denominator),
            successes >= trials ? 1 : Math.Min(1, (centre + half) / denominator));
    }

    /// <summary>
    /// The number of independent answers that would give the same variance: p(1 − p)/variance, at most the answers there are. It
    /// shrinks by (z/t)² where the variance itself is estimated with few degrees of freedom.
    /// </summary>
    /// <param name="share">The proportion, 0 to 1.</param>
    /// <param name="variance">Its variance, without a small-sample correction when there are no clusters: single answers then give exactly their number.</param>
    /// <param name="prompts">Prompts: the number used where the sample shows no variance at all.</param>
    /// <param name="answers">Answers there are.</param>
    /// <param name="freedom">Degrees of freedom of the variance (with clusters, about clusters − 1); null for that of single answers, which the share itself says.</param>
    public static double EffectiveTrials(double share, double variance, int prompts, int answers, double? freedom)
    {
        var binomial = share * (1 - share);
        var trials = variance > 0 && binomial > 0 ? Math.Min(answers, binomial / variance) : prompts;
        if (freedom is { } degrees)
        {
            var ratio = Quantiles.Z / Quantiles.StudentT(degrees);
            trials *= ratio * ratio;
        }

        return trials;
    }
}
