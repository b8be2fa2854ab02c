using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Bias;

/// <summary>
/// <c>amp_delta</c>: amplification B_g − B_b on the common prompts, paired. B is the mean primary score of a bias suite; where it has
/// none, the pooled share of each answer, on the slices <c>answer=NAME</c>.
/// </summary>
public sealed class AmpDelta : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "amp_delta",
        Family = SuiteFamily.Bias,
        Suites = [SuiteFamily.Bias],
        Title = "Amplification",
        Meaning = "How much the bias grew (above 0) or shrank (below 0) since the baseline.",
        Unit = "score",
        Range = "(−∞, ∞)",
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.None,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "B now − B at the baseline; B = mean primary score, or share of each answer",
        Interval = "paired by prompt; t with prompts − 1 degrees of freedom, clustered SE with Satterthwaite's degrees of freedom (clusters − 1 where they are of one size) where the suite has a cluster key",
        Source = "Driftline; ratio estimator of shares: Cochran 1977, section 6.3",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        if (input.Suite.PrimaryScore is { } primary)
        {
            return [new SlicedEstimate(input.Slice, PairedChange.Of(input, primary).Estimate)];
        }

        return input.Baseline is null ? [new SlicedEstimate(input.Slice, Reasons.NoBaseline())] : OfShares(input, input.Baseline);
    }

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input)
    {
        if (input.Suite.PrimaryScore is { } primary)
        {
            return PairedChange.ByPrompt(input, primary) is { } differences ? [PromptValues.Of(input.Slice, differences)] : [];
        }

        return input.Baseline is { } baseline ? SharesByPrompt(input, baseline) : [];
    }

    private static IEnumerable<PromptValues> SharesByPrompt(MeasureInput input, EvaluationTable baseline)
    {
        var answers = PromptAnswers.Of(input.Current, baseline, PromptPairs.Of(input.Current, baseline));
        for (var label = 0; label < answers.Labels.Count && answers.Labels.Count <= Values.AnswerShare.MaxLabels; label++)
        {
            if (Linear(answers, label) is { } linear)
            {
                yield return new PromptValues(
                    Slice.Join(input.Slice, Slice.AnswerKey, answers.Labels[label]),
                    [.. answers.Prompts.Zip(linear.Values, (prompt, value) => KeyValuePair.Create(prompt, value + linear.Change))]);
            }
        }
    }

    private static IEnumerable<SlicedEstimate> OfShares(MeasureInput input, EvaluationTable baseline)
    {
        var pairs = PromptPairs.Of(input.Current, baseline);
        var answers = PromptAnswers.Of(input.Current, baseline, pairs);
        if (pairs.Count == 0 || answers.Labels.Count > Values.AnswerShare.MaxLabels)
        {
            yield return new SlicedEstimate(
                input.Slice,
                pairs.Count == 0
                    ? Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input))
                    : Estimate.Without(MeasureStatus.Undefined, $"There are {answers.Labels.Count} different answers; shares are made for up to {Values.AnswerShare.MaxLabels}.", pairs.Count));
            yield break;
        }

        var clusters = input.Current.ClusterIds(input.Suite, answers.Prompts);
        for (var label = 0; label < answers.Labels.Count; label++)
        {
            var estimate = Of(answers, clusters, label);
            yield return new SlicedEstimate(
                Slice.Join(input.Slice, Slice.AnswerKey, answers.Labels[label]), estimate with { Reason = Reasons.Join(estimate.Reason, pairs.MissingNote) });
        }
    }

    private static Estimate Of(PromptAnswers answers, int[] clusters, int label)
    {
        if (Linear(answers, label) is not var (change, linear))
        {
            return Estimate.Without(MeasureStatus.NoData, "One side has no answers here.", answers.Prompts.Length);
        }

        var prompts = answers.Current.Zip(answers.Baseline).Count(pair => pair.First.Length > 0 && pair.Second.Length > 0);
        if (!ClusteredMean.Of(linear, clusters).TryGet(out var mean, out var reason))
        {
            return new Estimate { Value = change, N = prompts, Clusters = PromptClusters.Count(clusters), Reason = reason };
        }

        mean = mean with { Mean = change };
        return new Estimate
        {
            Value = change,
            Lo = mean.Interval.Lo,
            Hi = mean.Interval.Hi,
            StdErr = mean.StdErr,
            N = prompts,
            Clusters = mean.Clusters,
            PValue = mean.PValue,
        };
    }

    /// <summary>
    /// The difference of the two ratios, and what each prompt adds to it, scaled so that the mean over prompts has their standard
    /// error; null when a side has no answers.
    /// </summary>
    private static (double Change, double[] Values)? Linear(PromptAnswers answers, int label)
    {
        var totalNow = answers.Current.Sum(prompt => prompt.Length);
        var totalThen = answers.Baseline.Sum(prompt => prompt.Length);
        if (totalNow == 0 || totalThen == 0)
        {
            return null;
        }

        var now = (double)answers.Current.Sum(prompt => prompt.Count(answer => answer == label)) / totalNow;
        var then = (double)answers.Baseline.Sum(prompt => prompt.Count(answer => answer == label)) / totalThen;
        var n = answers.Prompts.Length;
        var linear = new double[n];
        for (var i = 0; i < n; i++)
        {
            linear[i] = n * (Residual(answers.Current[i], label, now) / totalNow - (Residual(answers.Baseline[i], label, then) / totalThen));
        }

        return (now - then, linear);
    }

    private static double Residual(int[] answers, int label, double share) => answers.Count(answer => answer == label) - (share * answers.Length);
}
