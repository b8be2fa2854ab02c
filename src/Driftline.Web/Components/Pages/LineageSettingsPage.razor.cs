using System.Text.Json.Nodes;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>What is set for one lineage: its suites, and what measures and pages need to know of the experiment.</summary>
public sealed partial class LineageSettingsPage : IDisposable
{
    private LineageSummary? _lineage;
    private IReadOnlyList<(SuiteDefinition Definition, IReadOnlyList<string> Set)> _suites = [];
    private bool _loaded;
    private IDisposable? _subscription;

    /// <summary>The lineage's name.</summary>
    [SupplyParameterFromQuery(Name = "lineage")]
    public string? Lineage { get; set; }

    [Inject]
    private LineageQueries Queries { get; set; } = null!;

    [Inject]
    private SuiteStore Suites { get; set; } = null!;

    [Inject]
    private GenerationFeed Feed { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _subscription?.Dispose();
        _subscription = Lineage is null ? null : Feed.Subscribe(Lineage, () => InvokeAsync(LoadAsync));
        await LoadAsync();
        _loaded = true;
    }

    private async Task LoadAsync()
    {
        var lineage = Lineage is null ? null : await Queries.FindAsync(Lineage, CancellationToken.None);
        _suites = lineage is null
            ? []
            : [.. (await Suites.ListAsync(lineage.Id, CancellationToken.None)).Select(suite => (suite.Definition, Keys(suite.Edits)))];
        _lineage = lineage;
        StateHasChanged();
    }

    private static IReadOnlyList<string> Keys(string? edits) => edits is null ? [] : [.. JsonNode.Parse(edits)!.AsObject().Select(key => key.Key)];
}
