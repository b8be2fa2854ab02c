using System.Text.Json;
using Driftline.Core.Measures;

namespace Driftline.Core.Alerts;

/// <summary>The keys of one rule in JSON. Every message names the key and what it must be.</summary>
internal sealed class RuleFields
{
    private const int LongestText = 2000;
    private const int MostGenerations = 1000;

    private readonly JsonElement _rule;
    private readonly string _path;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    public RuleFields(JsonElement rule, string path)
    {
        (_rule, _path) = (rule, path);
        if (rule.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{path}: must be an object with the keys of a rule");
        }
    }

    public FormatException Missing(string key, string what) => new($"{_path}.{key}: is missing; give {what}");

    public FormatException Wrong(string key, string what) => new($"{_path}.{key}: {what}");

    public string? Text(string key)
    {
        var value = Find(key);
        if (value is null)
        {
            return null;
        }

        var text = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()!.Trim() : throw Wrong(key, $"must be text, not {value.Value.GetRawText()}");
        return text.Length == 0 ? null
            : text.Length <= LongestText ? text
            : throw Wrong(key, $"is longer than {LongestText} characters");
    }

    /// <summary>A measure with one value a generation.</summary>
    public MeasureDefinition Measure(string key)
    {
        var id = Text(key) ?? throw Missing(key, "an id of \"driftline list measures\", or reported:NAME");
        var isSeries = MeasureCatalogue.SeriesMeasures.Any(measure => id == measure.Definition.Id || id.StartsWith(measure.Definition.Id + ":", StringComparison.Ordinal));
        return isSeries
            ? throw Wrong(key, $"{id} has one value for a whole line, and a rule tests each generation: choose a level or a change")
            : MeasureCatalogue.Find(id) ?? throw Wrong(key, $"no measure is called \"{id}\"; \"driftline list measures\" lists them");
    }

    /// <summary>A baseline that the measure has; its first of origin and none where the key is absent.</summary>
    public Baseline Baseline(string key, MeasureDefinition measure)
    {
        if (Text(key) is not { } text)
        {
            return measure.Baselines.Contains(BaselineKind.Origin) ? Measures.Baseline.Origin : Measures.Baseline.None;
        }

        return Measures.Baseline.TryParse(text, out var baseline) && measure.Baselines.Contains(baseline.Kind)
            ? baseline
            : throw Wrong(key, $"{measure.Id} has no baseline \"{text}\"; it has {string.Join(", ", measure.Baselines.Select(Measures.Baseline.Form))}");
    }

    /// <summary>A slice as it is written.</summary>
    public string? Slice(string key)
    {
        var slice = Text(key);
        try
        {
            return slice is null || Measures.Slice.Parse(slice).Count > 0 ? slice : null;
        }
        catch (FormatException exception)
        {
            throw Wrong(key, exception.Message);
        }
    }

    public double? Number(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        { } value => throw Wrong(key, $"must be a number, not {value.GetRawText()}"),
    };

    public int? Count(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var count) && count is >= 1 and <= MostGenerations => count,
        { } value => throw Wrong(key, $"must be a number of generations from 1 to {MostGenerations}, not {value.GetRawText()}"),
    };

    public bool? Flag(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(key, $"must be true or false, not {value.GetRawText()}"),
    };

    /// <summary>One of an enumeration's names; its first where the key is absent.</summary>
    public T Choice<T>(string key)
        where T : struct, Enum
    {
        if (Find(key) is not { } value)
        {
            return default;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? value.Deserialize<T>() : throw new JsonException();
        }
        catch (JsonException)
        {
            var names = Enum.GetValues<T>().Select(choice => JsonSerializer.SerializeToElement(choice).GetString());
            throw Wrong(key, $"must be {string.Join(", ", names.Select(name => $"\"{name}\""))}, not {value.GetRawText()}");
        }
    }

    public IReadOnlyList<string> Texts(string key) =>
        [.. Items(key, "an array of names").Select(item => item is { ValueKind: JsonValueKind.String } && item.GetString() is { Length: > 0 } name ? name : throw Wrong(key, $"must be an array of names, which {item.GetRawText()} is not")).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<AlertLine> Lines(string key) => [.. Items(key, Shape).Select(item => LineOf(item, key)).Distinct()];

    /// <summary>A key that is misspelt would silently not count.</summary>
    public void RefuseOthers()
    {
        var other = _rule.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !_known.Contains(name));
        if (other is not null)
        {
            throw Wrong(other, $"is not a key of a rule; known: {string.Join(", ", _known)}");
        }
    }

    private const string Shape = "an array such as [{\"branch\": \"replace\", \"seed\": \"1\"}]";

    private AlertLine LineOf(JsonElement item, string key) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("branch", out var branch) && branch.ValueKind == JsonValueKind.String
        && item.TryGetProperty("seed", out var seed) && seed.ValueKind == JsonValueKind.String
        && item.EnumerateObject().Count() == 2
            ? new AlertLine(branch.GetString()!, seed.GetString())
            : throw Wrong(key, $"must be {Shape}, which {item.GetRawText()} does not fit");

    private IEnumerable<JsonElement> Items(string key, string shape) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => value.EnumerateArray(),
        _ => throw Wrong(key, $"must be {shape}"),
    };

    private JsonElement? Find(string key)
    {
        _known.Add(key);
        return _rule.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
