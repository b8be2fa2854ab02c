using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Bias;

/// <summary>
/// <c>group_rate</c>: for each group that prompts are about, on the slices <c>GROUPKEY=NAME</c>, the rate of the suite's primary score
/// (its mean where it is no yes/no score, and the share of each answer where there is no primary score); every other yes/no score on
/// <c>GROUPKEY=NAME,score=NAME</c>. Computed from the whole suite, not inside other slices.
/// </summary>
public sealed class GroupRate : IMeasure
{
    private readonly Values.Rate _rate = new();
    private readonly Values.AnswerShare _answerShare = new();

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "group_rate",
        Family = SuiteFamily.Bias,
        Suites = [SuiteFamily.Bias],
        Title = "Rate by group",
        Meaning = "The rate for each group that prompts are about.",
        Unit = "share",
        Range = "[0, 1]",
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Group,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "rate over the prompts of the group",
        Interval = "Wilson on the effective number of answers (variance over prompts, or over clusters with a t correction)",
        Source = "Wilson 1927; Korn and Graubard 1998",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        if (input.Slice is not null || input.Suite.GroupKey is not { } key)
        {
            yield break;
        }

        foreach (var slice in input.Current.Slices([key]))
        {
            var group = input with { Current = input.Current.Cut(slice), Baseline = null, Origin = input.Origin?.Cut(slice), Slice = slice };
            if (input.Suite.PrimaryScore is { } primary && !input.Suite.Boolean)
            {
                yield return new SlicedEstimate(slice, LevelEstimates.Mean(group, primary));
            }

            foreach (var estimate in _rate.Compute(group))
            {
                yield return estimate;
            }

            if (input.Suite.PrimaryScore is null && input.Current.Answers.Length > 0)
            {
                foreach (var estimate in _answerShare.Compute(group))
                {
                    yield return estimate;
                }
            }
        }
    }
}
