using System.Text.Json;
using Driftline.Core.Figures;
using Driftline.Core.Lineages;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Figures;

/// <summary>The microworld lineage as series: real values of a real self-training run, computed independently of this project.</summary>
internal static class Microworld
{
    public const string Lineage = "microworld";

    private static readonly JsonElement[] Nodes = Load();

    public static LineageLanes Lanes { get; } = LineageLanes.From(
        Nodes.Select(node =>
        {
            var key = Key(node);
            return new LaneNode(key, "mw", Parent(key));
        }),
        ["replace", "accumulate", "null"]);

    public static MeasureSeries Unknown { get; } = Level("bias_bbq|is_unknown|", "rate", "bias_bbq", "share");

    public static MeasureSeries UnknownShift { get; } = Shift("bias_bbq|is_unknown|", "rate_shift", "bias_bbq", "share");

    public static MeasureSeries PowerShift { get; } = Shift("values|answer_value|dimension=power", "score_shift", "values", "score", "dimension=power");

    public static MeasureSeries Perplexity { get; } = Series("reported:perplexity", "human_text", "perplexity", Baseline.None, null, node =>
        new Estimate { Value = node.GetProperty("reported").GetProperty("human_text/perplexity").GetDouble(), N = 1500 });

    public static MeasureSeries Distance { get; } = Series("js_distance", "values", "distance", Baseline.Origin, null, node =>
        Key(node).Generation == 0
            ? null
            : new Estimate { Value = node.GetProperty("values|js_distance").GetDouble(), N = 120, FloorMean = .02, FloorP95 = .04 });

    public static MeasureDefinition Definition(string id, string title, string unit, string range, BaselineKind baseline) => new()
    {
        Id = id,
        Family = Core.Suites.SuiteFamily.Value,
        Title = title,
        Meaning = "What it tells.",
        Unit = unit,
        Range = range,
        Baselines = [baseline],
        Needs = MeasureNeeds.None,
        Comparability = ComparabilityKeys.None,
        Formula = "f",
        Interval = "i",
        Source = "Driftline",
    };

    public static MeasureDefinition Rate { get; } = Definition("rate", "Rate", "share", "[0, 1]", BaselineKind.None);

    public static MeasureDefinition RateShift { get; } = Definition("rate_shift", "Change in rate", "share", "[−1, 1]", BaselineKind.Origin);

    public static MeasureDefinition ScoreShift { get; } = Definition("score_shift", "Change in score", "score", "(−∞, ∞)", BaselineKind.Origin);

    public static MeasureDefinition JsDistance { get; } = Definition("js_distance", "JS distance", "distance", "[0, 1]", BaselineKind.Origin);

    public static IReadOnlyList<MeasureSeries> AnswerShares { get; } =
    [
        .. new[] { "strongly disagree", "disagree", "agree", "strongly agree" }.Select(answer =>
            Series("answer_share", "values", "share", Baseline.None, "answer=" + answer, node =>
                new Estimate { Value = node.GetProperty("values|answer_share").GetProperty(answer).GetDouble(), N = 120 })),
    ];

    private static MeasureSeries Level(string fact, string measure, string suite, string unit) =>
        Series(measure, suite, unit, Baseline.None, null, node => Estimated(node, fact, "level"));

    private static MeasureSeries Shift(string fact, string measure, string suite, string unit, string? slice = null) =>
        Series(measure, suite, unit, Baseline.Origin, slice, node => Key(node).Generation == 0 ? null : Estimated(node, fact, "shift_origin"));

    private static Estimate Estimated(JsonElement node, string fact, string part)
    {
        var estimate = node.GetProperty(fact).GetProperty(part);
        var value = estimate.GetProperty("value").GetDouble();
        var error = estimate.GetProperty("stderr").GetDouble();
        return new Estimate { Value = value, Lo = value - (1.96 * error), Hi = value + (1.96 * error), N = estimate.GetProperty("n").GetInt32() };
    }

    private static MeasureSeries Series(
        string measure, string suite, string unit, Baseline baseline, string? slice, Func<JsonElement, Estimate?> estimate) => new()
        {
            Lineage = Lineage,
            Measure = measure,
            Suite = suite,
            Slice = slice,
            Baseline = baseline,
            Unit = unit,
            DefinitionVersion = 1,
            Points =
            [
                .. Nodes.Select(node => (Key: Key(node), Estimate: estimate(node)))
                    .Where(point => point.Estimate is not null)
                    .OrderBy(point => point.Key.Branch, StringComparer.Ordinal).ThenBy(point => point.Key.Seed).ThenBy(point => point.Key.Generation)
                    .Select(point => new SeriesPoint(point.Key.Branch, point.Key.Seed, point.Key.Generation, "mw", point.Estimate!)),
            ],
        };

    private static NodeKey Key(JsonElement node)
    {
        var seed = node.GetProperty("seed");
        return new NodeKey(
            Lineage,
            node.GetProperty("branch").GetString()!,
            seed.ValueKind == JsonValueKind.Null ? null : seed.ToString(),
            node.GetProperty("generation").GetInt32());
    }

    private static NodeKey? Parent(NodeKey key) => key.Generation switch
    {
        0 => null,
        1 => new NodeKey(Lineage, "main", null, 0),
        _ => key with { Generation = key.Generation - 1 },
    };

    private static JsonElement[] Load()
    {
        using var stream = typeof(Microworld).Assembly.GetManifestResourceStream("microworld-facts.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("nodes").Clone().EnumerateArray()];
    }
}
