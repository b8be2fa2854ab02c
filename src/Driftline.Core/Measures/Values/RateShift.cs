using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>rate_shift</c>: paired change of <c>rate</c>. p is McNemar's exact one where every prompt has one answer on both sides and
/// prompts are independent, else that of the paired t.
/// </summary>
/// <remarks>
/// Where hardly any answer is "no", few prompts change and the paired t interval is too narrow (nothing at all when none changed); with
/// few clusters <see cref="PairedRates"/> is. Each end is that of the interval that reaches further.
/// </remarks>
public sealed class RateShift : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "rate_shift",
        Family = SuiteFamily.Value,
        Title = "Change of rate",
        Meaning = "How far the share of yes moved from the baseline, on the same prompts.",
        Unit = "share",
        Range = "[−1, 1]",
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Boolean,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "mean over common prompts of (share of true scores now − at the baseline)",
        Interval = "the wider of the paired t (clustered as score_shift) and of Wilson's intervals of both rates put together; p exact McNemar for single answers without clusters, else from the t",
        Source = "Agresti 2013, section 11.1; Miller 2024; Newcombe 1998, pairs; Zou and Donner 2008",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        foreach (var score in input.ScoreSlices(booleanOnly: true))
        {
            var change = PairedChange.Of(input, score.Score, score.Threshold);
            var estimate = change.Estimate;
            if (estimate is { Lo: { } lo, Hi: { } hi })
            {
                var interval = PairedRates.Difference(change.Current, change.Baseline, change.Answers, change.Clusters).Value;
                estimate = estimate with { Lo = Math.Min(lo, interval.Lo), Hi = Math.Max(hi, interval.Hi) };
            }

            if (estimate.Value is not null && change.SingleAnswers)
            {
                var gained = change.Current.Zip(change.Baseline).Count(pair => pair is { First: > 0.5, Second: < 0.5 });
                var lost = change.Current.Zip(change.Baseline).Count(pair => pair is { First: < 0.5, Second: > 0.5 });
                estimate = estimate with { PValue = McNemar.ExactP(gained, lost) };
            }

            yield return new SlicedEstimate(score.Slice, estimate);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) =>
        from score in input.ScoreSlices(booleanOnly: true)
        let differences = PairedChange.ByPrompt(input, score.Score, score.Threshold)
        where differences is not null
        select PromptValues.Of(score.Slice, differences);
}
