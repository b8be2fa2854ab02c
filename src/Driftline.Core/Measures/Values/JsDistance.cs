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
        Baselines = Baseline.Models,
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
        if (PooledAnswers.Of(input, out var refusal) is not { } answers)
        {
            return refusal;
        }

        var random = new SeededRandom(input.Seed);
        var labels = answers.Labels.Count;
        var value = answers.Compute(Distance);
        var floor = PermutationNull.Of(answers.Permute(Distance, random.Split(0)), value);
        Interval? interval = answers.Resample(Distance, random.Split(1)) is var (replicates, jackknife)
            ? Bootstrap.BiasCorrected(replicates, value, jackknife)
            : null;
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

        double Distance(ReadOnlySpan<double> counts) => JensenShannon.Distance(counts[..labels], counts[labels..]);
    }
}
