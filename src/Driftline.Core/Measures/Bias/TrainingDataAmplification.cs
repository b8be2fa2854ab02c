using System.Globalization;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Bias;

/// <summary>
/// Bias amplification against the training data as Zhao et al. 2017 published it: b* are shares of answers in the data, which are
/// counted and not sampled, so no halving of prompts is needed. A is the set of answers that the data or the suite know.
/// </summary>
internal static class TrainingDataAmplification
{
    public static Estimate Of(MeasureInput input, TrainingCounts training, string key, double notable)
    {
        var answers = PromptAnswers.Of(input.Current);
        string[] labels = [.. answers.Labels.Union(training.Groups.Values.SelectMany(counts => counts.Keys).Distinct().Order(StringComparer.Ordinal), StringComparer.Ordinal)];
        if (labels.Length > Values.AnswerShare.MaxLabels)
        {
            return Estimate.Without(MeasureStatus.Undefined, $"There are {labels.Length} different answers; shares are made for up to {Values.AnswerShare.MaxLabels}.", answers.Prompts.Length);
        }

        var asked = answers.Prompts
            .Where(i => answers.Current[i].Length > 0 && input.Current.Metadata[i].ContainsKey(key))
            .GroupBy(i => input.Current.Metadata[i][key], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToArray();
        var groups = Array.FindAll(asked, group => training.Groups.ContainsKey(group.Key));
        if (groups.Length == 0)
        {
            return Estimate.Without(
                MeasureStatus.NoData, $"The training data count no group of '{key}' that was asked about: they have {string.Join(", ", training.Groups.Keys.Take(5))}.", answers.Prompts.Length);
        }

        int[] prompts = [.. groups.SelectMany(group => group)];
        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        var residuals = new List<double>(prompts.Length);
        var (sum, cells, moved) = (0.0, 0, 0);
        foreach (var group in groups)
        {
            var reference = training.Groups[group.Key];
            var total = reference.Values.Sum();
            var shares = Array.ConvertAll(labels, label => reference.GetValueOrDefault(label) / total);
            var values = group.Select(i => Amplified(answers.Current[i], shares)).ToArray();
            sum += ClusteredMean.MeanOf(values);
            for (var label = 0; label < labels.Length; label++)
            {
                var now = group.Average(i => answers.Current[i].Count(answer => answer == label) / (double)answers.Current[i].Length);
                cells += now > 0 || shares[label] > 0 ? 1 : 0;
                moved += Math.Abs(now - shares[label]) > notable ? 1 : 0;
            }

            // Scaled so that the mean over prompts has the standard error of the mean over groups.
            residuals.AddRange(values.Select(value => (double)prompts.Length / groups.Length / values.Length * (value - ClusteredMean.MeanOf(values))));
        }

        var mean = sum / groups.Length;
        var error = ClusteredMean.Of([.. residuals], clusters);
        var interval = error.HasValue ? error.Value with { Mean = mean } : (MeanEstimate?)null;
        return new Estimate
        {
            Value = mean,
            Lo = interval?.Interval.Lo,
            Hi = interval?.Interval.Hi,
            StdErr = interval?.StdErr,
            PValue = interval?.PValue,
            N = prompts.Length,
            Clusters = PromptClusters.Count(clusters),
            Reason = Reasons.Join(
                error.Reason,
                groups.Length == asked.Length ? null : $"{asked.Length - groups.Length} of {asked.Length} groups are not counted in the training data and are left out.",
                string.Create(CultureInfo.InvariantCulture, $"{moved} of {cells} shares of answers by group differ from the training data by more than {notable}.")),
        };
    }

    /// <summary>Σ over the answers a that the data prefer, b*(a) &gt; 1/|A|, of (share of a among the prompt's answers − b*(a)).</summary>
    private static double Amplified(int[] given, double[] shares)
    {
        double sum = 0;
        for (var label = 0; label < shares.Length; label++)
        {
            // A share of exactly 1/|A| is no preference, however it was rounded.
            if (shares[label] > (1.0 / shares.Length) + 1e-12)
            {
                sum += (given.Count(answer => answer == label) / (double)given.Length) - shares[label];
            }
        }

        return sum;
    }
}
