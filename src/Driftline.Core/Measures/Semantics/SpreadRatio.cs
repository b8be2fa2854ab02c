using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>spread_ratio</c>: the trace of the covariance of the outputs' unit vectors over that of the baseline's, on common prompts. Below 1
/// the outputs lie closer together than the baseline's.
/// </summary>
/// <remarks>
/// The trace is 1 − A, A the mean cosine over pairs of different prompts: free of the bias that few repeats of few prompts have. With one
/// output a prompt it is the trace of the sample covariance with n − 1.
/// </remarks>
public sealed class SpreadRatio : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "spread_ratio",
        Family = SuiteFamily.Semantic,
        Title = "Spread of meaning",
        Meaning = "How widely the outputs are spread in embedding space, relative to the baseline; below 1 is narrower.",
        Unit = "ratio",
        Range = "(0, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "tr Σ now / tr Σ at the baseline, tr Σ = 1 − Σ_{i≠j} m_i·m_j/(n(n−1)), m_i the mean unit vector of the outputs to prompt i",
        Interval = "delete-one jackknife of the log ratio over prompts (clusters where there are some), t",
        Source = "Driftline; jackknife: Arvesen 1969",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (EmbeddedPrompts.Of(input, 1, out var refusal) is not { } common)
        {
            return refusal;
        }

        int[] prompts = [.. common.Prompts.Select(prompt => prompt.Index)];
        var baseline = input.Baseline!;
        var pairs = PromptPairs.Of(input.Current, baseline);
        var now = new AcrossPrompts(input.Current, prompts);
        var then = new AcrossPrompts(baseline, [.. common.Prompts.Select(prompt => pairs.Baseline[prompt.Pair])]);
        if (now.Similarity() is not { } likenessNow || then.Similarity() is not { } likenessThen)
        {
            return Estimate.Without(MeasureStatus.TooFew, $"{prompts.Length} common prompts have embeddings: their spread needs at least 2.", prompts.Length);
        }

        if (likenessThen >= 1 || likenessNow >= 1)
        {
            return Estimate.Without(
                MeasureStatus.Undefined, $"The outputs of generation {(likenessThen >= 1 ? baseline : input.Current).Node.Generation} to different prompts are all the same: they have no spread.", prompts.Length);
        }

        var value = (1 - likenessNow) / (1 - likenessThen);
        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        var left = PromptClusters.Members(prompts.Length, clusters)
            .Select(unit => now.SimilarityWithout(unit) is < 1 and var a && then.SimilarityWithout(unit) is < 1 and var b ? Math.Log((1 - a) / (1 - b)) : (double?)null)
            .ToList();
        var jackknife = left.TrueForAll(each => each is not null) ? JackknifeEstimate.Of([.. left.OfType<double>()]) : null;
        var half = jackknife is { } known ? Quantiles.StudentT(known.Units - 1) * known.StdErr : (double?)null;
        return new Estimate
        {
            Value = value,
            Lo = half is { } down ? value * Math.Exp(-down) : null,
            Hi = half is { } up ? value * Math.Exp(up) : null,
            StdErr = value * jackknife?.StdErr,
            N = prompts.Length,
            Clusters = PromptClusters.Count(clusters),
            Reason = Reasons.Join(common.Note, jackknife is null ? "Fewer than 3 prompts or clusters: no interval." : null),
        };
    }
}
