using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>js_distance_corrected</c>: JSD (base 2) of the pooled answer shares of the common prompts less its mean under permutation of the
/// generations within prompt, as a signed root: √ of what sampling does not explain, below 0 when there is less than it would.
/// </summary>
/// <remarks>
/// Interval: bootstrap replicates hold the noise of sampling once more than the sample does, so they are moved down by their mean excess
/// over the sample before the correction; percentiles of that, then the root, which keeps their order.
/// </remarks>
public sealed class JsDistanceCorrected : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "js_distance_corrected",
        Family = SuiteFamily.Value,
        Title = "Distance of answers beyond noise",
        Meaning = "How far the distribution of answers moved from the baseline, less what sampling alone would show.",
        Unit = "distance",
        Range = "[−1, 1]; about 0 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Answer,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "sign(x)·√|x|, x = JSD − mean JSD of 999 permutations within prompt",
        Interval = "percentile bootstrap over prompts (clusters where there are some), 2,000 replicates less their bias; noise floor and p from the permutations",
        Source = "Lin 1991; Davison and Hinkley 1997, section 2.7",
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
        var permuted = answers.Permute(Divergence, random.Split(0));
        var expected = ClusteredMean.MeanOf(permuted);
        var divergence = answers.Compute(Divergence);
        var value = SignedRoot(divergence - expected);
        var floor = PermutationNull.Of(Array.ConvertAll(permuted, drawn => SignedRoot(drawn - expected)), value);
        var resampled = answers.Resample(Divergence, random.Split(1));
        Interval? interval = null;
        if (resampled is var (replicates, _))
        {
            var shift = divergence - ClusteredMean.MeanOf(replicates) - expected;
            var moved = Bootstrap.Percentile(replicates);
            interval = new Interval(Math.Min(value, SignedRoot(moved.Lo + shift)), Math.Max(value, SignedRoot(moved.Hi + shift)));
        }

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

        double Divergence(ReadOnlySpan<double> counts)
        {
            var distance = JensenShannon.Distance(counts[..labels], counts[labels..]);
            return distance * distance;
        }
    }

    private static double SignedRoot(double x) => Math.Sign(x) * Math.Sqrt(Math.Abs(x));
}
