namespace Driftline.Core.Statistics;

/// <summary>
/// The 95 % interval of the difference of two rates over the same prompts: the distances of each rate to the ends of its Wilson
/// interval, put together as the variances of correlated numbers are (Newcombe 1998 for pairs of single answers, there without continuity
/// correction; for any two intervals: Zou and Donner 2008). Unlike the paired t interval it does not shrink to nothing where rates are near 0 or 1 and hardly any
/// prompt changed.
/// </summary>
/// <remarks>
/// Where prompts have one answer each and are independent, Wilson's intervals are those of their number; else of the effective number of
/// answers (Korn and Graubard 1998), with the degrees of freedom of <see cref="ClusteredMean"/>.
/// </remarks>
public static class PairedRates
{
    /// <summary>The interval of the mean of first − second.</summary>
    /// <param name="first">The share of yes of each prompt, 0 to 1.</param>
    /// <param name="second">The same of the other side.</param>
    /// <param name="answers">How many answers there are on either side.</param>
    /// <param name="clusters">The cluster of each prompt; empty when there are none.</param>
    /// <returns>Too few below 2 prompts or clusters.</returns>
    public static Outcome<Interval> Difference(ReadOnlySpan<double> first, ReadOnlySpan<double> second, (int First, int Second) answers, ReadOnlySpan<int> clusters)
    {
        var mean = ClusteredMean.Of(first, clusters);
        if (!mean.TryGet(out var now, out var reason))
        {
            return Outcome.TooFew<Interval>(reason);
        }

        var then = ClusteredMean.Of(second, clusters).Value;
        var sums = new double[first.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = first[i] + second[i];
        }

        // Var(x + y) = Var x + Var y + 2·Cov(x, y), all over clusters alike.
        var both = ClusteredMean.Of(sums, clusters).Value;
        var scale = 2 * now.StdErr * then.StdErr;
        var correlation = scale > 0 ? Math.Clamp((Square(both.StdErr) - Square(now.StdErr) - Square(then.StdErr)) / scale, -1, 1) : 0;
        var one = Wilson(now, answers.First);
        var other = Wilson(then, answers.Second);
        var difference = now.Mean - then.Mean;
        return Outcome.Of(new Interval(
            Math.Max(-1, difference - Joined(now.Mean - one.Lo, other.Hi - then.Mean, correlation)),
            Math.Min(1, difference + Joined(one.Hi - now.Mean, then.Mean - other.Lo, correlation))));
    }

    private static Interval Wilson(MeanEstimate mean, int answers)
    {
        var single = mean.Clusters is null && answers == mean.N;
        var share = Math.Clamp(mean.Mean, 0, 1);
        var variance = single ? share * (1 - share) / mean.N : Square(mean.StdErr);
        var trials = Statistics.Wilson.EffectiveTrials(share, variance, mean.N, answers, single ? null : mean.DegreesOfFreedom);
        return Statistics.Wilson.Interval(Math.Min(share * trials, trials), trials);
    }

    private static double Joined(double left, double right, double correlation) =>
        Math.Sqrt(Math.Max(0, (left * left) + (right * right) - (2 * correlation * left * right)));

    private static double Square(double x) => x * x;
}
