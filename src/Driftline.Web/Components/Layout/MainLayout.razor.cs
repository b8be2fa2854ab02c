using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Components.Shared;
using Driftline.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Layout;

/// <summary>
/// The frame of every page. For a page about a lineage it reads the view from the address and the lineage from the database, and
/// renders the page once both are there; other pages are rendered at once, beside the lineage that was looked at last.
/// </summary>
public sealed partial class MainLayout
{
    private IReadOnlyList<LineageSummary> _lineages = [];
    private LineageView? _view;
    private LineageView? _asked;
    private LineageScope? _scope;
    private bool _missing;
    private bool _drawerOpen;
    private bool _drawerMoved;
    private TopBar? _topBar;
    private Rail? _rail;
    private IDisposable? _subscription;
    private int? _planned;
    private int _version;
    private int _loads;
    private string _path = "";
    private string _skipLink = "#content";

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private LineageQueries Queries { get; set; } = null!;

    [Inject]
    private SettingsStore Settings { get; set; } = null!;

    [Inject]
    private GenerationFeed Feed { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _subscription = Feed.Subscribe(lineage: null, () => InvokeAsync(RefreshAsync));
    }

    /// <summary>
    /// Runs with each navigation, because the router then renders the layout with the new page. Listening to the address itself would
    /// be too early or too late: a page would be rendered under the view of another one.
    /// </summary>
    protected override Task OnParametersSetAsync()
    {
        var path = _path;
        ReadAddress();
        _drawerOpen = _drawerOpen && path == _path;
        if (_loads > 0 && (_view is null || _view.Lineage == _scope?.Lineage.Name))
        {
            _scope = _scope is null || _view is null ? _scope : Scope(_scope.Lineage, _scope.Nodes, _scope.Suites, _view);
            return Task.CompletedTask;
        }

        return LoadAsync();
    }

    /// <summary>The focus goes into the drawer when it opens and back to its button when it is closed.</summary>
    protected override Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_drawerMoved)
        {
            return Task.CompletedTask;
        }

        _drawerMoved = false;
        return (_drawerOpen ? _rail?.FocusAsync() : _topBar?.FocusMenuAsync()) ?? Task.CompletedTask;
    }

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private void ReadAddress()
    {
        var address = Navigation.ToBaseRelativePath(Navigation.Uri);
        _view = LineageView.Parse(address);
        if (_view == _asked || _view?.Lineage != _asked?.Lineage || _view?.Section != _asked?.Section)
        {
            // It is shown, or a link led elsewhere.
            _asked = null;
        }

        _path = address.Split('?', '#')[0];
        // With a <base> a bare "#content" would lead to the first page.
        _skipLink = address.Split('#')[0] + "#content";
    }

    private async Task LoadAsync()
    {
        var load = ++_loads;
        _missing = false;
        if (_view is not null && _scope?.Lineage.Name != _view.Lineage)
        {
            _scope = null;
        }

        var name = _view?.Lineage ?? _scope?.Lineage.Name;

        var lineages = await Queries.LineagesAsync(CancellationToken.None);
        var lineage = lineages.FirstOrDefault(known => known.Name == name);
        var nodes = lineage is null ? [] : await Queries.NodesAsync(lineage.Id, CancellationToken.None);
        var suites = lineage is null ? [] : await Queries.SuitesAsync(lineage.Id, CancellationToken.None);
        var planned = lineage is null ? null : await Settings.GetAsync<int?>(lineage.Id, SettingKeys.PlannedGenerations, CancellationToken.None);
        if (load != _loads)
        {
            // A later load has begun: another lineage, or newer data of this one.
            return;
        }

        _version++;
        _lineages = lineages;
        _planned = planned;
        // The view of the same lineage may have changed while it was read.
        _missing = _view is not null && lineage is null;
        _scope = lineage is null ? null : Scope(lineage, nodes, suites, _view ?? _scope?.View ?? new LineageView { Lineage = lineage.Name });
    }

    private LineageScope Scope(LineageSummary lineage, IReadOnlyList<NodeSummary> nodes, IReadOnlyList<SuiteSummary> suites, LineageView view)
    {
        return new LineageScope(lineage, nodes, suites, view, _version, Show) { PlannedGenerations = _planned };
    }

    /// <summary>
    /// The browser confirms an address only later; until then choices build on the view that was asked for, not on the one shown.
    /// </summary>
    private void Show(Func<LineageView, LineageView> change)
    {
        if ((_asked ?? _scope?.View) is { } view && change(view) is var changed && changed != view)
        {
            _asked = changed;
            Navigation.NavigateTo(changed.ToUri(), replace: true);
        }
    }

    private void OpenDrawer()
    {
        _drawerOpen = _drawerMoved = true;
    }

    private void CloseDrawer()
    {
        _drawerOpen = false;
        _drawerMoved = true;
    }
}
