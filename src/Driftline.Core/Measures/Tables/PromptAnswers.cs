namespace Driftline.Core.Measures.Tables;

/// <summary>
/// The answers of the common prompts of two evaluations (or of all prompts of one) in one set of labels.
/// </summary>
public sealed class PromptAnswers
{
    private PromptAnswers(IReadOnlyList<string> labels, int[] prompts, int[][] current, int[][] baseline)
    {
        Labels = labels;
        Prompts = prompts;
        Current = current;
        Baseline = baseline;
    }

    /// <summary>The labels: those of the current evaluation in its order, then those that only the baseline has.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Index of each prompt in the current evaluation.</summary>
    public int[] Prompts { get; }

    /// <summary>The answers of each prompt in the current evaluation, as indices of labels, missing ones left out.</summary>
    public int[][] Current { get; }

    /// <summary>The same of the baseline; empty without one.</summary>
    public int[][] Baseline { get; }

    /// <summary>The answers of one evaluation.</summary>
    public static PromptAnswers Of(EvaluationTable table)
    {
        int[] prompts = [.. Enumerable.Range(0, table.Prompts.Count)];
        return new PromptAnswers(table.AnswerLabels, prompts, Collect(table, prompts, null), []);
    }

    /// <summary>The answers of two evaluations to their common prompts.</summary>
    public static PromptAnswers Of(EvaluationTable current, EvaluationTable baseline, PromptPairs pairs)
    {
        var labels = current.AnswerLabels.ToList();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            numbers[labels[i]] = i;
        }

        var translation = new int[baseline.AnswerLabels.Count];
        for (var i = 0; i < translation.Length; i++)
        {
            var label = baseline.AnswerLabels[i];
            if (!numbers.TryGetValue(label, out translation[i]))
            {
                numbers[label] = translation[i] = labels.Count;
                labels.Add(label);
            }
        }

        return new PromptAnswers(labels, pairs.Current, Collect(current, pairs.Current, null), Collect(baseline, pairs.Baseline, translation));
    }

    /// <summary>How often each label was given, pooled over prompts.</summary>
    public static double[] Count(int[][] answers, int labels)
    {
        var counts = new double[labels];
        foreach (var prompt in answers)
        {
            foreach (var answer in prompt)
            {
                counts[answer]++;
            }
        }

        return counts;
    }

    /// <summary>The answer that a prompt was given most often; of equally frequent ones the first in the order of labels. −1 without answers.</summary>
    /// <param name="answers">The prompt's answers.</param>
    /// <param name="counts">Room for one count a label, all 0; left all 0 again.</param>
    public static int Modal(ReadOnlySpan<int> answers, Span<int> counts)
    {
        foreach (var answer in answers)
        {
            counts[answer]++;
        }

        var best = -1;
        var most = 0;
        foreach (var answer in answers)
        {
            if (counts[answer] > most || (counts[answer] == most && answer < best))
            {
                most = counts[answer];
                best = answer;
            }
        }

        foreach (var answer in answers)
        {
            counts[answer] = 0;
        }

        return best;
    }

    private static int[][] Collect(EvaluationTable table, int[] prompts, int[]? translation)
    {
        var collected = new int[prompts.Length][];
        for (var i = 0; i < prompts.Length; i++)
        {
            var from = table.RowStart[prompts[i]];
            var to = table.RowStart[prompts[i] + 1];
            collected[i] = table.Answers.Length == 0
                ? []
                : [.. table.Answers[from..to].Where(answer => answer >= 0).Select(answer => translation is null ? answer : translation[answer])];
        }

        return collected;
    }
}
