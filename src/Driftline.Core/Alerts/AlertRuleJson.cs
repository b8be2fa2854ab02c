using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Driftline.Core.Alerts;

/// <summary>
/// Rules as JSON, the same in files, over HTTP, in the database and behind the editor:
/// <c>{"rules":[{"lineage":…,"id":…,"name":…,"severity":"page","measure":…,"suite":…,"condition":"above","threshold":0.3,…}]}</c>.
/// </summary>
public static class AlertRuleJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes rules of one or several lineages, as <see cref="Parse"/> reads them.</summary>
    public static string Write(IEnumerable<(string Lineage, AlertRule Rule)> rules) =>
        new JsonObject { ["rules"] = new JsonArray([.. rules.Select(rule => Object(rule.Rule, rule.Lineage))]) }.ToJsonString(Readable);

    /// <summary>Writes one rule in one line.</summary>
    public static string Write(AlertRule rule) => Object(rule, null).ToJsonString(Compact);

    /// <summary>One rule as a JSON object.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="lineage">Its lineage; null leaves it out.</param>
    public static JsonObject Object(AlertRule rule, string? lineage)
    {
        var json = new JsonObject();
        if (lineage is not null)
        {
            json["lineage"] = lineage;
        }

        json["id"] = rule.Id;
        json["name"] = rule.Name;
        json["enabled"] = rule.Enabled;
        json["tier"] = Name(rule.Tier);
        json["severity"] = Name(rule.Severity);
        json["measure"] = rule.Series.Measure;
        json["suite"] = rule.Series.Suite;
        json["slice"] = rule.Series.Slice;
        json["baseline"] = rule.Series.Baseline.ToString();
        json["branches"] = new JsonArray([.. rule.Branches.Select(branch => JsonValue.Create(branch))]);
        json["seeds"] = new JsonArray([.. rule.Seeds.Select(seed => new JsonObject { ["branch"] = seed.Branch, ["seed"] = seed.Seed })]);
        json["condition"] = Name(rule.Condition);
        json["threshold"] = rule.Threshold;
        json["on"] = Name(rule.Basis);
        json["for"] = rule.For;
        json["recovery"] = rule.Recovery;
        json["recovery_for"] = rule.RecoveryFor;
        json["note"] = rule.Note;
        return json;
    }

    /// <summary>Reads a file of rules.</summary>
    /// <param name="json">The text.</param>
    /// <param name="lineage">The lineage of rules that name none; null where each must.</param>
    /// <exception cref="FormatException">Something is missing or cannot be understood; the message names the key and the way out.</exception>
    public static IReadOnlyList<(string Lineage, AlertRule Rule)> Parse(string json, string? lineage = null)
    {
        using var document = ParseDocument(json);
        var root = document.RootElement;
        var rules = root.ValueKind == JsonValueKind.Array ? root
            : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("rules", out var list) && list.ValueKind == JsonValueKind.Array ? list
            : throw new FormatException("rules: must be an array of rules, as \"driftline rules export\" writes it");
        return [.. rules.EnumerateArray().Select((rule, index) => ParseRule(rule, $"rules[{index}]", lineage))];
    }

    /// <summary>Reads one rule that <see cref="Write(AlertRule)"/> wrote.</summary>
    /// <exception cref="FormatException">It cannot be understood.</exception>
    public static AlertRule ParseOne(string json)
    {
        using var document = ParseDocument(json);
        return ParseRule(document.RootElement, "rule", "").Rule;
    }

    private static JsonDocument ParseDocument(string json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            throw new FormatException($"line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: not JSON ({exception.Message.Split(". ")[0]})", exception);
        }
    }

    private static (string Lineage, AlertRule Rule) ParseRule(JsonElement json, string path, string? lineage)
    {
        var fields = new RuleFields(json, path);
        var condition = fields.Choice<AlertCondition>("condition");
        var threshold = fields.Number("threshold") ?? throw fields.Missing("threshold", "a number in the measure's unit, such as 0.3");
        var recovery = fields.Number("recovery");
        if (condition == AlertCondition.Outside && (threshold < 0 || recovery < 0))
        {
            throw fields.Wrong(threshold < 0 ? "threshold" : "recovery", "must be 0 or more when the condition is \"outside\", which means further from 0 than it");
        }

        if (recovery is { } back && (condition == AlertCondition.Below ? back < threshold : back > threshold))
        {
            throw fields.Wrong("recovery", $"must lie on the harmless side of the threshold, {(condition == AlertCondition.Below ? "at or above" : "at or below")} it; leave it out to recover at the threshold itself");
        }

        var named = fields.Text("lineage") ?? lineage ?? throw fields.Missing("lineage", "the lineage that the rule watches");
        var measure = fields.Measure("measure");
        var suite = fields.Text("suite") ?? throw fields.Missing("suite", "a suite of \"driftline list suites\"");
        var rule = new AlertRule
        {
            Id = fields.Text("id") ?? "",
            Name = fields.Text("name") ?? throw fields.Missing("name", "a few words that tell it from the lineage's other rules"),
            Enabled = fields.Flag("enabled") ?? true,
            Tier = fields.Choice<AlertTier>("tier"),
            Severity = fields.Choice<AlertSeverity>("severity"),
            Series = new WatchedSeries(measure.Id, suite, fields.Slice("slice"), fields.Baseline("baseline", measure)),
            Branches = fields.Texts("branches"),
            Seeds = fields.Lines("seeds"),
            Condition = condition,
            Threshold = threshold,
            Basis = fields.Choice<AlertBasis>("on"),
            For = fields.Count("for") ?? 1,
            Recovery = recovery,
            RecoveryFor = fields.Count("recovery_for") ?? 1,
            Note = fields.Text("note"),
        };
        fields.RefuseOthers();
        return (named, rule);
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonSerializer.SerializeToElement(value).GetString()!;
}
