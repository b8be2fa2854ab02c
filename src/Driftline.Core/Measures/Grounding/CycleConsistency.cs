using System.Numerics.Tensors;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Grounding;

/// <summary>
/// <c>cycle_consistency</c>: how near a description of what the model made is to what it was asked for: the cosine of the embedding of the
/// prompt and that of the caption of its output, averaged over repeats. The log embeds the prompt under the name <c>prompt</c> (or
/// <c>image</c>, <c>input</c>) beside the output's embedding; where it states a score <c>cycle_consistency</c>, that is taken instead.
/// </summary>
public sealed class CycleConsistency : IMeasure
{
    private const string Id = "cycle_consistency";

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = Id,
        Family = SuiteFamily.Grounding,
        Suites = [SuiteFamily.Grounding],
        Title = "Consistency of the cycle",
        Meaning = "How much of a prompt is left after the model has made something of it and that was described again: 1 all, 0 nothing in common.",
        Unit = "similarity",
        Range = "[−1, 1]",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.PromptEmbedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "mean over prompts of cos(prompt, caption of the output), repeats averaged first",
        Interval = "t over prompts; clustered SE with Satterthwaite's degrees of freedom where the suite has a cluster key",
        Source = "Zhu et al. 2017 (cycle consistency); Miller 2024",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        [new SlicedEstimate(input.Slice, LevelEstimates.Mean(input, input.Current.PromptMeans(Id) ?? Similarities(input.Current), "No prompt here has an embedding of itself beside one of its output."))];

    private static double[] Similarities(EvaluationTable table)
    {
        var embedded = new PromptVectors(table);
        var values = new double[table.Prompts.Count];
        for (var prompt = 0; prompt < values.Length; prompt++)
        {
            var outputs = embedded.Outputs(prompt);
            values[prompt] = embedded.Prompt(prompt) is { } own && outputs.Count > 0 ? outputs.Average(output => TensorPrimitives.Dot<double>(own, output)) : double.NaN;
        }

        return values;
    }
}
