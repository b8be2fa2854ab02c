using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Driftline.Core.Suites;

/// <summary>Suite definitions as JSON (snake_case names): how they are stored, exported, and given with a mapping.</summary>
public static class SuiteDefinitionJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Every key that a definition has, in the order in which it is written.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [.. ToObject(new SuiteDefinition { Name = "", Family = SuiteFamily.Capability }).Select(pair => pair.Key)];

    /// <summary>Writes a definition with all its keys.</summary>
    public static string Serialize(SuiteDefinition definition) => JsonSerializer.Serialize(definition, Options);

    /// <summary>Reads a whole definition.</summary>
    /// <exception cref="SuiteDefinitionException">The text is no JSON object, a key is unknown or missing, or a value does not fit its key.</exception>
    public static SuiteDefinition Deserialize(string json)
    {
        var keys = Parse(json);
        foreach (var required in new[] { "name", "family" })
        {
            if (!keys.ContainsKey(required))
            {
                throw new SuiteDefinitionException(required, $"the key '{required}' is missing from the suite definition; add it.");
            }
        }

        var blank = new SuiteDefinition { Name = "", Family = SuiteFamily.Capability };
        return Apply(blank, keys);
    }

    /// <summary>Writes some keys of a definition, as a mapping or a person gives them; null when there are none.</summary>
    public static string? SerializePart(SuiteDefinition definition, Func<string, bool> takes)
    {
        var part = ToObject(definition);
        foreach (var key in Keys.Where(key => !takes(key)))
        {
            part.Remove(key);
        }

        return part.Count == 0 ? null : part.ToJsonString(Options);
    }

    /// <summary>A key's value as JSON.</summary>
    /// <exception cref="KeyNotFoundException">No definition has the key.</exception>
    public static JsonNode? Value(SuiteDefinition definition, string key)
    {
        var values = ToObject(definition);
        return Keys.Contains(key) ? values[key]?.DeepClone() : throw new KeyNotFoundException($"A suite definition has no key '{key}'.");
    }

    internal static JsonObject ToObject(SuiteDefinition definition) => JsonSerializer.SerializeToNode(definition, Options)!.AsObject();

    /// <summary>Reads a partial definition and refuses keys that no definition has.</summary>
    internal static JsonObject Parse(string json)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new SuiteDefinitionException("", $"the suite definition is not valid JSON (line {e.LineNumber + 1}): {e.Message}", e);
        }

        if (node is not JsonObject keys)
        {
            throw new SuiteDefinitionException("", "the suite definition must be a JSON object such as {\"family\": \"bias\"}.");
        }

        foreach (var (key, _) in keys)
        {
            if (!Keys.Contains(key))
            {
                throw new SuiteDefinitionException(key, $"the suite definition has no key '{key}'; its keys are {string.Join(", ", Keys)}.");
            }
        }

        return keys;
    }

    /// <summary>Replaces the given keys of a definition.</summary>
    internal static SuiteDefinition Apply(SuiteDefinition definition, JsonObject keys)
    {
        var merged = ToObject(definition);
        foreach (var (key, value) in keys)
        {
            merged[key] = value?.DeepClone();
            try
            {
                // One key at a time, so that the message can name the one that does not fit.
                _ = merged.Deserialize<SuiteDefinition>(Options);
            }
            catch (JsonException e)
            {
                throw new SuiteDefinitionException(
                    key, $"the value {value?.ToJsonString() ?? "null"} does not fit the key '{key}' of a suite definition{Allowed(key)}.", e);
            }
        }

        return merged.Deserialize<SuiteDefinition>(Options)!;
    }

    private static string Allowed(string key) => key switch
    {
        "family" => ", which is one of " + string.Join(", ", Enum.GetValues<SuiteFamily>().Select(f => JsonSerializer.Serialize(f))),
        "worse" => ", which is \"higher\", \"lower\" or null",
        "boolean" or "ordinal" or "free_text" => ", which is true or false",
        "threshold" => ", which is a number or null",
        "version" => ", which is a whole number",
        "options" or "answer_scores" or "contrast" => ", which is an array of texts",
        "reasons" => ", which is an object of sentences",
        _ => ", which is a text",
    };
}

/// <summary>A suite definition that cannot be read.</summary>
public sealed class SuiteDefinitionException(string key, string message, Exception? cause = null) : FormatException(message, cause)
{
    /// <summary>The key at fault; empty when the text is no JSON object at all.</summary>
    public string Key { get; } = key;
}
