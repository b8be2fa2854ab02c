namespace Driftline.Core.Statistics;

/// <summary>
/// A share of pooled answers, Σk/Σn over prompts with unequal numbers of answers, as the ratio estimator that it is (Cochran 1977,
/// section 6.3): its variance comes from the residuals k_i − R·n_i of prompts, summed over clusters where there are some.
/// </summary>
public readonly record struct PooledShare
{
    /// <summary>Σk/Σn, 0 to 1.</summary>
    public double Share { get; private init; }

    /// <summary>Its variance; without clusters not corrected for small samples, so that single answers give exactly the binomial one.</summary>
    public double Variance { get; private init; }

    /// <summary>Prompts with an answer.</summary>
    public int Prompts { get; private init; }

    /// <summary>Answers.</summary>
    public int Answers { get; private init; }

    /// <summary>Clusters, if any.</summary>
    public int? Clusters { get; private init; }

    /// <summary>Wilson's 95 % interval on the effective number of answers; null with a single cluster.</summary>
    public Interval? Interval
    {
        get
        {
            if (Clusters < 2)
            {
                return null;
            }

            var trials = Wilson.EffectiveTrials(Share, Variance, Prompts, Answers, Clusters - 1);
            return Wilson.Interval(Share * trials, trials);
        }
    }

    /// <summary>Computes it.</summary>
    /// <param name="hits">k: hits of each prompt.</param>
    /// <param name="answers">n: answers of each prompt; prompts with 0 are left out.</param>
    /// <param name="clusters">The cluster of each prompt; empty when there are none.</param>
    /// <returns>Too few without any answer.</returns>
    public static Outcome<PooledShare> Of(ReadOnlySpan<double> hits, ReadOnlySpan<double> answers, ReadOnlySpan<int> clusters)
    {
        double k = 0;
        double n = 0;
        var prompts = 0;
        for (var i = 0; i < hits.Length; i++)
        {
            k += hits[i];
            n += answers[i];
            prompts += answers[i] > 0 ? 1 : 0;
        }

        if (n == 0)
        {
            return Outcome.TooFew<PooledShare>("No prompt has an answer.");
        }

        var share = k / n;
        var residuals = new double[prompts];
        var kept = clusters.IsEmpty ? [] : new int[prompts];
        for (int i = 0, row = 0; i < hits.Length; i++)
        {
            if (answers[i] > 0)
            {
                if (!clusters.IsEmpty)
                {
                    kept[row] = clusters[i];
                }

                residuals[row++] = hits[i] - (share * answers[i]);
            }
        }

        var sums = ClusteredMean.ClusterSums(residuals, 0, kept, out var count);
        double squares = 0;
        foreach (var sum in sums)
        {
            squares += sum * sum;
        }

        var correction = clusters.IsEmpty || count < 2 ? 1 : count / (count - 1.0);
        return Outcome.Of(new PooledShare
        {
            Share = share,
            Variance = correction * squares / (n * n),
            Prompts = prompts,
            Answers = (int)n,
            Clusters = clusters.IsEmpty ? null : count,
        });
    }
}
