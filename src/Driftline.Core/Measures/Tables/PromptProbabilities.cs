using Driftline.Core.Records;

namespace Driftline.Core.Measures.Tables;

/// <summary>The probabilities of options that the logs of two evaluations state, by common prompt.</summary>
public static class PromptProbabilities
{
    /// <summary>
    /// Σ_a (p(a) − q(a))² of each common prompt, p and q the probabilities of options averaged over repeats and made to sum to 1; NaN
    /// where one side states none.
    /// </summary>
    /// <returns>One value a pair; empty where one evaluation states no probabilities at all.</returns>
    public static double[] SquaredDifferences(EvaluationTable current, EvaluationTable baseline, PromptPairs pairs)
    {
        if (current.OptionProbabilities.Count == 0 || baseline.OptionProbabilities.Count == 0)
        {
            return [];
        }

        string[] labels = [.. current.OptionProbabilities.Keys.Union(baseline.OptionProbabilities.Keys).Order(StringComparer.Ordinal)];
        var columnsNow = Array.ConvertAll(labels, label => current.OptionProbabilities.GetValueOrDefault(label));
        var columnsThen = Array.ConvertAll(labels, label => baseline.OptionProbabilities.GetValueOrDefault(label));
        var now = new double[labels.Length];
        var then = new double[labels.Length];
        var differences = new double[pairs.Count];
        for (var i = 0; i < differences.Length; i++)
        {
            var both = Read(current, columnsNow, pairs.Current[i], now) && Read(baseline, columnsThen, pairs.Baseline[i], then);
            differences[i] = both ? now.Zip(then, (p, q) => (p - q) * (p - q)).Sum() : double.NaN;
        }

        return differences;
    }

    private static bool Read(EvaluationTable table, ScoreColumn?[] columns, int prompt, double[] mean)
    {
        Array.Clear(mean);
        double rows = 0;
        for (var row = table.RowStart[prompt]; row < table.RowStart[prompt + 1]; row++)
        {
            double total = 0;
            foreach (var column in columns)
            {
                total += Probability(column, row);
            }

            if (total > 0)
            {
                rows++;
                for (var label = 0; label < columns.Length; label++)
                {
                    mean[label] += Probability(columns[label], row) / total;
                }
            }
        }

        for (var label = 0; label < mean.Length; label++)
        {
            mean[label] /= Math.Max(rows, 1);
        }

        return rows > 0;
    }

    private static double Probability(ScoreColumn? column, int row) => column is not null && column.Values[row] > 0 ? column.Values[row] : 0;
}
