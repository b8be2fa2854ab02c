using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Figures;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Workers;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>The first page: every lineage, or how to get one.</summary>
public sealed partial class LineagesPage : IDisposable
{
    private const int ListedSuites = 4;

    // A headline is a query each; a list that is longer than a screen does without them further down.
    private const int MostHeadlines = 25;

    private readonly Dictionary<long, FigureRequest> _headlines = [];
    private IReadOnlyList<LineageSummary>? _lineages;
    private IDisposable? _subscription;
    private bool _loadingDemo;

    [Inject]
    private LineageQueries Queries { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    [Inject]
    private ISeriesSource Series { get; set; } = null!;

    [Inject]
    private GenerationFeed Feed { get; set; } = null!;

    [Inject]
    private DemoLoader Demo { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription?.Dispose();
    }

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        _subscription = Feed.Subscribe(lineage: null, () => InvokeAsync(LoadAsync));
        return LoadAsync();
    }

    private static string Generations(LineageSummary lineage)
    {
        return lineage.LastGeneration == 0 ? "0" : $"0–{lineage.LastGeneration}";
    }

    private static string HeadlineLabel(FigureRequest headline)
    {
        return $"{MeasureCatalogue.Find(headline.Measure)?.Title.ToLowerInvariant() ?? headline.Measure}, {headline.Suite}{(headline.Slice is null ? "" : $", {headline.Slice}")}";
    }

    private static string Suites(IReadOnlyList<string> suites)
    {
        return suites.Count <= ListedSuites
            ? string.Join(", ", suites)
            : $"{string.Join(", ", suites.Take(ListedSuites - 1))} and {NumberFormat.Count(suites.Count - ListedSuites + 1)} more";
    }

    private async Task LoadAsync()
    {
        _lineages = await Queries.LineagesAsync(CancellationToken.None);
        StateHasChanged();
        foreach (var lineage in _lineages.Take(MostHeadlines))
        {
            if (await HeadlineAsync(lineage) is { } headline)
            {
                _headlines[lineage.Id] = headline;
            }
        }

        StateHasChanged();
    }

    /// <summary>The first thing that the lineage's Overview tells.</summary>
    private async Task<FigureRequest?> HeadlineAsync(LineageSummary lineage)
    {
        var suites = await Queries.SuitesAsync(lineage.Id, CancellationToken.None);
        var series = new SuiteSeries(suites, await Series.AvailableAsync(lineage.Id, CancellationToken.None), Baseline.Origin);
        var key = OverviewPlan.Tiles(series).SelectMany(tile => tile.Groups).SelectMany(group => group).FirstOrDefault()?.Key;
        return key is null ? null : new FigureRequest
        {
            Kind = FigureKind.Line,
            Lineage = lineage.Name,
            Measure = key.Measure,
            Suite = key.Suite,
            Slice = key.Slice,
            Baseline = key.Baseline,
        };
    }

    private async Task LoadDemoAsync()
    {
        // Once is enough: what is in the queue already would only be found unchanged.
        _loadingDemo = true;
        await Demo.EnqueueAsync(CancellationToken.None);
    }
}
