[assembly: AssemblyFixture(typeof(Driftline.E2E.Tests.DemoProgram))]

namespace Driftline.E2E.Tests;

/// <summary><c>driftline demo</c> with its two lineages, loaded once for all tests that only look.</summary>
public sealed class DemoProgram : DriftlineProgram
{
    /// <summary>The sections of a lineage's pages, as they stand in the address.</summary>
    public static readonly IReadOnlyList<string> Sections = ["overview", "values", "bias", "semantics", "loop"];

    /// <summary>The demo's lineages.</summary>
    public static readonly IReadOnlyList<string> Lineages = ["gpt2-political-bias", "microworld"];

    /// <summary>The page of one prompt, with the answers of three generations side by side.</summary>
    public const string OneSample = "lineages/microworld/samples?suite=values&line=replace%20s1&generation=3,8&sample=val-000";

    /// <summary>Every page there is, relative to the address.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        "", "imports", "imports/1", "imports/items", "imports/correct?lineage=microworld", "measures", "settings", "settings/lineage?lineage=microworld", "settings/suite?lineage=microworld&suite=bias_pronoun",
        .. Lineages.SelectMany(lineage => Sections.Select(section => $"lineages/{lineage}/{section}")),
        .. Lineages.Select(lineage => $"lineages/{lineage}/samples"),
        $"lineages/{Lineages[0]}/alerts",
        "lineages/microworld/behaviours",
        OneSample,
    ];

    /// <summary>Whether a page draws charts as soon as it is there.</summary>
    public static bool HasCharts(string page) => Sections.Any(section => page.EndsWith("/" + section, StringComparison.Ordinal));

    /// <summary>Whether a page is about the lineage with branches.</summary>
    public static bool IsBranched(string page) => page.StartsWith("lineages/" + Lineages[1], StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string Command => "demo";
}
