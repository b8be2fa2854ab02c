using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Charts;

/// <summary>A chart in its card.</summary>
public partial class FigureCard
{
    private (string Uri, int Version) _read;
    private MeasureDefinition? _definition;
    private IReadOnlyList<string> _remarks = [];

    /// <summary>The card's title.</summary>
    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>The figure.</summary>
    [Parameter, EditorRequired]
    public required FigureRequest Request { get; set; }

    /// <summary>What stands beside the title; mostly suite and slice.</summary>
    [Parameter]
    public string? Note { get; set; }

    /// <summary>What the figure means in one sentence, where the measure's own sentence is not enough.</summary>
    [Parameter]
    public string? Meaning { get; set; }

    /// <summary>The card's place in the grid.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>The chart's height in pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    /// <summary>Controls above the chart.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>The lineage of the page.</summary>
    [CascadingParameter]
    public required LineageScope Scope { get; set; }

    [Inject]
    private FigureComposer Figures { get; set; } = default!;

    [Inject]
    private ISeriesSource Series { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var wanted = (Request.ToUri(), Scope.Version);
        if (wanted == _read)
        {
            return;
        }

        _read = wanted;
        _definition = Series.Definition(Request.Measure);
        var figure = await Figures.ComposeAsync(Request, CancellationToken.None);
        if (_read == wanted)
        {
            _remarks = [.. FigureRemarks.Of(figure)];
        }
    }
}
