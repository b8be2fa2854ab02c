using System.Globalization;
using Driftline.Core.Samples;
using Driftline.Web.Components.Shared;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>
/// What the Samples page shows within the lineage's view; all of it is in the address: <c>suite</c>, <c>line</c>, <c>generation</c>
/// (one or several with commas), <c>flipped=1</c>, <c>slice</c>, <c>text</c>, <c>where</c>, <c>page</c>, <c>sample</c> (its id in the log),
/// <c>prompt</c> (its number, only where several prompts have that id) and <c>repeat</c>.
/// </summary>
public sealed record SampleChoice
{
    /// <summary>The suite; null is the first that has samples.</summary>
    public string? Suite { get; init; }

    /// <summary>The branch and seed, by their label; null is the first that is shown.</summary>
    public string? Line { get; init; }

    /// <summary>The generations that are looked at; empty is the last one. The first is the one that "flipped" is about.</summary>
    public IReadOnlyList<int> Generations { get; init; } = [];

    /// <summary>Only prompts whose answer differs from the baseline's.</summary>
    public bool Flipped { get; init; }

    /// <summary>Only prompts with this value of a metadata key, as key=value.</summary>
    public string? Slice { get; init; }

    /// <summary>Only prompts that contain this in their name, input, target or an output.</summary>
    public string? Text { get; init; }

    /// <summary>Only prompts with a sample that meets these conditions on metadata and usage, as <see cref="SampleCondition"/> is written.</summary>
    public string? Where { get; init; }

    /// <summary>The page of the list, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>The sample that is open, by its id in the log; null shows the list.</summary>
    public string? Sample { get; init; }

    /// <summary>The number of its prompt, where the id alone does not tell.</summary>
    public int? Prompt { get; init; }

    /// <summary>Which repeat of it, from 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Reads the page's part of the address. What cannot be understood is left out.</summary>
    public static SampleChoice Parse(string query)
    {
        var values = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2 && pair[1].Length > 0)
            .GroupBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => Uri.UnescapeDataString(pair.Last()[1].Replace('+', ' ')), StringComparer.Ordinal);
        return new SampleChoice
        {
            Suite = values.GetValueOrDefault("suite"),
            Line = values.GetValueOrDefault("line"),
            Generations = [.. ListText.Split(values.GetValueOrDefault("generation") ?? "").Select(Number).OfType<int>().Distinct()],
            Flipped = values.GetValueOrDefault("flipped") == "1",
            Slice = values.GetValueOrDefault("slice") is { } slice && slice.IndexOf('=', StringComparison.Ordinal) > 0 ? slice : null,
            Text = values.GetValueOrDefault("text"),
            Where = values.GetValueOrDefault("where"),
            Page = Number(values.GetValueOrDefault("page")) is > 0 and var page ? page : 1,
            Sample = values.GetValueOrDefault("sample"),
            Prompt = Number(values.GetValueOrDefault("prompt")),
            Repeat = Number(values.GetValueOrDefault("repeat")) is > 0 and var repeat ? repeat : 1,
        };
    }

    /// <summary>The page's part of the address, without what says nothing.</summary>
    public string ToQuery()
    {
        (string Key, string? Value)[] parameters =
        [
            ("suite", Suite),
            ("line", Line),
            ("generation", ListText.Join(Generations.Select(generation => generation.ToString(CultureInfo.InvariantCulture)))),
            ("flipped", Flipped ? "1" : null),
            ("slice", Slice),
            ("text", Text),
            ("where", Where),
            ("page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null),
            ("sample", Sample),
            ("prompt", Prompt?.ToString(CultureInfo.InvariantCulture)),
            ("repeat", Repeat > 1 ? Repeat.ToString(CultureInfo.InvariantCulture) : null),
        ];
        return string.Join('&', parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!).Replace("%2C", ",", StringComparison.Ordinal)}"));
    }

    /// <summary>Reads <see cref="Where"/>. Where it cannot be read there are no conditions, and a sentence says what is wrong.</summary>
    public (IReadOnlyList<SampleCondition> Conditions, string? Fault) Conditions()
    {
        try
        {
            return (SampleCondition.Parse(Where ?? ""), null);
        }
        catch (FormatException wrong)
        {
            return ([], wrong.Message);
        }
    }

    /// <summary>The same with another filter: the list begins anew.</summary>
    public SampleChoice Anew() => this with { Page = 1, Sample = null, Prompt = null, Repeat = 1 };

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
