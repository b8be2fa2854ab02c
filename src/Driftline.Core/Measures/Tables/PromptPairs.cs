namespace Driftline.Core.Measures.Tables;

/// <summary>The prompts that two evaluations have in common, by identity (sample id and hash of input and target).</summary>
public sealed class PromptPairs
{
    /// <summary>The share of missing prompts from which it is worth saying.</summary>
    public const double NotableMissingShare = 0.05;

    private PromptPairs(int[] current, int[] baseline, int all)
    {
        Current = current;
        Baseline = baseline;
        All = all;
    }

    /// <summary>Index of each common prompt in the current table, ascending.</summary>
    public int[] Current { get; }

    /// <summary>Index of each common prompt in the baseline.</summary>
    public int[] Baseline { get; }

    /// <summary>Number of common prompts.</summary>
    public int Count => Current.Length;

    /// <summary>Number of prompts that either side has.</summary>
    public int All { get; }

    /// <summary>"12 of 150 prompts are on one side only (their id or text differs)." where more than 5 % are; else null.</summary>
    public string? MissingNote => All - Count > NotableMissingShare * All
        ? $"{All - Count} of {All} prompts are on one side only (their id or text differs)."
        : null;

    /// <summary>Pairs two tables.</summary>
    public static PromptPairs Of(EvaluationTable current, EvaluationTable baseline)
    {
        if (ReferenceEquals(current.Prompts, baseline.Prompts))
        {
            int[] same = [.. Enumerable.Range(0, current.Prompts.Count)];
            return new PromptPairs(same, same, same.Length);
        }

        var index = new Dictionary<PromptKey, int>(baseline.Prompts.Count);
        for (var i = 0; i < baseline.Prompts.Count; i++)
        {
            index[baseline.Prompts[i]] = i;
        }

        var left = new List<int>(baseline.Prompts.Count);
        var right = new List<int>(baseline.Prompts.Count);
        for (var i = 0; i < current.Prompts.Count; i++)
        {
            if (index.TryGetValue(current.Prompts[i], out var other))
            {
                left.Add(i);
                right.Add(other);
            }
        }

        return new PromptPairs([.. left], [.. right], current.Prompts.Count + baseline.Prompts.Count - left.Count);
    }
}
