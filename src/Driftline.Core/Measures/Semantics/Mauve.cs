using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>mauve</c>: how much of the baseline's outputs' distribution the outputs still have, and the other way round: the area under the
/// divergence frontier of their histograms over k-means clusters of both sides together. 1 where nothing changed, but for sampling: see its
/// noise floor, whose far end is the 5th percentile.
/// </summary>
public sealed class Mauve : IMeasure
{
    private const int MostClusters = 500;
    private const int OutputsPerCluster = 10;
    private const int Starts = 3;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "mauve",
        Family = SuiteFamily.Semantic,
        Title = "MAUVE",
        Meaning = "How much the distributions of outputs now and at the baseline overlap, in both directions; 1 is the same.",
        Unit = "share",
        Range = "[0, 1]",
        Worse = WorseDirection.Lower,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "area under (exp(−5 KL(q‖r)), exp(−5 KL(p‖r))), r = λp + (1−λ)q; p, q shares of outputs in min(500, n/10) k-means clusters of both sides' L2-normalised embeddings",
        Interval = "delete-d jackknife with the clusters as they are: 200 subsamples without a twentieth of the prompts (clusters of prompts), t; noise floor (5th percentile) and p from 999 swaps of the generations within prompt",
        Source = "Pillutla et al. 2021; Shao and Wu 1989",
        When = MeasureWhen.OnDemand,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (PairedOutputs.Of(input, out var refusal) is not { } outputs)
        {
            return refusal;
        }

        var random = new SeededRandom(input.Seed);
        if (Divide(outputs, random.Split(5)) is not var (bins, now, then))
        {
            return Estimate.Without(MeasureStatus.TooFew, $"There are too few outputs to divide: at least {2 * OutputsPerCluster} of each generation are needed in each space of embeddings.", outputs.Prompts.Length);
        }

        var none = new bool[now.Length];
        var value = Area(none, []);
        var drawn = SwappedPrompts.Draw(now.Length, bins * 50L, swapped => Area(swapped, []), random.Split(6));

        // A fall is what counts: p says how many permutations are as low.
        var floor = PermutationNull.Of(Array.ConvertAll(drawn, each => -each), -value);
        Array.Sort(drawn);
        var estimate = LeftOutEstimates.Of(value, now.Length, outputs.Clusters, left => Area(none, [.. left]), random.Split(7), new Interval(0, 1));
        return estimate with { PValue = floor.PValue, FloorMean = -floor.Mean, FloorP95 = Quantiles.OfSorted(drawn, 0.05), Reason = Reasons.Join(outputs.Note, estimate.Reason) };

        double Area(bool[] swapped, HashSet<int> left)
        {
            var (p, q) = (new double[bins], new double[bins]);
            for (var prompt = 0; prompt < now.Length; prompt++)
            {
                if (!left.Contains(prompt))
                {
                    Count(swapped[prompt] ? then[prompt] : now[prompt], p);
                    Count(swapped[prompt] ? now[prompt] : then[prompt], q);
                }
            }

            return DivergenceFrontier.Area(p, q);
        }
    }

    /// <summary>The clusters of the outputs of each prompt on both sides; null with too few outputs.</summary>
    private static (int Bins, int[][] Now, int[][] Then)? Divide(PairedOutputs outputs, SeededRandom random)
    {
        var now = new int[outputs.Prompts.Length][];
        var then = new int[outputs.Prompts.Length][];
        var bins = 0;
        foreach (var space in Enumerable.Range(0, now.Length).GroupBy(prompt => outputs.Spaces.Length == 0 ? 0 : outputs.Spaces[prompt]).OrderBy(space => space.Key))
        {
            var points = space.SelectMany(prompt => outputs.Vectors[prompt].Chunk(outputs.Dimension)).ToList();
            var clusters = Math.Min(MostClusters, points.Count / 2 / OutputsPerCluster);
            if (clusters < 2)
            {
                return null;
            }

            var found = KMeans.Fit(points, clusters, random.Split((ulong)space.Key), Starts).Clusters;
            var at = 0;
            foreach (var prompt in space)
            {
                var repeats = outputs.Vectors[prompt].Length / outputs.Dimension / 2;
                now[prompt] = [.. found.AsSpan(at, repeats)];
                then[prompt] = [.. found.AsSpan(at + repeats, repeats)];
                Shift(now[prompt], bins);
                Shift(then[prompt], bins);
                at += 2 * repeats;
            }

            bins += clusters;
        }

        return (bins, now, then);
    }

    private static void Shift(int[] clusters, int by)
    {
        for (var i = 0; i < clusters.Length; i++)
        {
            clusters[i] += by;
        }
    }

    private static void Count(int[] clusters, double[] histogram)
    {
        foreach (var cluster in clusters)
        {
            histogram[cluster]++;
        }
    }
}
