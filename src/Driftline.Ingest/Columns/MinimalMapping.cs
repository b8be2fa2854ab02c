using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Driftline.Ingest.Columns;

/// <summary>A mapping to start from, for a table that needs one.</summary>
internal static class MinimalMapping
{
    private const int MaxNameCharacters = 200;

    private static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The sentence that shows it; empty where there are no columns.</summary>
    /// <param name="all">The columns; what is too long to be a name is no example.</param>
    public static string For(IReadOnlyList<string> all)
    {
        List<string> columns = [.. all.Where(column => column.Length is > 0 and <= MaxNameCharacters)];
        if (columns.Count == 0)
        {
            return "";
        }

        var generation = Like(columns, ColumnWords.Generation);
        var id = Like(columns, ColumnWords.SampleId) ?? columns.Find(ColumnWords.LooksLikeId);
        var input = Like(columns, ColumnWords.Input);
        var output = Like(columns, ColumnWords.Output, generation);
        var answer = Like(columns, ColumnWords.Answer);
        var rest = columns.FindAll(c => c != generation && c != id && c != input && c != output && c != answer && !ColumnWords.IsMetadata(c));
        var score = rest.LastOrDefault() ?? (output is null && answer is null ? columns[^1] : null);
        var mapping = new JsonObject
        {
            ["lineage"] = "my-experiment",
            ["generation"] = generation is null ? 0 : Column(generation),
            ["model"] = "my-model-g{generation}",
            ["suite"] = "my-suite",
            ["sample_id"] = id is null ? new JsonObject { ["row_number"] = true } : Column(id),
        };
        foreach (var (key, column) in new[] { ("input", input), ("output", output), ("answer", answer) })
        {
            if (column is not null)
            {
                mapping[key] = Column(column);
            }
        }

        if (score is not null)
        {
            mapping["scores"] = new JsonObject { [score] = score };
        }

        return $" To start from: {mapping.ToJsonString(Writing)}";
    }

    private static JsonObject Column(string name) => new() { ["column"] = name };

    private static string? Like(List<string> columns, IReadOnlyList<string> words, string? taken = null) =>
        words.Select(word => columns.Find(column => column != taken && ColumnWords.Is(column, word))).FirstOrDefault(column => column is not null);
}
