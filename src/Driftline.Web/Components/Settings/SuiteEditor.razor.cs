using System.Globalization;
using System.Text.Json.Nodes;
using Driftline.Core.Records;
using Driftline.Core.Suites;
using Driftline.Storage;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Settings;

/// <summary>The fields of a suite's definition; whoever shows it saves the draft.</summary>
public sealed partial class SuiteEditor
{
    /// <summary>More options than this are no scale that a person would order by hand.</summary>
    private const int MostOrdered = 20;

    private const int ShownExamples = 6;

    /// <summary>The suite with what was seen of it.</summary>
    [Parameter, EditorRequired]
    public required EditableSuite Suite { get; set; }

    /// <summary>What is edited.</summary>
    [Parameter, EditorRequired]
    public required SuiteDraft Draft { get; set; }

    /// <summary>Whether it can only be looked at.</summary>
    [Parameter]
    public bool ReadOnly { get; set; }

    /// <summary>The draft has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private IEnumerable<KeyValuePair<string, ScoreFacts>> Scores => Suite.Facts.Scores.OrderBy(score => score.Key, StringComparer.Ordinal);

    private List<string> Numbers => [.. Scores.Where(score => score.Value.Kind == ScoreKind.Number).Select(score => score.Key)];

    private IReadOnlyList<string> Answers => SuiteCheck.Answers(Draft.Definition, Suite.Facts);

    private List<string> Order => [.. Draft.Definition.Options.Intersect(Answers, StringComparer.Ordinal), .. Answers.Except(Draft.Definition.Options, StringComparer.Ordinal)];

    private bool PrimaryIsNumber =>
        Draft.Definition.PrimaryScore is { } score && (!Suite.Facts.Scores.TryGetValue(score, out var seen) || seen.Kind == ScoreKind.Number);

    private static string Name(SuiteFamily family) => family.ToString().ToLowerInvariant();

    private string? Examples(string? key)
    {
        if (key is null || !Suite.Values.TryGetValue(key, out var values) || values.Count == 0)
        {
            return null;
        }

        var shown = values.Take(ShownExamples).ToArray();
        return $"Values such as {string.Join(", ", shown)}{(Suite.Facts.MetadataKeys.GetValueOrDefault(key) > shown.Length ? ", …" : ".")}";
    }

    private Task Choose(string key, ChangeEventArgs change)
    {
        var value = change.Value as string;
        Draft.Set(key, string.IsNullOrEmpty(value) ? null : value);
        return Changed.InvokeAsync();
    }

    private Task Answer(string key, ChangeEventArgs change)
    {
        Draft.Set(key, change.Value as string == "true");
        return Changed.InvokeAsync();
    }

    private Task SetThreshold(ChangeEventArgs change)
    {
        Draft.SetThreshold(double.TryParse(change.Value as string, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold) && double.IsFinite(threshold) ? threshold : null);
        return Changed.InvokeAsync();
    }

    private Task Toggle(string score, bool chosen)
    {
        var scores = Numbers.Where(name => name == score ? chosen : Draft.Definition.AnswerScores.Contains(name));
        Draft.Set("answer_scores", new JsonArray([.. scores.Select(name => (JsonNode)name)]));
        return Changed.InvokeAsync();
    }

    private Task SetContrast(int at, ChangeEventArgs change)
    {
        string[] groups = [Draft.Definition.Contrast.ElementAtOrDefault(0) ?? "", Draft.Definition.Contrast.ElementAtOrDefault(1) ?? ""];
        groups[at] = (change.Value as string)?.Trim() ?? "";

        // While one of them is empty it is not a contrast yet, which the fault says; both empty is none.
        Draft.Set("contrast", Array.TrueForAll(groups, group => group.Length == 0) ? [] : new JsonArray([.. groups.Select(group => (JsonNode)group)]));
        return Changed.InvokeAsync();
    }

    private Task Move(int at, int by)
    {
        var order = Order;
        (order[at], order[at + by]) = (order[at + by], order[at]);
        Draft.Set("options", new JsonArray([.. order.Select(option => (JsonNode)option)]));
        return Changed.InvokeAsync();
    }

    private Task Reset(params string[] keys)
    {
        Draft.Reset(keys);
        return Changed.InvokeAsync();
    }
}
