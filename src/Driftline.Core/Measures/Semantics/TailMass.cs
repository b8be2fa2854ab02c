using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>tail_mass</c>: the share of the words of the outputs that belong to the rare half of the baseline's vocabulary. Where models are
/// trained on their own outputs, the tail goes first.
/// </summary>
/// <remarks>
/// Words that were chosen for being rare in a sample are less rare in the next one, even of the same model. So the vocabulary is that
/// of a random half of the baseline's outputs (within prompt; of whole prompts where they have one output), averaged over 200 dealings,
/// and the noise floor is what the other half has of it; as a fall is what counts, its far end is the 5th percentile. Types that are as
/// frequent as the middle one count in part, so that exactly half of the types are rare. The interval takes the vocabulary as given.
/// </remarks>
public sealed class TailMass : IMeasure
{
    private const int DealtTogether = HalvedOutputs.Dealings / 10;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "tail_mass",
        Family = SuiteFamily.Semantic,
        Title = "Rare words kept",
        Meaning = "How much of the outputs is made of the rarer half of the baseline's words.",
        Unit = "share",
        Range = "[0, 1]",
        Worse = WorseDirection.Lower,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "words now that are in the rare half of the vocabulary of a random half of the baseline's outputs / all words now, mean of 200 halves",
        Interval = "delete-d jackknife: 200 subsamples without a twentieth of the prompts (clusters), t; noise floor (5th percentile) from the other halves of the baseline",
        Source = "Driftline; tails: Shumailov et al. 2024",
        When = MeasureWhen.Deferred,
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
        var outputsThen = vocabulary.ReadOutputs(baseline, pairs.Baseline);
        var now = vocabulary.Read(input.Current, pairs.Current);
        if (HalvedOutputs.Of(outputsThen) is not { } halves || !now.Any(prompt => prompt.Length > 0))
        {
            return Estimate.Without(MeasureStatus.TooFew, $"There are too few outputs to deal to two halves of at least {Bootstrap.MinUnits}.", pairs.Count);
        }

        var random = new SeededRandom(input.Seed);
        var types = vocabulary.Count;
        var floor = new double[HalvedOutputs.Dealings];
        var mean = new double[types];

        // The weights of all dealings together would be 200 times the vocabulary.
        var weights = new double[DealtTogether][];
        for (var first = 0; first < HalvedOutputs.Dealings; first += DealtTogether)
        {
            halves.Deal(first, DealtTogether, types, random.Split(0), (dealing, one, other) =>
            {
                weights[dealing % DealtTogether] = RareHalf(one);
                floor[dealing] = Mass(other, weights[dealing % DealtTogether]);
            });
            foreach (var dealing in weights)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(mean, dealing, mean);
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(mean, HalvedOutputs.Dealings, mean);
        var counts = new TypeCounts(now, types);
        var estimate = LeftOutEstimates.Of(
            Mass(counts.All, mean),
            pairs.Count,
            input.Current.ClusterIds(input.Suite, pairs.Current),
            left => counts.Without(left, rest => Mass(rest, mean) is var mass && double.IsNaN(mass) ? null : mass),
            random.Split(1),
            new Interval(0, 1));
        var (middle, far) = HalvedOutputs.Floor(floor);
        return estimate with { FloorMean = middle, FloorP95 = far, Reason = Reasons.Join(pairs.MissingNote, estimate.Reason) };
    }

    /// <summary>1 for types of the rare half of those that occur, the part that fits for those as frequent as the middle one, else 0.</summary>
    private static double[] RareHalf(int[] counts)
    {
        var typesByCount = new SortedDictionary<int, int>();
        foreach (var count in counts)
        {
            if (count > 0)
            {
                typesByCount[count] = typesByCount.GetValueOrDefault(count) + 1;
            }
        }

        var left = typesByCount.Values.Sum() / 2.0;
        var parts = new Dictionary<int, double> { [0] = 0 };
        foreach (var (count, types) in typesByCount)
        {
            parts[count] = Math.Clamp(left / types, 0, 1);
            left -= types;
        }

        return Array.ConvertAll(counts, count => parts[count]);
    }

    private static double Mass(int[] counts, double[] weights)
    {
        double rare = 0;
        double all = 0;
        for (var type = 0; type < counts.Length; type++)
        {
            rare += counts[type] * weights[type];
            all += counts[type];
        }

        return rare / all;
    }
}
