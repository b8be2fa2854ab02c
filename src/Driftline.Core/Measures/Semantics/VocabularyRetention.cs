using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>vocabulary_retention</c>: the expected number of the baseline's types among m tokens of the generation, over the expected number
/// of types among m tokens of the baseline itself; m fixed as 80 % of generation 0's tokens on the slice.
/// </summary>
/// <remarks>
/// Below 1 even where nothing changed, since two samples never use quite the same rare words. The noise floor says how far: the
/// baseline's outputs are dealt to two halves within prompt (whole prompts where they have one output), and the one half's retention
/// of the other's words is taken at the same share of its tokens. Halves have fewer rare words in common than whole evaluations, so the
/// floor is rather too low than too high. As a fall is what counts, its far end is the 5th percentile. Permuting the two generations
/// would not do: a generation with new words makes the pool richer than the baseline ever was, and so hides what was lost. The interval
/// is that of <see cref="LeftOutPrompts"/> on the log ratio.
/// </remarks>
public sealed class VocabularyRetention : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "vocabulary_retention",
        Family = SuiteFamily.Semantic,
        Title = "Vocabulary kept",
        Meaning = "How much of the baseline's vocabulary the outputs still use; somewhat below 1 even when nothing changed.",
        Unit = "ratio",
        Range = "[0, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[baseline's types in m tokens now] / E[types in m tokens of the baseline], m = 80 % of generation 0's tokens",
        Interval = "delete-d jackknife of the log ratio: 200 subsamples without a twentieth of the prompts (clusters); noise floor (5th percentile) from 200 dealings of the baseline's outputs to two halves",
        Source = "Driftline; Hurlbert 1971; Shao and Wu 1989",
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
        var outputsNow = vocabulary.ReadOutputs(input.Current, pairs.Current);
        var outputsThen = vocabulary.ReadOutputs(baseline, pairs.Baseline);
        var now = Vocabulary.Join(outputsNow);
        var then = Vocabulary.Join(outputsThen);
        if (TokenBudget.Of(input, [(input.Current, now), (baseline, then)], out var refusal) is not { } budget)
        {
            return refusal;
        }

        var countsNow = new TypeCounts(now, vocabulary.Count);
        var countsThen = new TypeCounts(then, vocabulary.Count);
        var value = Retention(countsNow.All, countsThen.All, budget);
        var clusters = input.Current.ClusterIds(input.Suite, pairs.Current);
        var random = new SeededRandom(input.Seed);
        var estimate = LeftOutEstimates.OfRatio(
            value,
            pairs.Count,
            clusters,
            prompts =>
            {
                int[] left = [.. prompts];
                return countsNow.Without(left, a => countsThen.Without(left, b => a.Sum() >= budget && b.Sum() >= budget ? Retention(a, b, budget) : null));
            },
            random.Split(1));
        var floor = Halve(outputsThen, vocabulary.Count, (double)budget / countsThen.All.Sum(), random.Split(0));
        return estimate with { FloorMean = floor?.Mean, FloorP95 = floor?.Far, Reason = Reasons.Join(pairs.MissingNote, estimate.Reason) };
    }

    private static double Retention(ReadOnlySpan<int> now, ReadOnlySpan<int> then, int budget)
    {
        var kept = new int[now.Length];
        long total = 0;
        for (var type = 0; type < now.Length; type++)
        {
            total += now[type];
            kept[type] = then[type] > 0 ? now[type] : 0;
        }

        return Rarefaction.ExpectedTypes(kept, total, budget) / Rarefaction.ExpectedTypes(then, budget);
    }

    /// <summary>Mean and 5th percentile of the retention of one half of the baseline's words in the other; null with too few outputs.</summary>
    private static (double Mean, double Far)? Halve(int[][][] outputs, int types, double share, SeededRandom random)
    {
        if (HalvedOutputs.Of(outputs) is not { } halves)
        {
            return null;
        }

        var values = new double[HalvedOutputs.Dealings];
        halves.Deal(types, random, (dealing, one, other) =>
        {
            var budget = (int)(share * Math.Min(one.Sum(), other.Sum()));
            values[dealing] = budget == 0 ? 1 : Retention(one, other, budget);
        });
        return HalvedOutputs.Floor(values);
    }
}
