using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>diversity_ratio</c>: rarefied types of the outputs over those of the baseline, both at the same number of tokens m, fixed as 80 %
/// of generation 0's tokens on the slice. Length controlled: shorter texts do not look more diverse.
/// </summary>
/// <remarks>The interval is that of <see cref="LeftOutPrompts"/> on the log ratio.</remarks>
public sealed class DiversityRatio : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "diversity_ratio",
        Family = SuiteFamily.Semantic,
        Title = "Diversity of words",
        Meaning = "How many different words the outputs use in the same number of words, relative to the baseline; below 1 is poorer.",
        Unit = "ratio",
        Range = "(0, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[V_m] now / E[V_m] at the baseline, E[V_m] = Σ(1 − C(N−c,m)/C(N,m)), m = 80 % of generation 0's tokens",
        Interval = "delete-d jackknife of the log ratio: 200 subsamples without a twentieth of the prompts (clusters)",
        Source = "Hurlbert 1971; Heck et al. 1975; Shao and Wu 1989",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Baseline is not { } baseline)
        {
            return Reasons.NoBaseline();
        }

        var pairs = PromptPairs.Of(input.Current, baseline);
        if (pairs.Count == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input));
        }

        var vocabulary = new Vocabulary();
        var now = vocabulary.Read(input.Current, pairs.Current);
        var then = ReferenceEquals(input.Current, baseline) ? now : vocabulary.Read(baseline, pairs.Baseline);
        if (TokenBudget.Of(input, [(input.Current, now), (baseline, then)], out var refusal) is not { } budget)
        {
            return refusal;
        }

        var countsNow = new TypeCounts(now, vocabulary.Count);
        var countsThen = new TypeCounts(then, vocabulary.Count);
        var ratio = Rarefaction.ExpectedTypes(countsNow.All, budget) / Rarefaction.ExpectedTypes(countsThen.All, budget);
        var clusters = input.Current.ClusterIds(input.Suite, pairs.Current);
        var estimate = LeftOutEstimates.OfRatio(
            ratio,
            pairs.Count,
            clusters,
            prompts =>
            {
                int[] left = [.. prompts];
                return countsNow.Without(left, a => countsThen.Without(
                    left, b => a.Sum() < budget || b.Sum() < budget ? null : Rarefaction.ExpectedTypes(a, budget) / Rarefaction.ExpectedTypes(b, budget)));
            },
            new SeededRandom(input.Seed));
        return estimate with { Reason = Reasons.Join(pairs.MissingNote, estimate.Reason) };
    }
}
