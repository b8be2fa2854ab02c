using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>mmd2</c>: the squared maximum mean discrepancy with a Gaussian kernel, over pairs of different prompts only, as
/// <c>energy_distance</c> is. Around 0 (also below it) when nothing changed. The bandwidth is the median distance of generation 0's
/// outputs to different prompts, so it is the same for every generation.
/// </summary>
/// <remarks>Interval and null are those of <see cref="EnergyDistance"/>.</remarks>
public sealed class Mmd2 : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "mmd2",
        Family = SuiteFamily.Semantic,
        Title = "Maximum mean discrepancy",
        Meaning = "How far the distribution of outputs moved from the baseline at the scale of generation 0's own spread.",
        Unit = "squared distance",
        Range = "[−2, 2]; about 0 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "Σ_{i≠j} H_ij/(n(n−1)), H_ij = mean over repeats of k(X_i,X_j) + k(Y_i,Y_j) − k(X_i,Y_j) − k(Y_i,X_j); k = exp(−d²/(2σ²)), d Euclidean between L2-normalised embeddings, σ the median d of generation 0",
        Interval = "delete-one jackknife over prompts (clusters where there are some), t widened for skewness; noise floor and p from 999 swaps of the generations within prompt",
        Source = "Gretton et al. 2012; jackknife of U-statistics: Arvesen 1969; skewness: Hall 1992",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input) => input.Origin is not { EmbeddingDimension: > 0 } origin
        ? Estimate.Without(MeasureStatus.NoData, "The bandwidth is fixed from generation 0, which has no embeddings here.")
        : MedianDistance.Of(origin) is { } bandwidth ? EnergyDistance.Estimate(input, bandwidth)
        : Estimate.Without(MeasureStatus.Undefined, $"The outputs of generation {origin.Node.Generation} to different prompts are mostly the same: their median distance is 0 and gives no bandwidth.");
}
