using System.Numerics.Tensors;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>ordinal_w1</c>: Wasserstein distance of the pooled answer shares of the common prompts on ordered options, in shares of the whole
/// scale: Σ_{j&lt;K} |F_g(j) − F_b(j)|/(K − 1), F the cumulative shares. 1 is "all from one end to the other". Above 0 even where nothing
/// changed: see the noise floor.
/// </summary>
public sealed class OrdinalW1 : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "ordinal_w1",
        Family = SuiteFamily.Value,
        Title = "Shift along the scale",
        Meaning = "How far answers moved along the scale of options, as a share of the whole scale.",
        Unit = "distance",
        Range = "[0, 1]",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Answer | MeasureNeeds.Ordinal,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "Σ_{j<K} |F_g(j) − F_b(j)|/(K − 1), F cumulative shares of answers over the K options in order, pooled over common prompts",
        Interval = "BCa bootstrap over prompts (clusters where there are some), 2,000 replicates; noise floor and p from 999 permutations within prompt",
        Source = "Vallender 1974; Efron 1987",
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (PooledAnswers.Of(input, out var refusal) is not { } answers)
        {
            return refusal;
        }

        if (Order(input.Current.AnswerLabels, input.Baseline!.AnswerLabels) is not { } order)
        {
            return Estimate.Without(
                MeasureStatus.NotComparable,
                $"Generation {input.Current.Node.Generation} is not comparable with generation {input.Baseline.Node.Generation}: options {string.Join(", ", input.Baseline.AnswerLabels)} → {string.Join(", ", input.Current.AnswerLabels)} are not one scale. Evaluate both with the same options.",
                answers.Prompts);
        }

        if (order.Count < 2)
        {
            return Estimate.Without(MeasureStatus.Undefined, "There is one option only: no scale to move along.", answers.Prompts);
        }

        var labels = answers.Labels.Count;
        var numbers = answers.Labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        int[] places = [.. order.Select(label => numbers[label])];
        var random = new SeededRandom(input.Seed);
        var value = answers.Compute(Distance);
        var floor = PermutationNull.Of(answers.Permute(Distance, random.Split(0)), value);
        Interval? interval = answers.Resample(Distance, random.Split(1)) is var (replicates, jackknife) ? Bootstrap.BiasCorrected(replicates, value, jackknife) : null;
        return new Estimate
        {
            Value = value,
            Lo = interval?.Lo,
            Hi = interval?.Hi,
            N = answers.Prompts,
            Clusters = answers.Clusters,
            PValue = floor.PValue,
            FloorMean = floor.Mean,
            FloorP95 = floor.P95,
            Reason = Reasons.Join(answers.Note, interval is null ? $"Fewer than {Bootstrap.MinUnits} independent prompts or clusters: no interval." : null),
        };

        double Distance(ReadOnlySpan<double> counts)
        {
            var now = TensorPrimitives.Sum(counts[..labels]);
            var then = TensorPrimitives.Sum(counts[labels..]);
            double difference = 0;
            double sum = 0;
            for (var j = 0; j < places.Length - 1; j++)
            {
                difference += (counts[places[j]] / now) - (counts[labels + places[j]] / then);
                sum += Math.Abs(difference);
            }

            return sum / (places.Length - 1);
        }
    }

    /// <summary>The longer list of labels where it holds the other in the same order, else null.</summary>
    private static IReadOnlyList<string>? Order(IReadOnlyList<string> current, IReadOnlyList<string> baseline)
    {
        var (longer, shorter) = current.Count >= baseline.Count ? (current, baseline) : (baseline, current);
        return longer.Intersect(shorter, StringComparer.Ordinal).SequenceEqual(shorter, StringComparer.Ordinal) ? longer : null;
    }
}
