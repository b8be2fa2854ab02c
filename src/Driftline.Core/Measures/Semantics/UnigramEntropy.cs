using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>unigram_entropy</c>: the entropy of the words of the outputs, corrected as by Miller and Madow, expected among m words drawn
/// without replacement; m fixed as 80 % of generation 0's words on the slice.
/// </summary>
/// <remarks>The correction alone does not take all of the sample's size out (words have many rare types), so the size is fixed too.</remarks>
public sealed class UnigramEntropy : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "unigram_entropy",
        Family = SuiteFamily.Semantic,
        Title = "Entropy of words",
        Meaning = "How evenly words are used, in as many words of the outputs as for every other generation; lower is more of the same.",
        Unit = "bits",
        Range = "[0, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[−Σ (k/m) log₂(k/m)] + (E[V_m] − 1)/(2m ln 2), k the occurrences of a type among m words, m = 80 % of generation 0's",
        Interval = LeftOutEstimates.Interval,
        Source = "Miller 1955; Hurlbert 1971",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        [new SlicedEstimate(input.Slice, BudgetedTypes.Level(input, words: 1, RarefiedEntropy.MillerMadow, new Interval(0, double.PositiveInfinity)))];
}
