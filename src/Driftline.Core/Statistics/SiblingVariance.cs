namespace Driftline.Core.Statistics;

/// <summary>
/// The variance that retraining alone makes: of sibling models (same recipe, other seed) that answered the same prompts, without
/// what the sampling of their answers adds.
/// </summary>
/// <remarks>
/// A sibling's mean is μ + τ_i + e_i, where the errors e_i of siblings share their prompts. The sample variance of k such means has
/// expectation σ² + ½·mean over pairs of Var(e_i − e_j), and the second part is the squared standard error of the paired difference, so
/// σ̂² = Var(means) − ½ · mean over pairs of SE²(difference) is unbiased. It may be negative; truncate it only after pooling over
/// generations, else the pooled value is too large.
/// </remarks>
/// <param name="Variance">σ̂², in the square of the values' unit; may be below 0.</param>
/// <param name="Siblings">Siblings.</param>
/// <param name="Prompts">Common prompts.</param>
/// <param name="Clusters">Clusters of prompts, if any.</param>
public readonly record struct SiblingVariance(double Variance, int Siblings, int Prompts, int? Clusters)
{
    /// <summary>Estimates it at one generation.</summary>
    /// <param name="values">For each sibling one value a prompt, of the same prompts in the same order; none NaN.</param>
    /// <param name="clusters">The cluster of each prompt; empty when there are none.</param>
    /// <returns>Too few for fewer than 2 siblings, prompts or clusters.</returns>
    public static Outcome<SiblingVariance> Of(IReadOnlyList<double[]> values, ReadOnlySpan<int> clusters)
    {
        if (values.Count < 2)
        {
            return Outcome.TooFew<SiblingVariance>($"{values.Count} sibling{(values.Count == 1 ? "" : "s")}: training noise needs at least 2 seeds.");
        }

        double error = 0;
        MeanEstimate last = default;
        for (var i = 0; i < values.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var differences = values[i].Zip(values[j], (a, b) => a - b).ToArray();
                if (!ClusteredMean.Of(differences, clusters).TryGet(out last, out var reason))
                {
                    return Outcome.TooFew<SiblingVariance>(reason);
                }

                error += last.StdErr * last.StdErr;
            }
        }

        var pairs = values.Count * (values.Count - 1) / 2.0;
        var means = values.Select(sibling => ClusteredMean.MeanOf(sibling)).ToArray();
        return Outcome.Of(new SiblingVariance(Spread.Variance(means) - (error / pairs / 2), values.Count, last.N, last.Clusters));
    }
}
