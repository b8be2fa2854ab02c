using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Behaviours;

/// <summary>
/// <c>novelty_share</c>: the share of outputs that are farther from every cluster than 99 % of generation 0's outputs are from theirs.
/// About .01 for generation 0 itself, by construction.
/// </summary>
public sealed class NoveltyShare : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "novelty_share",
        Family = SuiteFamily.Semantic,
        Title = "Outputs of no known kind",
        Meaning = "How many outputs are unlike all kinds found in the first generations; about 1 % where nothing changed.",
        Unit = "share",
        Range = "[0, 1]",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Embedding | MeasureNeeds.Behaviours,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "outputs whose distance to the nearest centre is above the 99th percentile of generation 0's / all outputs, prompt-centred embeddings",
        Interval = "Wilson on the effective number of outputs (ratio estimator over prompts or clusters of prompts)",
        Source = "Driftline; Wilson 1927",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        [new SlicedEstimate(null, AssignedOutputs.Of(input.Current, input.Behaviours, out var refusal) is { } outputs ? BehaviourShare.Of(input, outputs, outputs.Novel) : refusal)];
}
