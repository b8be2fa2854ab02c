using System.Numerics.Tensors;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>within_prompt_similarity</c>: mean over prompts of the mean cosine of pairs of different outputs to the prompt. It rises when the
/// model has fewer and fewer ways to answer (mode collapse). Needs two embeddings a prompt.
/// </summary>
public sealed class WithinPromptSimilarity : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "within_prompt_similarity",
        Family = SuiteFamily.Semantic,
        Title = "Likeness of repeated outputs",
        Meaning = "How alike the repeated outputs to one prompt are; a rise towards 1 is mode collapse.",
        Unit = "cosine",
        Range = "[−1, 1]",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Embedding | MeasureNeeds.RepeatedEmbedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "mean over prompts of the mean of cos(x, x′) over pairs of different outputs to the prompt",
        Interval = "t with prompts − 1 degrees of freedom; clustered SE with Satterthwaite's degrees of freedom (clusters − 1 where they are of one size) where the suite has a cluster key",
        Source = "Driftline",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        [new SlicedEstimate(input.Slice, LevelEstimates.Mean(input, ByPrompt(input.Current), $"No prompt of generation {input.Current.Node.Generation} has two embeddings here."))];

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) =>
        PromptValues.Of(input.Slice, ByPrompt(input.Current)) is { Values.Count: > 0 } values ? [values] : [];

    private static double[] ByPrompt(EvaluationTable table)
    {
        var sum = new double[table.EmbeddingDimension];
        var values = new double[table.Prompts.Count];
        for (var prompt = 0; prompt < values.Length; prompt++)
        {
            var vectors = UnitVectors.OfPrompt(table, prompt);
            Array.Clear(sum);
            foreach (var vector in vectors)
            {
                TensorPrimitives.Add(sum, vector, sum);
            }

            // |Σx|² = K + Σ over ordered pairs of x·x′.
            double repeats = vectors.Count;
            values[prompt] = repeats < 2 ? double.NaN : (TensorPrimitives.SumOfSquares<double>(sum) - repeats) / (repeats * (repeats - 1));
        }

        return values;
    }
}
