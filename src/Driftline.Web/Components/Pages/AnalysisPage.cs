using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Core.Suites;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>
/// What the pages of charts share: the lineage's lanes and series, read again when the data have changed, and figures for the view
/// in the address. The layout hands on a new <see cref="LineageScope"/> after every import, so pages need no subscription of their own.
/// </summary>
public abstract class AnalysisPage : ComponentBase
{
    private static readonly string[] OfScore = ["rate", "mean_score", "rate_shift", "score_shift", "amp_delta"];

    private LineageScope? _loaded;
    private IReadOnlyList<AvailableSeries> _available = [];

    /// <summary>The lineage and the view of it.</summary>
    [CascadingParameter]
    public required LineageScope Scope { get; set; }

    /// <summary>The suite that the page is narrowed to; null is the first that fits.</summary>
    [SupplyParameterFromQuery(Name = "suite")]
    public string? Suite { get; set; }

    /// <summary>Where series come from.</summary>
    [Inject]
    protected ISeriesSource Series { get; set; } = default!;

    /// <summary>The lines of the lineage.</summary>
    protected LineageLanes Lanes { get; private set; } = LineageLanes.From([], []);

    /// <summary>The lines that charts draw: those of <see cref="Lanes"/>, or one a branch where seeds are averaged.</summary>
    protected LineageLanes DrawnLanes { get; private set; } = LineageLanes.From([], []);

    /// <summary>What there is to show; null while it is being read.</summary>
    protected SuiteSeries? Shown { get; private set; }

    /// <summary>The lineage as figures read it.</summary>
    protected LineageContents Contents => new(Scope.Lineage, Scope.Nodes, Scope.Suites);

    /// <summary>The figure of a series for the view.</summary>
    protected FigureRequest Line(SeriesKey key) => Figure(FigureKind.Line, key);

    /// <summary>The figure of a series for the view.</summary>
    protected FigureRequest Figure(FigureKind kind, SeriesKey key) => new()
    {
        Kind = kind,
        Lineage = Scope.Lineage.Name,
        Measure = key.Measure,
        Suite = key.Suite,
        Slice = key.Slice,
        Baseline = key.Baseline,
        View = FigureRequest.ViewOf(Scope.View),
    };

    /// <summary>What a series says for the view; a level is judged by its paired change.</summary>
    protected async Task<Headline?> HeadlineAsync(SeriesKey key, SeriesKey? change = null) => Headline.Of(new LineFigureInput
    {
        Series = await Series.PointsAsync(Contents, key, CancellationToken.None),
        Definition = Series.Definition(key.Measure),
        Lanes = DrawnLanes,
        View = FigureRequest.ViewOf(Scope.View),
        SinceOrigin = change is null ? null : await Series.PointsAsync(Contents, change, CancellationToken.None),
    });

    /// <summary>A level at the line and generation that a headline is about.</summary>
    protected async Task<string?> LevelAsync(SeriesKey? level, Headline headline)
    {
        if (level is null)
        {
            return null;
        }

        var series = await Series.PointsAsync(Contents, level, CancellationToken.None);
        series = Scope.View.Interval == IntervalKind.Seeds ? SeedAverage.Of(series) : series;
        var point = series.Points.FirstOrDefault(point =>
            point.Branch == headline.Lane.Branch && point.Seed == headline.Lane.Seed && point.Generation == headline.Generation);
        return point?.Estimate.Value is { } value ? MeasureScale.Of(series, Series.Definition(level.Measure)).Text(value) : null;
    }

    /// <summary>As <see cref="Named"/>, with the score that is counted: "bias_bbq · is_unknown".</summary>
    protected static string NamedWithScore(SeriesKey key, SuiteDefinition suite) =>
        suite.PrimaryScore is { } score && score != suite.Name && OfScore.Contains(key.Measure)
            ? $"{Named(key, suite)} · {score}"
            : Named(key, suite);

    /// <summary>A suite with its slice as it stands beside a title: "safety, clean prompts".</summary>
    protected static string Named(SeriesKey key, SuiteDefinition suite) => key.Slice is null ? key.Suite
        : key.Slice == SuiteSeries.CleanSlice(suite) ? $"{key.Suite}, clean prompts"
        : Core.Measures.Slice.Parse(key.Slice) is [{ Key: Slice.AnswerKey, Value: var answer }] ? $"{key.Suite}, “{answer}”"
        : $"{key.Suite}, {key.Slice.Replace('=', ' ')}";

    /// <summary>Against what, in words.</summary>
    protected string AgainstBaseline => Scope.View.Baseline.InWords();

    /// <summary>Narrows the page to a suite.</summary>
    protected void Choose(string key, string? value) => Scope.Show(view => view with { Other = PageQuery.With(view.Other, key, value) });

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var scope = Scope;
        if (scope == _loaded)
        {
            return;
        }

        var readAgain = _loaded is null || _loaded.Lineage.Id != scope.Lineage.Id || _loaded.Version != scope.Version;
        _loaded = scope;
        Lanes = FigureComposer.LanesOf(scope.Lineage, scope.Nodes);
        DrawnLanes = FigureComposer.LanesOf(scope.Lineage, scope.Nodes, scope.View.Interval);
        var available = readAgain ? await Series.AvailableAsync(scope.Lineage.Id, CancellationToken.None) : _available;
        var computing = await Series.RequestAsync(scope.Lineage, scope.View.Baseline, CancellationToken.None);
        if (_loaded != scope)
        {
            return;
        }

        _available = available;
        if (computing)
        {
            // What is compared with the origin will be compared with this baseline too: its figures say that they are being computed.
            available = [.. available.Concat(available.Where(series => series.Key.Baseline == Baseline.Origin).Select(series => series with { Key = series.Key with { Baseline = scope.View.Baseline } })).DistinctBy(series => series.Key)];
        }

        var shown = new SuiteSeries(scope.Suites, available, scope.View.Baseline);
        await LoadAsync(shown);
        if (_loaded == scope)
        {
            Shown = shown;
        }
    }

    /// <summary>Reads what the page needs beyond its figures.</summary>
    protected virtual Task LoadAsync(SuiteSeries shown) => Task.CompletedTask;
}
