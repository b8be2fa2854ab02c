using System.Numerics.Tensors;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>frechet</c>: the squared Fréchet distance of the two generations' outputs as normal distributions, on at most 64 principal components
/// of generation 0 (as many as half the prompts at most), with as many outputs of the one as of the other. It is above 0 even where
/// nothing changed, the more so the fewer prompts: see its noise floor.
/// </summary>
/// <remarks>With the built-in embedder, whose two halves of prompts share no axes, it is the mean of both halves weighted by their prompts.</remarks>
public sealed class Frechet : IMeasure
{
    private const int MostComponents = 64;
    private const int FewestPrompts = 20;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "frechet",
        Family = SuiteFamily.Semantic,
        Title = "Fréchet distance",
        Meaning = "How far mean and spread of the outputs moved from the baseline in embedding space.",
        Unit = "squared distance",
        Range = "[0, ∞)",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "|μ − μ_b|² + tr(Σ + Σ_b − 2(ΣΣ_b)^½), sample covariances of L2-normalised embeddings on at most 64 principal components of generation 0",
        Interval = "delete-d jackknife: 200 subsamples without a twentieth of the prompts (clusters), t; noise floor and p from 999 swaps of the generations within prompt",
        Source = "Dowson and Landau 1982; Heusel et al. 2017; Shao and Wu 1989",
        When = MeasureWhen.OnDemand,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Origin is not { EmbeddingDimension: > 0 } origin || origin.EmbeddingDimension != input.Current.EmbeddingDimension)
        {
            return Estimate.Without(MeasureStatus.NoData, "The components are those of generation 0, which has no such embeddings here.");
        }

        if (PairedOutputs.Of(input, out var refusal) is not { } outputs)
        {
            return refusal;
        }

        var spaces = Enumerable.Range(0, outputs.Prompts.Length).GroupBy(prompt => outputs.Spaces.Length == 0 ? 0 : outputs.Spaces[prompt]).OrderBy(space => space.Key).Select(space => space.ToArray()).ToList();
        if (spaces.Exists(space => space.Length < FewestPrompts))
        {
            return Estimate.Without(MeasureStatus.TooFew, $"{spaces.Min(space => space.Length)} prompts to compare in one space of embeddings: at least {FewestPrompts} are needed.", outputs.Prompts.Length);
        }

        var random = new SeededRandom(input.Seed);
        var parts = spaces.ConvertAll(space => new Part(outputs, space, Axes(origin, outputs, space, random.Split(5))));
        var all = new bool[outputs.Prompts.Length];
        var value = Distance(parts, all, left: null);
        var floor = PermutationNull.Of(Swap(parts, all.Length, random.Split(6)), value);
        var estimate = LeftOutEstimates.Of(
            value, all.Length, outputs.Clusters, prompts => Distance(parts, all, [.. prompts]), random.Split(7), new Interval(0, double.PositiveInfinity));
        return estimate with { PValue = floor.PValue, FloorMean = floor.Mean, FloorP95 = floor.P95, Reason = Reasons.Join(outputs.Note, estimate.Reason) };
    }

    private static PrincipalAxes Axes(EvaluationTable origin, PairedOutputs outputs, int[] prompts, SeededRandom random)
    {
        // Two spaces share no axes; each half of the prompts has its own.
        int[] all = [.. Enumerable.Range(0, origin.Prompts.Count)];
        var spaces = PairedOutputs.SpacesOf(origin, all);
        var vectors = all
            .Where(prompt => spaces.Length == 0 || spaces[prompt] == outputs.Spaces[prompts[0]])
            .SelectMany(prompt => UnitVectors.OfPrompt(origin, prompt))
            .ToList();
        return PrincipalAxes.Of(vectors, Math.Min(MostComponents, prompts.Length / 2), random);
    }

    private static double Distance(List<Part> parts, bool[] swapped, HashSet<int>? left)
    {
        double sum = 0;
        double prompts = 0;
        foreach (var part in parts)
        {
            var (distance, count) = part.Distance(swapped, left);
            sum += distance * count;
            prompts += count;
        }

        return sum / prompts;
    }

    /// <summary>The distance in each permutation; several are added up together, so that what a prompt adds is fetched once for all of them.</summary>
    private static double[] Swap(List<Part> parts, int prompts, SeededRandom random)
    {
        const int Together = 8;
        var values = new double[PermutationNull.Permutations];
        Parallel.For(0, (values.Length + Together - 1) / Together, chunk =>
        {
            var first = chunk * Together;
            var swapped = Enumerable.Range(first, Math.Min(Together, values.Length - first)).Select(permutation => SwappedPrompts.Swapped(prompts, random, permutation)).ToArray();
            var sums = new double[swapped.Length];
            foreach (var part in parts)
            {
                foreach (var (i, distance) in part.Distances(swapped).Index())
                {
                    sums[i] += distance * part.Count / prompts;
                }
            }

            sums.CopyTo(values, first);
        });
        return values;
    }

    /// <summary>The prompts of one space, each with what its outputs add to the moments of either side.</summary>
    private sealed class Part
    {
        private readonly int[] _prompts;
        private readonly Moments[] _now;
        private readonly Moments[] _then;

        public Part(PairedOutputs outputs, int[] prompts, PrincipalAxes axes)
        {
            _prompts = prompts;
            _now = new Moments[prompts.Length];
            _then = new Moments[prompts.Length];
            Parallel.For(0, prompts.Length, i =>
            {
                var joined = outputs.Vectors[prompts[i]].AsSpan();
                var half = joined.Length / 2;
                _now[i] = Add(joined[..half], outputs.Dimension, axes);
                _then[i] = Add(joined[half..], outputs.Dimension, axes);
            });
        }

        public int Count => _prompts.Length;

        public (double Distance, int Prompts) Distance(bool[] swapped, HashSet<int>? left)
        {
            var size = _now[0].Sum.Length;
            var one = new Moments(0, new double[size], new double[size * size]);
            var other = new Moments(0, new double[size], new double[size * size]);
            var count = 0;
            for (var i = 0; i < _prompts.Length; i++)
            {
                if (left?.Contains(_prompts[i]) != true)
                {
                    var isSwapped = swapped[_prompts[i]];
                    one = Plus(one, isSwapped ? _then[i] : _now[i]);
                    other = Plus(other, isSwapped ? _now[i] : _then[i]);
                    count++;
                }
            }

            return (FrechetDistance.Of(one, other), count);
        }

        /// <summary>The distance in each of several permutations.</summary>
        public double[] Distances(bool[][] swapped)
        {
            var size = _now[0].Sum.Length;
            var sides = swapped.SelectMany(_ => new[] { new Moments(0, new double[size], new double[size * size]), new Moments(0, new double[size], new double[size * size]) }).ToArray();
            for (var i = 0; i < _prompts.Length; i++)
            {
                for (var permutation = 0; permutation < swapped.Length; permutation++)
                {
                    var isSwapped = swapped[permutation][_prompts[i]];
                    ref var one = ref sides[2 * permutation];
                    ref var other = ref sides[(2 * permutation) + 1];
                    one = Plus(one, isSwapped ? _then[i] : _now[i]);
                    other = Plus(other, isSwapped ? _now[i] : _then[i]);
                }
            }

            return [.. Enumerable.Range(0, swapped.Length).Select(permutation => FrechetDistance.Of(sides[2 * permutation], sides[(2 * permutation) + 1]))];
        }

        private static Moments Plus(Moments sum, Moments part)
        {
            TensorPrimitives.Add(sum.Sum, part.Sum, sum.Sum);
            TensorPrimitives.Add(sum.Products, part.Products, sum.Products);
            return sum with { Count = sum.Count + part.Count };
        }

        private static Moments Add(ReadOnlySpan<double> vectors, int dimension, PrincipalAxes axes)
        {
            var first = axes.Project(vectors[..dimension]);
            var moments = new Moments(vectors.Length / dimension, new double[first.Length], new double[first.Length * first.Length]);
            for (var start = 0; start < vectors.Length; start += dimension)
            {
                var vector = axes.Project(vectors.Slice(start, dimension));
                TensorPrimitives.Add(moments.Sum, vector, moments.Sum);
                for (var i = 0; i < vector.Length; i++)
                {
                    var row = moments.Products.AsSpan(i * vector.Length, vector.Length);
                    TensorPrimitives.MultiplyAdd(vector, vector[i], row, row);
                }
            }

            return moments;
        }
    }
}
