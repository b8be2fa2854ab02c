using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Live;
using Driftline.Web.Workers;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>The first page: every lineage, or how to get one.</summary>
public sealed partial class LineagesPage : IDisposable
{
    private const int ListedSuites = 4;
    private IReadOnlyList<LineageSummary>? _lineages;
    private IDisposable? _subscription;
    private bool _loadingDemo;

    [Inject]
    private LineageQueries Queries { get; set; } = null!;

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
    }

    private async Task LoadDemoAsync()
    {
        // Once is enough: what is in the queue already would only be found unchanged.
        _loadingDemo = true;
        await Demo.EnqueueAsync(CancellationToken.None);
    }
}
