using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>How far the meaning of texts moves, how varied they stay, and what the logs themselves report of them.</summary>
public partial class SemanticsPage
{
    /// <summary>The built-in embedder looks at words and characters, not at meaning; what it measures is named so.</summary>
    private const string LexicalEmbedder = "lexical-1";

    /// <summary>They have a page of their own.</summary>
    private static readonly string[] OnBehaviours = ["behaviour_share", "behaviour_change", "novelty_share"];

    /// <summary>More metrics than these begin with one of each suite.</summary>
    private const int MostReported = 6;

    private IReadOnlyList<(string Value, string Text)> _suites = [];
    private IReadOnlyList<ChartGroup> _groups = [];
    private IReadOnlyList<ChartCard> _levels = [];
    private SuiteDefinition? _suite;
    private Headline? _headline;
    private string _kind = "";

    /// <summary>The groups whose further charts are shown, by name with commas between.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string? Open { get; set; }

    /// <summary>The lineage's name in the address; the layout has found it already.</summary>
    [Parameter]
    public string Lineage { get; set; } = "";

    /// <inheritdoc />
    protected override async Task LoadAsync(SuiteSeries shown)
    {
        string[] measures = ["energy_distance", "diversity_ratio"];
        var suites = shown.Of(SuiteFamily.Semantic).Concat(shown.Suites).Distinct()
            .Where(suite => measures.Any(measure => shown.Against(suite, measure) is not null) || shown.Level(suite, "answer_length") is not null)
            .ToList();
        _suites = [.. suites.Select(suite => (suite.Name, suite.Name))];
        _suite = suites.Find(suite => suite.Name == Suite) ?? suites.FirstOrDefault();
        _headline = null;
        _groups = [.. _suite is null ? [] : GroupsOf(await ChartsOfAsync(shown, _suite)), .. ReportedOf(shown)];
        // A suite of scores about text (a perplexity per sample) has its level here.
        _levels =
        [
            .. shown.Suites
                .Where(suite => !suites.Contains(suite) && (suite.Family == SuiteFamily.Semantic || OverviewPlan.IsPerplexity(suite)))
                .Select(suite => (Suite: suite, Key: shown.Level(suite)))
                .Where(each => each.Key is not null)
                .Select(each => new ChartCard(char.ToUpperInvariant(each.Suite.Name[0]) + each.Suite.Name[1..], Named(each.Key!, each.Suite), null, Line(each.Key!))),
        ];
    }

    private async Task<IReadOnlyList<ChartCard>> ChartsOfAsync(SuiteSeries shown, SuiteDefinition suite)
    {
        var charts = new List<ChartCard>();

        // Origin and parent stand beside each other; a branch or model of one's choice comes first.
        foreach (var baseline in new[] { Baseline.Origin, Baseline.Parent }.Prepend(shown.Baseline).Distinct().OrderByDescending(baseline => baseline.IsAskedFor))
        {
            var key = new SeriesKey("energy_distance", suite.Name, null, baseline);
            if (shown.Has(key))
            {
                charts.Add(new ChartCard("", $"{suite.Name}, {baseline.InWords()}", null, Line(key)));
            }
        }

        if (charts.Count > 0)
        {
            var series = await Series.PointsAsync(Contents, charts[0].Request.Key, CancellationToken.None);
            var lexical = series.Points.Any(point => point.Comparability?.Contains(LexicalEmbedder, StringComparison.Ordinal) == true);
            _kind = lexical ? "Lexical drift" : "Semantic drift";
            var meaning = lexical
                ? "How far the words of the outputs moved; measured with the built-in embedder, which sees words and characters, not meaning."
                : null;
            charts = charts.ConvertAll(chart => chart with { Title = _kind, Meaning = meaning });
            _headline = shown.Against(suite, "energy_distance") is { } distance ? await HeadlineAsync(distance) : null;
        }

        if (shown.Against(suite, "diversity_ratio") is { } diversity)
        {
            charts.Add(new ChartCard("Diversity of words", $"{suite.Name}, {AgainstBaseline}", null, Line(diversity)));
        }

        if (shown.Level(suite, "answer_length") is { } length)
        {
            charts.Add(new ChartCard("Length of outputs", suite.Name, "How many words an output has on average; read diversity beside it.", Line(length)));
        }

        charts.AddRange(shown.Further(suite, SuiteFamily.Semantic, charts.Select(chart => chart.Request.Key), Series.Definition)
            .Select(key => new ChartCard(
                Series.Definition(key.Measure)!.Title,
                key.Baseline == Baseline.None ? suite.Name : $"{suite.Name}, {AgainstBaseline}",
                null,
                Line(key))));
        return charts;
    }

    private IEnumerable<(string Id, string Title)> Sections => _groups.Select(group => (group.Name, group.Title));

    /// <summary>What the logs state themselves, one of each suite first where there are many; nothing where they state nothing.</summary>
    private IEnumerable<ChartGroup> ReportedOf(SuiteSeries shown)
    {
        var keys = shown.Reported().ToList();
        if (keys.Count == 0)
        {
            return [];
        }

        var first = keys.Count > MostReported ? keys.DistinctBy(key => key.Suite).Take(MostReported).ToList() : keys;
        return [new ChartGroup("reported", "Reported by the logs", [.. first.Select(Card)], [.. keys.Except(first).Select(Card)]) { Height = 220, Class = keys.Count > 2 ? "span-4" : "span-6" }];

        ChartCard Card(SeriesKey key) => new(OverviewPlan.Words(key), key.Suite, "As the log states it; kept apart from other suites.", Line(key));
    }

    private bool IsOpen(ChartGroup group) => ListText.Split(Open ?? "").Contains(group.Name);

    private void Toggle(ChartGroup group)
    {
        var open = ListText.Split(Open ?? "").ToList();
        if (!open.Remove(group.Name))
        {
            open.Add(group.Name);
        }

        Choose("open", open.Count == 0 ? null : ListText.Join(open));
    }

    /// <summary>Charts by what they ask, each group with those that matter first; measures of a new kind come last under a name of their own.</summary>
    private static IReadOnlyList<ChartGroup> GroupsOf(IReadOnlyList<ChartCard> charts)
    {
        (string Name, string Title, string[] First, string[] Further)[] groups =
        [
            ("distance", "How far the texts moved", ["energy_distance"], ["prompt_cosine", "prompt_cosine_single", "mmd2", "unigram_js", "frechet", "mauve", "c2st"]),
            ("diversity", "How varied they stay", ["diversity_ratio", "answer_length"], ["rarefied_types", "distinct_n", "unigram_entropy", "compression_ratio", "self_bleu"]),
            ("words", "Which words are kept", ["vocabulary_retention", "tail_mass"], []),
            ("sameness", "Whether they become alike", ["spread_ratio", "across_prompt_similarity"], ["within_prompt_similarity"]),
        ];
        var known = groups.SelectMany(group => group.First.Concat(group.Further)).Concat(OnBehaviours).ToHashSet(StringComparer.Ordinal);
        var rest = charts.Where(chart => !known.Contains(chart.Request.Measure)).ToList();
        return
        [
            .. groups.Select(group => new ChartGroup(
                group.Name,
                group.Title,
                [.. group.First.SelectMany(measure => charts.Where(chart => chart.Request.Measure == measure))],
                [.. group.Further.SelectMany(measure => charts.Where(chart => chart.Request.Measure == measure))]))
                .Where(group => group.First.Count + group.Further.Count > 0),
            .. rest.Count == 0 ? [] : new[] { new ChartGroup("other", "Further measures", [], rest) },
        ];
    }

    /// <param name="Name">As the address has it.</param>
    /// <param name="Title">What its charts answer.</param>
    /// <param name="First">Always shown.</param>
    /// <param name="Further">Shown when they are asked for.</param>
    private sealed record ChartGroup(string Name, string Title, IReadOnlyList<ChartCard> First, IReadOnlyList<ChartCard> Further)
    {
        /// <summary>Height of each chart in pixels.</summary>
        public int Height { get; init; } = 280;

        /// <summary>The place of each card in the grid.</summary>
        public string Class { get; init; } = "span-6";
    }

    private sealed record ChartCard(string Title, string Note, string? Meaning, FigureRequest Request);
}
