using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>mean_score</c>: x̄ = 1/n · Σ_i x̄_i, x̄_i the mean of prompt i's repeats; SE clustered where the suite has a cluster key, t interval
/// with C − 1 (else n − 1) degrees of freedom. The primary score on the slice itself, every other on <c>score=NAME</c>.
/// </summary>
public sealed class MeanScore : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "mean_score",
        Family = SuiteFamily.Value,
        Title = "Mean score",
        Meaning = "How high the suite scores this generation, averaged over its prompts.",
        Unit = "score",
        Range = "(−∞, ∞)",
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Score,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "mean over prompts of the mean score of their repeats",
        Interval = "t with prompts − 1 degrees of freedom; clustered SE with Satterthwaite's degrees of freedom (clusters − 1 where they are of one size) where the suite has a cluster key",
        Source = "Miller 2024, Adding Error Bars to Evals",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        input.ScoreSlices(booleanOnly: false).Select(score => new SlicedEstimate(score.Slice, LevelEstimates.Mean(input, score.Score)));

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) =>
        from score in input.ScoreSlices(booleanOnly: false)
        let means = input.Current.PromptMeans(score.Score)
        where means is not null
        select PromptValues.Of(score.Slice, means);
}
