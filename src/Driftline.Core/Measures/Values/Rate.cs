using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>rate</c>: the share of prompts with a true score, repeats averaged first. Wilson's interval on the effective number of answers.
/// The primary score on the slice itself (a number counts as true from the suite's threshold on), every other yes/no score on
/// <c>score=NAME</c>.
/// </summary>
public sealed class Rate : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "rate",
        Family = SuiteFamily.Value,
        Title = "Rate",
        Meaning = "The share of prompts that score yes.",
        Unit = "share",
        Range = "[0, 1]",
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Boolean,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "mean over prompts of the share of true scores among their repeats",
        Interval = "Wilson on the effective number of answers (variance over prompts, or over clusters with a t correction)",
        Source = "Wilson 1927; Korn and Graubard 1998",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        input.ScoreSlices(booleanOnly: true).Select(score => new SlicedEstimate(score.Slice, LevelEstimates.Rate(input, score.Score, score.Threshold)));

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) =>
        from score in input.ScoreSlices(booleanOnly: true)
        let means = input.Current.PromptMeans(score.Score, score.Threshold)
        where means is not null
        select PromptValues.Of(score.Slice, means);
}
