using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Driftline.Web.Components.Charts;

/// <summary>
/// The life of a chart: the module is loaded after the first render and told when the figure's address, or the data behind it,
/// have changed. The figure itself goes from the server to the browser by HTTP, never through the circuit.
/// </summary>
public abstract class ChartBase : ComponentBase, IAsyncDisposable
{
    private BrowserModule? _module;
    private ChartOptions? _told;
    private DotNetObjectReference<ChartBase>? _self;
    private bool _telling;
    private bool _disposed;

    /// <summary>The figure.</summary>
    [Parameter, EditorRequired]
    public required FigureRequest Request { get; set; }

    /// <summary>What the chart is called for those who do not see it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>Height in pixels, from the first paint on.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    /// <summary>Whether it is the small form without axes (line figures only).</summary>
    [Parameter]
    public bool Spark { get; set; }

    /// <summary>The generation that the chart begins with, pinned; null for none.</summary>
    [Parameter]
    public int? At { get; set; }

    /// <summary>Hears at which point an alert is to be set; charts without a listener do not offer it.</summary>
    [Parameter]
    public EventCallback<ChosenPoint> Chosen { get; set; }

    /// <summary>The lineage of the page, whose version says when to look for new data; absent outside of one.</summary>
    [CascadingParameter]
    public LineageScope? Scope { get; set; }

    /// <summary>The element that the module draws in.</summary>
    protected ElementReference Host { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _disposed = true;
        if (_module is { } module)
        {
            await module.InvokeVoidAsync("dispose", Host);
            await module.DisposeAsync();
        }

        _self?.Dispose();
    }

    /// <summary>The browser says which point was chosen.</summary>
    [JSInvokable]
    public Task ChooseAsync(ChosenPoint point) => InvokeAsync(() => Chosen.InvokeAsync(point));

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // What changes while the module is being told is seen by the loop, not by a second run beside it.
        if (_telling)
        {
            return;
        }

        _telling = true;
        while (!_disposed && Wanted() is var options && options != _told)
        {
            _told = options;
            if (_module is null)
            {
                _module = new BrowserModule(Js, Assets["js/charts/chart.js"]);
                _self = Chosen.HasDelegate ? DotNetObjectReference.Create(this) : null;
                await _module.InvokeVoidAsync("initialise", Host, options, _self);
            }
            else
            {
                await _module.InvokeVoidAsync("update", Host, options);
            }
        }

        _telling = false;
    }

    private ChartOptions Wanted() => new(Request.ToUri(), Height, Spark, Label, Scope?.Version ?? 0, At);

    /// <summary>What the module is told; see <c>Options</c> in js/charts/chart.js.</summary>
    private sealed record ChartOptions(string Url, int Height, bool Spark, string Label, int Version, int? At);
}

/// <summary>A point of a chart that somebody chose.</summary>
/// <param name="Branch">Its branch.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Value">Its value.</param>
public sealed record ChosenPoint(string Branch, string? Seed, int Generation, double Value);
