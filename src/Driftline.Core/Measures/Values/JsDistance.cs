using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>js_distance</c>: √JSD (base 2) of the pooled answer shares of the common prompts, raw. It is above 0 even where nothing changed:
/// the noise floor is its null under permutation of the generations within prompt.
/// </summary>
public sealed class JsDistance : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "js_distance",
        Family = SuiteFamily.Value,
        Title = "Distance of answers",
        Meaning = "How far the distribution of answers moved from the baseline, whatever the direction.",
        Unit = "distance",
        Range = "[0, 1]",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.Origin, BaselineKind.Parent],
        Needs = MeasureNeeds.Answer,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "√( ½ Σ p log₂(p/m) + ½ Σ q log₂(q/m) ), m = (p + q)/2; p, q shares of answers pooled over common prompts",
        Interval = "BCa bootstrap over prompts (clusters where there are some), 2,000 replicates; noise floor and p from 999 permutations within prompt",
        Source = "Lin 1991; Endres and Schindelin 2003; Efron 1987",
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

        var answers = PromptAnswers.Of(input.Current, baseline, pairs);
        var labels = answers.Labels.Count;
        if (labels > AnswerShare.MaxLabels)
        {
            return Estimate.Without(MeasureStatus.Undefined, $"There are {labels} different answers; distances of shares are made for up to {AnswerShare.MaxLabels}.", pairs.Count);
        }

        var prompts = answers.Current.Zip(answers.Baseline).Count(pair => pair.First.Length > 0 && pair.Second.Length > 0);
        var now = PromptAnswers.Count(answers.Current, labels);
        var then = PromptAnswers.Count(answers.Baseline, labels);
        if (now.Sum() == 0 || then.Sum() == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, $"Generation {(now.Sum() == 0 ? input.Current : baseline).Node.Generation} has no answers here.", pairs.Count);
        }

        var value = JensenShannon.Distance(now, then);
        var random = new SeededRandom(input.Seed);
        var permutation = new AnswerPermutation(answers.Current, answers.Baseline, labels);
        var floor = PermutationNull.Of(Null(permutation, labels, random.Split(0)), value);
        var clusters = input.Current.ClusterIds(input.Suite, answers.Prompts);
        var interval = Interval(answers, clusters, labels, value, random.Split(1));
        return new Estimate
        {
            Value = value,
            Lo = interval?.Lo,
            Hi = interval?.Hi,
            N = prompts,
            Clusters = PromptClusters.Count(clusters),
            PValue = floor.PValue,
            FloorMean = floor.Mean,
            FloorP95 = floor.P95,
            Reason = Reasons.Join(pairs.MissingNote, interval is null ? $"Fewer than {Bootstrap.MinUnits} independent prompts or clusters: no interval." : null),
        };
    }

    private static double[] Null(AnswerPermutation permutation, int labels, SeededRandom random)
    {
        // What the current side is dealt says what the baseline is dealt: the rest.
        var packing = new PackedSums(labels, permutation.Answers.Max());
        return permutation.Draw(packing.Words, Count, Distance, random);

        void Count(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
        {
            foreach (var answer in current)
            {
                packing.Add(sums, answer, 1);
            }
        }

        double Distance(ReadOnlySpan<ulong> sums)
        {
            Span<double> now = stackalloc double[labels];
            Span<double> then = stackalloc double[labels];
            packing.Unpack(sums, now);
            for (var i = 0; i < labels; i++)
            {
                then[i] = permutation.FixedBaseline[i] + permutation.Answers[i] - now[i];
                now[i] += permutation.FixedCurrent[i];
            }

            return JensenShannon.Distance(now, then);
        }
    }

    private static Interval? Interval(PromptAnswers answers, int[] clusters, int labels, double value, SeededRandom random)
    {
        var count = clusters.Length == 0 ? answers.Current.Length : clusters.Max() + 1;
        if (count < Bootstrap.MinUnits)
        {
            return null;
        }

        var width = 2 * labels;
        var units = new double[count * width];
        for (var i = 0; i < answers.Current.Length; i++)
        {
            var row = (clusters.Length == 0 ? i : clusters[i]) * width;
            foreach (var answer in answers.Current[i])
            {
                units[row + answer]++;
            }

            foreach (var answer in answers.Baseline[i])
            {
                units[row + labels + answer]++;
            }
        }

        var replicates = Bootstrap.OfSums(units, width, OfSums, random);
        return Bootstrap.BiasCorrected(replicates, value, Bootstrap.JackknifeOfSums(units, width, OfSums));

        double OfSums(ReadOnlySpan<double> sums)
        {
            var now = sums[..labels];
            var then = sums[labels..];

            // A drawn sample may hold only prompts without answers on one side; it then says nothing about the distance.
            return System.Numerics.Tensors.TensorPrimitives.Sum(now) == 0 || System.Numerics.Tensors.TensorPrimitives.Sum(then) == 0
                ? value
                : JensenShannon.Distance(now, then);
        }
    }
}
