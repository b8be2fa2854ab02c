using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Bias;

/// <summary>
/// <c>amp_delta</c>: amplification B_g − B_b on the common prompts, paired. B is the mean primary score of a bias suite; where it has
/// none, the pooled share of each answer, on the slices <c>answer=NAME</c>.
/// </summary>
public sealed class AmpDelta : IMeasure
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
        Interval = "paired by prompt; t with prompts − 1 degrees of freedom, clustered SE with clusters − 1 where the suite has a cluster key",
        Source = "Driftline; ratio estimator of shares: Cochran 1977, section 6.3",
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
        var totalNow = answers.Current.Sum(prompt => prompt.Length);
        var totalThen = answers.Baseline.Sum(prompt => prompt.Length);
        if (totalNow == 0 || totalThen == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, "One side has no answers here.", answers.Prompts.Length);
        }

        var now = (double)answers.Current.Sum(prompt => prompt.Count(answer => answer == label)) / totalNow;
        var then = (double)answers.Baseline.Sum(prompt => prompt.Count(answer => answer == label)) / totalThen;

        // What each prompt adds to the difference of the two ratios, scaled so that the mean over prompts has their standard error.
        var n = answers.Prompts.Length;
        var linear = new double[n];
        for (var i = 0; i < n; i++)
        {
            linear[i] = n * (Residual(answers.Current[i], label, now) / totalNow - (Residual(answers.Baseline[i], label, then) / totalThen));
        }

        var prompts = answers.Current.Zip(answers.Baseline).Count(pair => pair.First.Length > 0 && pair.Second.Length > 0);
        if (!ClusteredMean.Of(linear, clusters).TryGet(out var mean, out var reason))
        {
            return new Estimate { Value = now - then, N = prompts, Clusters = PromptClusters.Count(clusters), Reason = reason };
        }

        var change = mean with { Mean = now - then };
        return new Estimate
        {
            Value = change.Mean,
            Lo = change.Interval.Lo,
            Hi = change.Interval.Hi,
            StdErr = change.StdErr,
            N = prompts,
            Clusters = change.Clusters,
            PValue = change.PValue,
        };
    }

    private static double Residual(int[] answers, int label, double share) => answers.Count(answer => answer == label) - (share * answers.Length);
}
