using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>distinct_n</c>: the expected share of different runs of n words among m runs of the outputs drawn without replacement; m fixed as
/// 80 % of generation 0's runs on the slice, so that the length of texts has no say. The whole slice shows n = 2; the slices <c>n=1</c>
/// and <c>n=3</c> hold single words and runs of three.
/// </summary>
public sealed class DistinctN : IMeasure
{
    private const int Usual = 2;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "distinct_n",
        Family = SuiteFamily.Semantic,
        Title = "Distinct word pairs",
        Meaning = "How many of the runs of two words (slices: of one, of three) are different ones, in as many runs as for every other generation.",
        Unit = "share",
        Range = "(0, 1]",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[V_m]/m, V_m the different runs of n words among m, m = 80 % of generation 0's; n = 2, slices n=1 and n=3",
        Interval = LeftOutEstimates.Interval,
        Source = "Li et al. 2016; at a fixed number of tokens: Hurlbert 1971",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        yield return new SlicedEstimate(input.Slice, Of(input, Usual));
        foreach (var words in new[] { 1, 3 })
        {
            yield return new SlicedEstimate(Slice.Join(input.Slice, Slice.WordsKey, $"{words}"), Of(input, words));
        }
    }

    private static Estimate Of(MeasureInput input, int words) =>
        BudgetedTypes.Level(input, words, (counts, budget) => Rarefaction.ExpectedTypes(counts, budget) / budget, new Interval(0, 1));
}
