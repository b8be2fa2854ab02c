using System.Globalization;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>score_shift</c>: mean over the common prompts of s_g − s_b, repeats averaged first; also told in standard deviations of a single
/// answer at generation 0 (<c>score_shift_sd</c> is that as a measure of its own). The primary score on the slice itself, every other on <c>score=NAME</c>.
/// </summary>
public sealed class ScoreShift : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "score_shift",
        Family = SuiteFamily.Value,
        Title = "Change of score",
        Meaning = "How far the score of the same prompts moved from the baseline.",
        Unit = "score",
        Range = "(−∞, ∞)",
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Score,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "mean over common prompts of (score now − score at the baseline)",
        Interval = "paired differences; t with prompts − 1 degrees of freedom, clustered SE with Satterthwaite's degrees of freedom (clusters − 1 where they are of one size) where the suite has a cluster key; p from the same t",
        Source = "Miller 2024, Adding Error Bars to Evals, section 4",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        foreach (var score in input.ScoreSlices(booleanOnly: false))
        {
            var estimate = PairedChange.Of(input, score.Score).Estimate;
            yield return new SlicedEstimate(score.Slice, estimate with { Reason = Reasons.Join(estimate.Reason, InDeviations(input, score.Score, estimate.Value)) });
        }
    }

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) =>
        from score in input.ScoreSlices(booleanOnly: false)
        let differences = PairedChange.ByPrompt(input, score.Score)
        where differences is not null
        select PromptValues.Of(score.Slice, differences);

    private static string? InDeviations(MeasureInput input, string score, double? shift) =>
        shift is not null && ScoreShiftSd.OfDeviation(input, score) is { } deviation
            ? string.Create(CultureInfo.InvariantCulture, $"That is {shift.Value / deviation:0.00} SD of a single answer at generation {input.Origin!.Node.Generation}.")
            : null;
}
