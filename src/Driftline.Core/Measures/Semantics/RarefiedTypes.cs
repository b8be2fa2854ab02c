using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>rarefied_types</c>: the expected number of different words among m words of the outputs drawn without replacement,
/// m fixed as 80 % of generation 0's words on the slice: E[V_m] = Σ(1 − C(N−c,m)/C(N,m)).
/// </summary>
/// <remarks>
/// The interval is that of <see cref="LeftOutPrompts"/>. The level is of the prompts that the generation has; <c>diversity_ratio</c>
/// compares on common ones.
/// </remarks>
public sealed class RarefiedTypes : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "rarefied_types",
        Family = SuiteFamily.Semantic,
        Title = "Different words",
        Meaning = "How many different words there are in as many words of the outputs as for every other generation.",
        Unit = "words",
        Range = "[1, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[V_m] = Σ(1 − C(N−c,m)/C(N,m)) over the types of the outputs, m = 80 % of generation 0's tokens",
        Interval = LeftOutEstimates.Interval,
        Source = "Hurlbert 1971; Heck et al. 1975; Shao and Wu 1989",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        [new SlicedEstimate(input.Slice, BudgetedTypes.Level(input, words: 1, Rarefaction.ExpectedTypes, new Interval(1, double.PositiveInfinity)))];
}
