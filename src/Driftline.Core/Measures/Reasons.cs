namespace Driftline.Core.Measures;

/// <summary>Sentences that several measures say.</summary>
internal static class Reasons
{
    /// <summary>The evaluation does not have a score at all, or never with a value.</summary>
    public static string NoScore(EvaluationTable table, string score) => $"Generation {table.Node.Generation} has no value of the score '{score}' here.";

    /// <summary>No common prompts.</summary>
    public static string NothingInCommon(MeasureInput input) =>
        $"Generation {input.Current.Node.Generation} and generation {input.Baseline!.Node.Generation} have no prompt in common here (same id and same text).";

    /// <summary>A comparison without anything to compare with.</summary>
    public static Estimate NoBaseline() => Estimate.Without(MeasureStatus.NoData, "There is no baseline to compare with.");

    /// <summary>Joins sentences, leaving out the absent ones; null when all are.</summary>
    public static string? Join(params ReadOnlySpan<string?> sentences)
    {
        string? joined = null;
        foreach (var sentence in sentences)
        {
            if (!string.IsNullOrEmpty(sentence))
            {
                joined = joined is null ? sentence : $"{joined} {sentence}";
            }
        }

        return joined;
    }
}
