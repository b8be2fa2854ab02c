using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Driftline.Core.Suites;

/// <summary>What a file would change of one key of a suite.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Key">The key (snake_case).</param>
/// <param name="Before">Its value as JSON.</param>
/// <param name="After">The file's value as JSON.</param>
public sealed record SuiteChange(string Suite, string Key, string Before, string After);

/// <summary>
/// Suite definitions as a file: a JSON array of definitions, each with its name; some keys of each are enough, and one definition
/// needs no array. The same keys as a mapping's <c>suite_definition</c>.
/// </summary>
public static class SuiteExchange
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // They say where a definition comes from, not how to read the suite.
    private static readonly string[] Left = ["name", "version", "reasons"];

    /// <summary>Writes definitions with all their keys.</summary>
    public static string Write(IEnumerable<SuiteDefinition> definitions) =>
        new JsonArray([.. definitions.Select(definition => (JsonNode)SuiteDefinitionJson.ToObject(definition))]).ToJsonString(Indented);

    /// <summary>Reads a file.</summary>
    /// <returns>Suite → the keys that the file gives, as JSON.</returns>
    /// <exception cref="SuiteDefinitionException">The text is no such file; the message names the place and the key at fault.</exception>
    public static IReadOnlyDictionary<string, string> Read(string json)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new SuiteDefinitionException("", $"The file is not valid JSON (line {e.LineNumber + 1}): {e.Message}", e);
        }

        JsonNode?[] definitions = node switch
        {
            JsonArray array => [.. array],
            JsonObject one => [one],
            _ => throw new SuiteDefinitionException("", "The file must be a JSON array of suite definitions, such as the one that is exported here."),
        };
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < definitions.Length; i++)
        {
            var (name, keys) = ReadOne(definitions[i], i + 1);
            if (!read.TryAdd(name, keys))
            {
                throw new SuiteDefinitionException("name", $"Definition {i + 1}: the suite '{name}' stands in the file twice; remove one.");
            }
        }

        return read;
    }

    /// <summary>What of a file differs from a definition.</summary>
    /// <param name="definition">The definition in force.</param>
    /// <param name="keysJson">What the file gives, see <see cref="Read"/>.</param>
    public static IReadOnlyList<SuiteChange> Changes(SuiteDefinition definition, string keysJson)
    {
        var now = SuiteDefinitionJson.ToObject(definition);
        return [.. JsonNode.Parse(keysJson)!.AsObject()
            .Where(given => !JsonNode.DeepEquals(given.Value, now[given.Key]))
            .Select(given => new SuiteChange(definition.Name, given.Key, Text(now[given.Key]), Text(given.Value)))];
    }

    /// <summary>A person's settings with the changes of a file in them, as <see cref="SuiteInference.Infer(SuiteFacts, string?, string?)"/> takes them.</summary>
    public static string? Apply(string? editsJson, IEnumerable<SuiteChange> changes)
    {
        var edits = editsJson is null ? [] : JsonNode.Parse(editsJson)!.AsObject();
        foreach (var change in changes)
        {
            edits[change.Key] = JsonNode.Parse(change.After);
        }

        return edits.Count == 0 ? null : edits.ToJsonString();
    }

    private static (string Name, string Keys) ReadOne(JsonNode? node, int number)
    {
        try
        {
            var keys = SuiteDefinitionJson.Parse(node?.ToJsonString() ?? "null");
            if (keys["name"] is not JsonValue value || !value.TryGetValue<string>(out var name) || name.Length == 0)
            {
                throw new SuiteDefinitionException("name", "the key 'name' is missing; add the suite's name.");
            }

            // One key at a time says which value does not fit.
            var whole = SuiteDefinitionJson.Apply(new SuiteDefinition { Name = name, Family = SuiteFamily.Capability }, keys);
            if (whole.Reasons.Count > 0 && !whole.OrdersOptions)
            {
                // As some log happened to list them: nobody's choice.
                keys.Remove("options");
            }

            foreach (var key in Left)
            {
                keys.Remove(key);
            }

            return (name, keys.ToJsonString());
        }
        catch (SuiteDefinitionException e)
        {
            throw new SuiteDefinitionException(e.Key, $"Definition {number}: {e.Message}", e);
        }
    }

    private static string Text(JsonNode? value) => value?.ToJsonString(Indented) ?? "null";
}
