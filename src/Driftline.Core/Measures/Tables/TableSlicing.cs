using System.Security.Cryptography;
using System.Text;
using Driftline.Core.Records;

namespace Driftline.Core.Measures.Tables;

/// <summary>Cuts evaluations to slices of their prompts.</summary>
public static class TableSlicing
{
    /// <summary>The distinct values of a metadata key over the prompts of a table, in ordinal order; empty when no prompt has the key.</summary>
    public static IReadOnlyList<string> DistinctValues(this EvaluationTable table, string key)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var metadata in table.Metadata)
        {
            if (metadata.TryGetValue(key, out var value))
            {
                values.Add(value);
            }
        }

        return [.. values];
    }

    /// <summary>The slices <c>key=value</c> of a table by the given keys, in order of key and then value.</summary>
    public static IEnumerable<string> Slices(this EvaluationTable table, IEnumerable<string> keys) =>
        keys.SelectMany(key => table.DistinctValues(key).Select(value => Slice.Of(key, value)));

    /// <summary>Cuts a table to the prompts whose metadata match every part of a slice.</summary>
    /// <param name="table">The whole evaluation.</param>
    /// <param name="slice">The slice; null returns the table itself. Parts that measures make themselves (<c>answer</c>, <c>score</c>, <c>n</c>, <c>cluster</c>) cut no prompts.</param>
    /// <returns>A table of the matching prompts; it may have none.</returns>
    /// <exception cref="FormatException">The slice is not of the form key=value.</exception>
    public static EvaluationTable Cut(this EvaluationTable table, string? slice)
    {
        if (slice is null)
        {
            return table;
        }

        var parts = Slice.Parse(slice).Where(part => CutsPrompts(table, part.Key)).ToArray();
        var prompts = new List<int>();
        for (var i = 0; i < table.Prompts.Count; i++)
        {
            if (Array.TrueForAll(parts, part => table.Metadata[i].TryGetValue(part.Key, out var value) && value == part.Value))
            {
                prompts.Add(i);
            }
        }

        return prompts.Count == table.Prompts.Count ? table : table.Take(prompts, slice);
    }

    // Suites may have a metadata key that is called as a slice of a measure.
    private static bool CutsPrompts(EvaluationTable table, string key) => key switch
    {
        Slice.AnswerKey or Slice.ScoreKey => false,
        Slice.WordsKey or Slice.ClusterKey or Slice.PartKey or Slice.LevelKey or Slice.FitKey => table.Metadata.Any(metadata => metadata.ContainsKey(key)),
        _ => true,
    };

    /// <summary>The table of some of its prompts.</summary>
    /// <param name="table">The evaluation.</param>
    /// <param name="prompts">Indices of prompts, ascending.</param>
    /// <param name="slice">What they are, for the content's hash.</param>
    internal static EvaluationTable Take(this EvaluationTable table, IReadOnlyList<int> prompts, string slice)
    {
        var starts = new int[prompts.Count + 1];
        for (var i = 0; i < prompts.Count; i++)
        {
            starts[i + 1] = starts[i] + table.RowStart[prompts[i] + 1] - table.RowStart[prompts[i]];
        }

        var rows = new int[starts[^1]];
        for (var i = 0; i < prompts.Count; i++)
        {
            for (int row = table.RowStart[prompts[i]], to = starts[i]; to < starts[i + 1]; row++, to++)
            {
                rows[to] = row;
            }
        }

        return new EvaluationTable
        {
            Node = table.Node,
            Model = table.Model,
            Suite = table.Suite,
            Status = table.Status,
            Config = table.Config,
            Prompts = [.. prompts.Select(prompt => table.Prompts[prompt])],
            RowStart = starts,
            Scores = Columns(table.Scores, rows),
            Answers = table.Answers.Length == 0 ? [] : Array.ConvertAll(rows, row => table.Answers[row]),
            AnswerLabels = table.AnswerLabels,
            OptionProbabilities = Columns(table.OptionProbabilities, rows),
            Embedder = table.Embedder,
            EmbeddingDimension = table.EmbeddingDimension,
            Embeddings = Embeddings(table.Embeddings, table.EmbeddingDimension, rows),
            PromptEmbeddings = table.PromptEmbeddings.Length == 0 ? [] : Embeddings(table.PromptEmbeddings, table.EmbeddingDimension, prompts),
            Outputs = () => new PickedRows<string?>(table.Outputs(), rows),
            About = () => table.About() is { Count: > 0 } all ? Array.ConvertAll(rows, row => all[row]) : [],
            Metadata = [.. prompts.Select(prompt => table.Metadata[prompt])],
            ContentHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{table.ContentHash}/{slice}"))),
        };
    }

    private static Dictionary<string, ScoreColumn> Columns(IReadOnlyDictionary<string, ScoreColumn> columns, int[] rows) =>
        columns.ToDictionary(
            pair => pair.Key,
            pair => new ScoreColumn { Name = pair.Value.Name, Kind = pair.Value.Kind, Values = Array.ConvertAll(rows, row => pair.Value.Values[row]) },
            StringComparer.Ordinal);

    private static float[] Embeddings(float[] all, int dimension, IReadOnlyList<int> rows)
    {
        if (dimension == 0)
        {
            return [];
        }

        var taken = new float[rows.Count * dimension];
        for (var i = 0; i < rows.Count; i++)
        {
            all.AsSpan(rows[i] * dimension, dimension).CopyTo(taken.AsSpan(i * dimension));
        }

        return taken;
    }
}
