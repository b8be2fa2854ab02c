using System.Text.Json;
using Driftline.Core.Suites;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Columns;

/// <summary>Reads the part of a mapping document that belongs to one suite.</summary>
internal sealed class SuiteParser(MappingValues values, IReadOnlyDictionary<string, ColumnType> types)
{
    public static readonly string[] Keys =
    [
        "suite", "task", "input", "target", "output", "answer", "options", "ordinal", "option_probs", "scores", "score_rows", "metrics", "metadata",
        "embedding", "config", "suite_definition",
    ];

    private static readonly HashSet<string> DefinitionKeys =
        [.. typeof(SuiteDefinition).GetProperties().Where(p => p.CanWrite).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name))];

    /// <summary>Reads a suite; what it does not say is taken from another.</summary>
    public SuiteMapping Parse(JsonElement element, string at, SuiteMapping otherwise)
    {
        var answer = values.Find(element, "answer");
        var argMax = answer is { ValueKind: JsonValueKind.Object } choice && values.Find(choice, "argmax") is not null ? ParseArgMax(choice, at) : null;
        return new SuiteMapping
        {
            Name = values.Text(element, values.Find(element, "suite") is null ? "task" : "suite", at) ?? otherwise.Name,
            Input = values.Text(element, "input", at) ?? otherwise.Input,
            Target = values.Text(element, "target", at) ?? otherwise.Target,
            Output = values.Text(element, "output", at) ?? otherwise.Output,
            Answer = answer is null ? otherwise.Answer : argMax is null && !IsArgMax(answer.Value) ? values.Text(element, "answer", at) : null,
            ArgMax = answer is null ? otherwise.ArgMax : argMax,
            Options = ParseOptions(element, at) ?? otherwise.Options,
            Ordinal = values.Boolean(element, "ordinal", at, otherwise.Ordinal),
            OptionProbabilities = Columns(element, "option_probs", at) ?? otherwise.OptionProbabilities,
            Scores = Columns(element, "scores", at) ?? otherwise.Scores,
            ScoreRows = ParseScoreRows(element, at) ?? otherwise.ScoreRows,
            Metrics = ParseMetrics(element, at) ?? otherwise.Metrics,
            Metadata = Columns(element, "metadata", at) ?? otherwise.Metadata,
            Embedding = ParseEmbedding(element, at) ?? otherwise.Embedding,
            Config = ParseConfig(element, at) ?? otherwise.Config,
            Definition = ParseDefinition(element, at) ?? otherwise.Definition,
        };
    }

    private bool IsArgMax(JsonElement answer) => answer.ValueKind == JsonValueKind.Object && values.Find(answer, "argmax") is not null;

    private ArgMax? ParseArgMax(JsonElement answer, string at)
    {
        values.RequireKnown(answer, at + "answer.", ["argmax", "keep_as"]);
        var keepAs = values.Choice(
            answer, "keep_as", at + "answer.", KeepAs.Scores, ("scores", KeepAs.Scores), ("option_probs", KeepAs.OptionProbs), ("none", KeepAs.None));
        var columns = values.Find(answer, "argmax")!.Value;
        if (!values.IsObject(columns, at + "answer.argmax"))
        {
            return null;
        }

        // Column → option, so that the document reads like the table's header.
        var options = new List<NamedColumn>();
        foreach (var property in columns.EnumerateObject())
        {
            if (property.Value is { ValueKind: JsonValueKind.String } && property.Value.GetString() is { Length: > 0 } option)
            {
                options.Add(new NamedColumn(option, property.Name, ColumnType.Number));
            }
            else
            {
                values.Wrong($"{at}answer.argmax.{property.Name}", "must be the name of an option", property.Value);
            }
        }

        if (options.Count < 2 || options.Select(o => o.Name).Distinct(StringComparer.Ordinal).Count() < options.Count)
        {
            values.Wrong($"{at}answer.argmax", "must name two or more columns with different options");
        }

        return new ArgMax(options, keepAs);
    }

    private TextSource? ParseOptions(JsonElement element, string at)
    {
        if (values.Find(element, "options") is not { ValueKind: JsonValueKind.Array } array)
        {
            return values.Find(element, "options") is { ValueKind: JsonValueKind.String } text
                ? Wrong<TextSource>(at + "options", "must be an array of strings or {\"column\": …}", text)
                : values.Text(element, "options", at);
        }

        return array.EnumerateArray().All(option => option.ValueKind == JsonValueKind.String)
            ? new TextSource(CanonicalJson.From(array), null)
            : Wrong<TextSource>(at + "options", "must be an array of strings or {\"column\": …}", array);
    }

    /// <summary>Name → column or → <c>{"column": …, "type": …}</c>, or an array of columns under their own names.</summary>
    private List<NamedColumn>? Columns(JsonElement element, string key, string at)
    {
        if (values.Find(element, key) is not { } value)
        {
            return null;
        }

        var columns = new List<NamedColumn>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var column in value.EnumerateArray())
            {
                if (column.ValueKind == JsonValueKind.String)
                {
                    columns.Add(new NamedColumn(column.GetString()!, column.GetString()!, TypeOf(column.GetString()!)));
                }
                else
                {
                    values.Wrong(at + key, "must hold names of columns", column);
                }
            }

            return columns;
        }

        if (!values.IsObject(value, at + key))
        {
            return columns;
        }

        foreach (var property in value.EnumerateObject())
        {
            var name = $"{at}{key}.";
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                values.RequireKnown(property.Value, $"{name}{property.Name}.", ["column", "type"]);
                if (values.RequiredString(property.Value, "column", $"{name}{property.Name}.") is { } column)
                {
                    var type = values.Choice(
                        property.Value, "type", $"{name}{property.Name}.", TypeOf(column), ("number", ColumnType.Number), ("boolean", ColumnType.Boolean), ("text", ColumnType.Text));
                    columns.Add(new NamedColumn(property.Name, column, type));
                }
            }
            else if (values.RequiredString(value, property.Name, name) is { } column)
            {
                columns.Add(new NamedColumn(property.Name, column, TypeOf(column)));
            }
        }

        if (key == "scores" && columns.Find(c => c.Type == ColumnType.Text) is { } text)
        {
            values.Wrong($"{at}scores.{text.Name}", "must be of type number or boolean; map a text as answer or metadata");
        }

        return columns;
    }

    private ScoreRows? ParseScoreRows(JsonElement element, string at)
    {
        if (values.Find(element, "score_rows") is not { } value || !values.IsObject(value, at + "score_rows"))
        {
            return null;
        }

        values.RequireKnown(value, at + "score_rows.", ["name", "value"]);
        var name = values.RequiredString(value, "name", at + "score_rows.");
        var column = values.RequiredString(value, "value", at + "score_rows.");
        return name is null || column is null ? null : new ScoreRows(name, column);
    }

    private List<MetricColumn>? ParseMetrics(JsonElement element, string at)
    {
        if (values.Find(element, "metrics") is not { } value || !values.IsObject(value, at + "metrics"))
        {
            return null;
        }

        var metrics = new List<MetricColumn>();
        foreach (var property in value.EnumerateObject())
        {
            var name = $"{at}metrics.{property.Name}.";
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                if (values.RequiredString(value, property.Name, at + "metrics.") is { } only)
                {
                    metrics.Add(new MetricColumn(property.Name, only, null, null, null));
                }

                continue;
            }

            values.RequireKnown(property.Value, name, ["column", "stderr", "n_samples", "higher_is_better"]);
            if (values.RequiredString(property.Value, "column", name) is { } column)
            {
                metrics.Add(new MetricColumn(
                    property.Name,
                    column,
                    values.Find(property.Value, "stderr") is null ? null : values.RequiredString(property.Value, "stderr", name),
                    values.Find(property.Value, "n_samples") is null ? null : values.RequiredString(property.Value, "n_samples", name),
                    values.Find(property.Value, "higher_is_better") is null ? null : values.Boolean(property.Value, "higher_is_better", name, otherwise: false)));
            }
        }

        return metrics;
    }

    private EmbeddingColumn? ParseEmbedding(JsonElement element, string at)
    {
        if (values.Find(element, "embedding") is not { } value || !values.IsObject(value, at + "embedding"))
        {
            return null;
        }

        values.RequireKnown(value, at + "embedding.", ["column", "name"]);
        return values.RequiredString(value, "column", at + "embedding.") is { } column
            ? new EmbeddingColumn(column, values.Find(value, "name") is null ? "default" : values.RequiredString(value, "name", at + "embedding.") ?? "default")
            : null;
    }

    private string? ParseConfig(JsonElement element, string at) =>
        values.Find(element, "config") is { } value && values.IsObject(value, at + "config") ? CanonicalJson.From(value) : null;

    private string? ParseDefinition(JsonElement element, string at)
    {
        if (values.Find(element, "suite_definition") is not { } value || !values.IsObject(value, at + "suite_definition"))
        {
            return null;
        }

        values.RequireKnown(value, at + "suite_definition.", DefinitionKeys);
        return CanonicalJson.From(value);
    }

    private ColumnType TypeOf(string column) => types.GetValueOrDefault(column, ColumnType.Auto);

    private T? Wrong<T>(string key, string what, JsonElement found)
        where T : class
    {
        values.Wrong(key, what, found);
        return null;
    }
}
