using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>energy_distance</c>: how far the distribution of outputs moved in embedding space, over pairs of different prompts only. Around
/// 0 (also below it) when nothing changed.
/// </summary>
/// <remarks>
/// Interval: the statistic is a U-statistic of degree 2, for which a bootstrap over prompts would pair prompts with themselves;
/// the delete-one jackknife over prompts (clusters) is valid for it away from the null (Arvesen 1969). At the null the kernel is
/// degenerate and the interval only indicative: there the permutation floor and p speak.
/// </remarks>
public sealed class EnergyDistance : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "energy_distance",
        Family = SuiteFamily.Semantic,
        Title = "Energy distance",
        Meaning = "How far the meaning of the outputs moved from the baseline.",
        Unit = "distance",
        Range = "[−2, 4]; about 0 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "Σ_{i≠j} H_ij/(n(n−1)), H_ij = mean over repeats of d(X_i,Y_j) + d(Y_i,X_j) − d(X_i,X_j) − d(Y_i,Y_j); d Euclidean between L2-normalised embeddings",
        Interval = "delete-one jackknife over prompts (clusters where there are some), t widened for skewness; noise floor and p from 999 swaps of the generations within prompt",
        Source = "Székely and Rizzo 2013; jackknife of U-statistics: Arvesen 1969; skewness: Hall 1992",
        Version = 3,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input) => Estimate(input, bandwidth: null);

    /// <summary>The energy distance, or with a bandwidth the squared maximum mean discrepancy.</summary>
    /// <param name="input">What is measured.</param>
    /// <param name="bandwidth">The bandwidth; null for the Euclidean distance.</param>
    internal static Estimate Estimate(MeasureInput input, double? bandwidth)
    {
        if (PairedOutputs.Of(input, out var refusal) is not { } outputs)
        {
            return refusal;
        }

        var energy = new PairedEnergy(outputs.Vectors, outputs.Dimension, outputs.Clusters, outputs.Spaces, bandwidth);
        if (!energy.Compute(new SeededRandom(input.Seed).Split(0)).TryGet(out var estimate, out var reason))
        {
            return Measures.Estimate.Without(MeasureStatus.TooFew, reason, outputs.Prompts.Length);
        }

        return new Estimate
        {
            Value = estimate.Value,
            Lo = estimate.Interval?.Lo,
            Hi = estimate.Interval?.Hi,
            StdErr = estimate.StdErr,
            N = outputs.Prompts.Length,
            Clusters = outputs.Clusters.Length == 0 ? null : estimate.Units,
            PValue = estimate.Null.PValue,
            FloorMean = estimate.Null.Mean,
            FloorP95 = estimate.Null.P95,
            Reason = Reasons.Join(outputs.Note, estimate.StdErr is null ? "Fewer than 3 prompts or clusters: no interval." : null),
        };
    }
}
