using System.Text.Json.Nodes;

namespace Driftline.Ingest.Columns;

/// <summary>Understands tables whose columns have native names, so that they need no mapping.</summary>
internal static class NativeColumns
{
    private static readonly string[] Sources =
        ["lineage", "branch", "seed", "checkpoint", "model", "run_id", "created", "generation", "sample_id", "epoch", "input", "target", "output", "answer", "options"];

    /// <summary>A mapping for these columns; null if they are not native enough: sample_id, task and something that was measured are needed.</summary>
    public static ColumnMapping? Mapping(IReadOnlyList<string> columns)
    {
        if (!columns.Contains("sample_id") || !columns.Contains("task"))
        {
            return null;
        }

        var scores = Prefixed(columns, "score.", "scores.");
        var probabilities = Prefixed(columns, "option_probs.");
        if (scores.Count == 0 && probabilities.Count == 0 && !columns.Contains("answer") && !columns.Contains("output"))
        {
            return null;
        }

        var mapping = new JsonObject { ["suite"] = Column("task") };
        foreach (var source in Sources.Where(columns.Contains))
        {
            mapping[source] = Column(source);
        }

        if (columns.Contains("embedding"))
        {
            mapping["embedding"] = Column("embedding");
        }

        mapping["scores"] = scores;
        mapping["option_probs"] = probabilities;
        mapping["metadata"] = Prefixed(columns, "metadata.");
        return ColumnMapping.Parse(mapping.ToJsonString());
    }

    private static JsonObject Column(string name) => new() { ["column"] = name };

    private static JsonObject Prefixed(IReadOnlyList<string> columns, params string[] prefixes)
    {
        var found = new JsonObject();
        foreach (var column in columns)
        {
            if (prefixes.FirstOrDefault(p => column.StartsWith(p, StringComparison.Ordinal) && column.Length > p.Length) is { } prefix)
            {
                found[column[prefix.Length..]] = column;
            }
        }

        return found;
    }
}
