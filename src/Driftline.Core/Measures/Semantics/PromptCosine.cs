using System.Numerics.Tensors;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>prompt_cosine</c>: how far the meaning of the outputs to each prompt moved: per prompt 2·cross − within_g − within_b, the means of
/// the cosine distance 1 − cos over pairs of different outputs; the squared distance of the mean unit vectors without the noise of
/// sampling. Around 0 (also below it) when nothing changed. Needs two embeddings a side and prompt.
/// </summary>
public sealed class PromptCosine : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "prompt_cosine",
        Family = SuiteFamily.Semantic,
        Title = "Change of meaning by prompt",
        Meaning = "How far the outputs to the same prompt moved, beyond how far repeated outputs of one generation are apart.",
        Unit = "distance",
        Range = "[−4, 4]; about 0 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding | MeasureNeeds.RepeatedEmbedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "mean over prompts of 2·d(g,b) − d(g,g′) − d(b,b′), d the mean of 1 − cos over pairs of different outputs",
        Interval = "jackknife over prompts (clusters where there are some), t widened for skewness, not narrower than the null; noise floor and p from 999 permutations within prompt",
        Source = "Driftline; energy distance: Székely and Rizzo 2013; skewness: Hall 1992",
        Version = 3,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (EmbeddedPrompts.Of(input, 2, out var refusal) is not { } common)
        {
            return refusal;
        }

        var contrasts = common.Prompts.ConvertAll(prompt =>
        {
            double[][] pooled = [.. prompt.Current, .. prompt.Baseline];
            return new PromptContrast(pooled.Length, prompt.Current.Count, (i, j) => 1 - TensorPrimitives.Dot<double>(pooled[i], pooled[j]));
        });
        var estimate = ContrastEstimates.Mean(input, [.. common.Prompts.Select(prompt => prompt.Index)], contrasts);
        return estimate with { Reason = Reasons.Join(common.Note, estimate.Reason) };
    }
}
