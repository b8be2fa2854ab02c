using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>across_prompt_similarity</c>: mean cosine of the outputs to different prompts. It rises when outputs become alike whatever is asked
/// (homogenisation).
/// </summary>
public sealed class AcrossPromptSimilarity : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "across_prompt_similarity",
        Family = SuiteFamily.Semantic,
        Title = "Likeness across prompts",
        Meaning = "How alike the outputs to different prompts are; a rise is homogenisation.",
        Unit = "cosine",
        Range = "[−1, 1]",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "Σ_{i≠j} m_i·m_j/(n(n−1)), m_i the mean unit vector of the outputs to prompt i",
        Interval = "delete-one jackknife over prompts (clusters where there are some), t widened for skewness",
        Source = "Driftline; jackknife of U-statistics: Arvesen 1969; skewness: Hall 1992",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        int[] all = [.. Enumerable.Range(0, input.Current.Prompts.Count)];
        var across = new AcrossPrompts(input.Current, all);
        int[] prompts = [.. all.Where(across.Has)];
        if (across.Similarity() is not { } value)
        {
            return Estimate.Without(MeasureStatus.TooFew, $"{prompts.Length} prompts have embeddings here: comparing outputs to different prompts needs at least 2.", prompts.Length);
        }

        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        var left = PromptClusters.Members(prompts.Length, clusters).Select(unit => across.SimilarityWithout(unit.Select(i => prompts[i]))).OfType<double>().ToArray();
        var jackknife = JackknifeEstimate.Of(left);
        return new Estimate
        {
            Value = value,
            Lo = jackknife?.IntervalOf(value).Lo,
            Hi = jackknife?.IntervalOf(value).Hi,
            StdErr = jackknife?.StdErr,
            N = prompts.Length,
            Clusters = PromptClusters.Count(clusters),
            Reason = jackknife is null ? "Fewer than 3 prompts or clusters: no interval." : null,
        };
    }
}
