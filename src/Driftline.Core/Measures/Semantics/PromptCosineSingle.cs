using System.Numerics.Tensors;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>prompt_cosine_single</c>: mean over prompts of the cosine distance of the output to the baseline's output to the same prompt, for
/// evaluations with one embedding a prompt. Sampled outputs to one prompt are apart even if nothing changed, and single ones cannot
/// tell how far: it has no noise floor.
/// </summary>
/// <remarks>Where one side has several embeddings of a prompt, all pairs are averaged, which has the same expectation.</remarks>
public sealed class PromptCosineSingle : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "prompt_cosine_single",
        Family = SuiteFamily.Semantic,
        Title = "Distance of single outputs by prompt",
        Meaning = "How far single outputs to the same prompt are apart; includes sampling noise where outputs are sampled.",
        Unit = "distance",
        Range = "[0, 2]",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding | MeasureNeeds.SingleEmbedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "mean over prompts of 1 − cos(output now, output at the baseline)",
        Interval = "t with prompts − 1 degrees of freedom; clustered SE with Satterthwaite's degrees of freedom (clusters − 1 where they are of one size) where the suite has a cluster key",
        Source = "Driftline",
        Version = 3,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (EmbeddedPrompts.Of(input, 1, out var refusal) is not { } common)
        {
            return refusal;
        }

        // Rounding can take the distance of equal vectors a hair below 0.
        double[] distances = [.. common.Prompts.Select(prompt => Math.Max(0, prompt.Current.Average(x => prompt.Baseline.Average(y => 1 - TensorPrimitives.Dot<double>(x, y)))))];
        var estimate = ContrastEstimates.Mean(input, [.. common.Prompts.Select(prompt => prompt.Index)], distances);
        return estimate with
        {
            Lo = estimate.Lo is { } lo ? Math.Max(0, lo) : null,
            Reason = Reasons.Join(common.Note, estimate.Reason, "Includes sampling noise: with one output a prompt there is no noise floor. At least two embedded repeats of each prompt would give one."),
        };
    }
}
