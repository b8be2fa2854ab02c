using System.Numerics.Tensors;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures;

/// <summary>
/// The answers of two evaluations pooled over their common prompts, for statistics of counts: of each label those of the current side,
/// then of each label those of the baseline.
/// </summary>
internal sealed class PooledAnswers
{
    private readonly PromptAnswers _answers;
    private readonly AnswerPermutation _permutation;
    private readonly int[] _clusters;
    private readonly double[] _counts;

    private PooledAnswers(PromptAnswers answers, int[] clusters, string? note)
    {
        _answers = answers;
        _clusters = clusters;
        _permutation = new AnswerPermutation(answers.Current, answers.Baseline, answers.Labels.Count);
        _counts = [.. PromptAnswers.Count(answers.Current, answers.Labels.Count), .. PromptAnswers.Count(answers.Baseline, answers.Labels.Count)];
        Note = note;
    }

    /// <summary>The labels, as <see cref="PromptAnswers.Labels"/>.</summary>
    public IReadOnlyList<string> Labels => _answers.Labels;

    /// <summary>Prompts with answers on both sides.</summary>
    public int Prompts => _answers.Current.Zip(_answers.Baseline).Count(pair => pair.First.Length > 0 && pair.Second.Length > 0);

    /// <summary>Clusters of the common prompts, if any.</summary>
    public int? Clusters => PromptClusters.Count(_clusters);

    /// <summary>How many prompts are missing on one side; null where not worth saying.</summary>
    public string? Note { get; }

    /// <summary>Pools the answers of an evaluation and its baseline.</summary>
    /// <param name="input">What is measured.</param>
    /// <param name="refusal">Why there is nothing to pool.</param>
    /// <returns>Null where there is nothing.</returns>
    public static PooledAnswers? Of(MeasureInput input, out Estimate refusal)
    {
        refusal = Reasons.NoBaseline();
        if (input.Baseline is not { } baseline)
        {
            return null;
        }

        var pairs = PromptPairs.Of(input.Current, baseline);
        if (pairs.Count == 0)
        {
            refusal = Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input));
            return null;
        }

        var answers = PromptAnswers.Of(input.Current, baseline, pairs);
        if (answers.Labels.Count > Values.AnswerShare.MaxLabels)
        {
            refusal = Estimate.Without(
                MeasureStatus.Undefined, $"There are {answers.Labels.Count} different answers; distances of shares are made for up to {Values.AnswerShare.MaxLabels}.", pairs.Count);
            return null;
        }

        if (!answers.Current.Any(prompt => prompt.Length > 0) || !answers.Baseline.Any(prompt => prompt.Length > 0))
        {
            var without = answers.Current.Any(prompt => prompt.Length > 0) ? baseline : input.Current;
            refusal = Estimate.Without(MeasureStatus.NoData, $"Generation {without.Node.Generation} has no answers here.", pairs.Count);
            return null;
        }

        return new PooledAnswers(answers, input.Current.ClusterIds(input.Suite, answers.Prompts), pairs.MissingNote);
    }

    /// <summary>A statistic of the answers as they were given.</summary>
    public double Compute(StatisticOfSums statistic) => statistic(_counts);

    /// <summary>The statistic in each permutation of the generations within prompt, unsorted.</summary>
    public double[] Permute(StatisticOfSums statistic, SeededRandom random)
    {
        // What the current side is dealt says what the baseline is dealt: the rest.
        var labels = Labels.Count;
        var packing = new PackedSums(labels, _permutation.Answers.Max());
        return _permutation.Draw(packing.Words, Count, OfDealt, random);

        void Count(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
        {
            foreach (var answer in current)
            {
                packing.Add(sums, answer, 1);
            }
        }

        double OfDealt(ReadOnlySpan<ulong> sums)
        {
            Span<double> counts = stackalloc double[2 * labels];
            packing.Unpack(sums, counts[..labels]);
            for (var i = 0; i < labels; i++)
            {
                counts[labels + i] = _permutation.FixedBaseline[i] + _permutation.Answers[i] - counts[i];
                counts[i] += _permutation.FixedCurrent[i];
            }

            return statistic(counts);
        }
    }

    /// <summary>Bootstrap replicates over prompts (clusters where there are some), ascending, and the statistic without each; null with too few of them.</summary>
    public (double[] Replicates, double[] Jackknife)? Resample(StatisticOfSums statistic, SeededRandom random)
    {
        var count = _clusters.Length == 0 ? _answers.Current.Length : _clusters.Max() + 1;
        if (count < Bootstrap.MinUnits)
        {
            return null;
        }

        var labels = Labels.Count;
        var width = 2 * labels;
        var units = new double[count * width];
        for (var i = 0; i < _answers.Current.Length; i++)
        {
            var row = (_clusters.Length == 0 ? i : _clusters[i]) * width;
            foreach (var answer in _answers.Current[i])
            {
                units[row + answer]++;
            }

            foreach (var answer in _answers.Baseline[i])
            {
                units[row + labels + answer]++;
            }
        }

        var observed = Compute(statistic);
        return (Bootstrap.OfSums(units, width, OfDrawn, random), Bootstrap.JackknifeOfSums(units, width, OfDrawn));

        // A drawn sample may hold only prompts without answers on one side; it then says nothing about the distance.
        double OfDrawn(ReadOnlySpan<double> sums) =>
            TensorPrimitives.Sum(sums[..labels]) == 0 || TensorPrimitives.Sum(sums[labels..]) == 0 ? observed : statistic(sums);
    }
}
