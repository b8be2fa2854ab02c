using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>unigram_js</c>: √JSD (base 2) of the shares of words in the outputs of the two generations: the 2,000 words that both use most, and
/// all others as one. Above 0 even where nothing changed: see its noise floor.
/// </summary>
/// <remarks>
/// Words are ranked in both sides together, so that dealing outputs anew within prompt leaves the words as they are and its p is exact.
/// </remarks>
public sealed class UnigramJs : IMeasure
{
    private const int Ranked = 2000;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "unigram_js",
        Family = SuiteFamily.Semantic,
        Title = "Distance of word frequencies",
        Meaning = "How far the words that the outputs use moved from the baseline, whatever the order of words.",
        Unit = "distance",
        Range = "[0, 1]",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "√( ½ Σ p log₂(p/m) + ½ Σ q log₂(q/m) ), m = (p + q)/2; p, q shares of the 2,000 most frequent words of both sides and of all others",
        Interval = "delete-d jackknife: 200 subsamples without a twentieth of the prompts (clusters), t; noise floor and p from 999 dealings of the outputs within prompt",
        Source = "Lin 1991; Endres and Schindelin 2003; Shao and Wu 1989",
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
        var now = vocabulary.ReadOutputs(input.Current, pairs.Current);
        var then = vocabulary.ReadOutputs(baseline, pairs.Baseline);
        var ranks = Rank(now.Concat(then), vocabulary.Count);
        Replace(now, ranks);
        Replace(then, ranks);
        var words = Math.Min(vocabulary.Count, Ranked) + 1;
        var countsNow = new TypeCounts(Vocabulary.Join(now), words);
        var countsThen = new TypeCounts(Vocabulary.Join(then), words);
        if (countsNow.All.Sum() == 0 || countsThen.All.Sum() == 0)
        {
            var without = countsNow.All.Sum() == 0 ? input.Current : baseline;
            return Estimate.Without(MeasureStatus.NoData, $"Generation {without.Node.Generation} has no words here.", pairs.Count);
        }

        var random = new SeededRandom(input.Seed);
        var value = Distance(countsNow.All, countsThen.All);
        var floor = PermutationNull.Of(Deal(now, then, countsNow.All, countsThen.All, random.Split(0)), value);
        var estimate = LeftOutEstimates.Of(
            value,
            pairs.Count,
            input.Current.ClusterIds(input.Suite, pairs.Current),
            prompts =>
            {
                int[] left = [.. prompts];
                return countsNow.Without(left, a => countsThen.Without(left, b => a.Sum() == 0 || b.Sum() == 0 ? null : Distance(a, b)));
            },
            random.Split(1),
            new Interval(0, 1));
        return estimate with { PValue = floor.PValue, FloorMean = floor.Mean, FloorP95 = floor.P95, Reason = Reasons.Join(pairs.MissingNote, estimate.Reason) };
    }

    private static double Distance(int[] now, int[] then) => JensenShannon.Distance(Array.ConvertAll(now, count => (double)count), Array.ConvertAll(then, count => (double)count));

    /// <summary>The rank of each type, most frequent first; all beyond the ranked ones share the last.</summary>
    private static int[] Rank(IEnumerable<int[][]> prompts, int types)
    {
        var counts = new TypeCounts([.. prompts.SelectMany(prompt => prompt)], types).All;
        var ranks = new int[types];
        foreach (var (rank, type) in Enumerable.Range(0, types).OrderByDescending(type => counts[type]).ThenBy(type => type).Index())
        {
            ranks[type] = Math.Min(rank, Ranked);
        }

        return ranks;
    }

    private static void Replace(int[][][] prompts, int[] ranks)
    {
        foreach (var output in prompts.SelectMany(prompt => prompt))
        {
            for (var i = 0; i < output.Length; i++)
            {
                output[i] = ranks[output[i]];
            }
        }
    }

    private static double[] Deal(int[][][] now, int[][][] then, int[] countsNow, int[] countsThen, SeededRandom random)
    {
        var values = new double[PermutationNull.Permutations];
        var total = new int[countsNow.Length];
        System.Numerics.Tensors.TensorPrimitives.Add<int>(countsNow, countsThen, total);

        // A prompt with outputs on one side only has nothing to deal.
        var mixed = Enumerable.Range(0, now.Length).Where(i => now[i].Length > 0 && then[i].Length > 0).ToArray();
        var fixedNow = (int[])countsNow.Clone();
        foreach (var word in mixed.SelectMany(i => now[i]).SelectMany(output => output))
        {
            fixedNow[word]--;
        }

        Replication.Run(values.Length, total.Sum(), (from, to) =>
        {
            for (var permutation = from; permutation < to; permutation++)
            {
                var own = random.Split((ulong)permutation);
                var current = (int[])fixedNow.Clone();
                foreach (var i in mixed)
                {
                    int[][] order = [.. now[i], .. then[i]];
                    own.DrawToFront<int[]>(order, now[i].Length);
                    foreach (var output in order.AsSpan(0, now[i].Length))
                    {
                        foreach (var word in output)
                        {
                            current[word]++;
                        }
                    }
                }

                var rest = new int[total.Length];
                System.Numerics.Tensors.TensorPrimitives.Subtract<int>(total, current, rest);
                values[permutation] = Distance(current, rest);
            }
        });
        return values;
    }
}
