using Driftline.Core.Records;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Tables;

/// <summary>Scores by prompt: repeats are averaged first, "no value" is left out.</summary>
public static class PromptScores
{
    /// <summary>The mean of a score over the repeats of each prompt; NaN where no repeat has a value.</summary>
    /// <param name="table">The evaluation.</param>
    /// <param name="score">The score's name.</param>
    /// <param name="threshold">When given, values count as 1 from there on, else as 0.</param>
    /// <returns>One value a prompt; null when the evaluation does not have the score.</returns>
    public static double[]? PromptMeans(this EvaluationTable table, string score, double? threshold = null)
    {
        if (!table.Scores.TryGetValue(score, out var column))
        {
            return null;
        }

        var means = new double[table.Prompts.Count];
        for (var i = 0; i < means.Length; i++)
        {
            double sum = 0;
            var count = 0;
            for (var row = table.RowStart[i]; row < table.RowStart[i + 1]; row++)
            {
                var value = column.Values[row];
                if (!double.IsNaN(value))
                {
                    sum += threshold is { } from ? (value >= from ? 1 : 0) : value;
                    count++;
                }
            }

            means[i] = count == 0 ? double.NaN : sum / count;
        }

        return means;
    }

    /// <summary>Number of rows with a value of a score, among the given prompts.</summary>
    public static int CountValues(this EvaluationTable table, string score, IEnumerable<int> prompts)
    {
        var values = table.Scores[score].Values;
        var count = 0;
        foreach (var prompt in prompts)
        {
            for (var row = table.RowStart[prompt]; row < table.RowStart[prompt + 1]; row++)
            {
                count += double.IsNaN(values[row]) ? 0 : 1;
            }
        }

        return count;
    }

    /// <summary>The largest number of rows of a prompt; 0 without prompts.</summary>
    public static int Repeats(this EvaluationTable table)
    {
        var most = 0;
        for (var i = 0; i < table.Prompts.Count; i++)
        {
            most = Math.Max(most, table.RowStart[i + 1] - table.RowStart[i]);
        }

        return most;
    }

    /// <summary>
    /// The scores of a suite as measures take them up: the primary one on the slice as it is, then every other in ordinal order on
    /// the slice <c>score=NAME</c>. Evaluations that lack a score are no reason to leave it out: the estimate says so.
    /// </summary>
    /// <param name="input">What is measured.</param>
    /// <param name="booleanOnly">Only yes/no scores.</param>
    internal static IEnumerable<ScoreSlice> ScoreSlices(this MeasureInput input, bool booleanOnly)
    {
        var primary = input.Suite.PrimaryScore;
        if (primary is not null && (!booleanOnly || input.Suite.Boolean))
        {
            yield return new ScoreSlice(input.Slice, primary, booleanOnly ? input.Suite.Threshold : null);
        }

        var others = input.Current.Scores.Values
            .Where(column => column.Name != primary && (!booleanOnly || column.Kind == ScoreKind.Boolean))
            .Select(column => column.Name)
            .Order(StringComparer.Ordinal);
        foreach (var other in others)
        {
            yield return new ScoreSlice(Slice.Join(input.Slice, Slice.ScoreKey, other), other, null);
        }
    }

    /// <summary>Whether a suite has a yes/no score in this evaluation.</summary>
    internal static bool HasBoolean(SuiteDefinition suite, EvaluationTable table) =>
        (suite is { PrimaryScore: { } primary, Boolean: true } && table.Scores.ContainsKey(primary))
        || table.Scores.Values.Any(column => column.Kind == ScoreKind.Boolean);
}

/// <summary>A score and the slice that its estimates belong to.</summary>
/// <param name="Slice">The slice as written.</param>
/// <param name="Score">The score's name.</param>
/// <param name="Threshold">From where on a number counts as yes.</param>
internal readonly record struct ScoreSlice(string? Slice, string Score, double? Threshold);
