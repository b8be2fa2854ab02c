using Driftline.Core.Figures;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Shared;
using Driftline.Web.Options;
using Driftline.Web.Tests.Api.Figures;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace Driftline.Web.Tests.Components.Charts;

/// <summary>What pages of charts need: series, the chart's module, a lineage with a view that remembers where it was sent.</summary>
public abstract class ChartContext : BunitContext
{
    private protected ChartContext()
    {
        Module = JSInterop.SetupModule("./js/charts/chart.js");
        Module.SetupVoid("initialise", _ => true).SetVoidResult();
        Module.SetupVoid("update", _ => true).SetVoidResult();
        Module.SetupVoid("dispose", _ => true).SetVoidResult();
        Services.AddSingleton<ISeriesSource>(Series).AddSingleton<FigureComposer>();
        Services.AddSingleton(new DriftlineOptions()).AddRadzenComponents();
    }

    private protected FakeSeries Series { get; } = new();

    private protected BunitJSModuleInterop Module { get; }

    /// <summary>Views that the page asked for.</summary>
    private protected List<LineageView> Shown { get; } = [];

    private protected LineageLanes Lanes => FigureComposer.LanesOf(Series.Summary, Series.Nodes);

    /// <summary>Addresses of the figures that charts were told to draw.</summary>
    private protected IEnumerable<string> Figures => Module.Invocations
        .Where(call => call.Identifier is "initialise" or "update")
        .Select(call => call.Arguments[1]!.ToString()!);

    private protected LineageScope Scope(LineageView? view = null, int version = 1) =>
        new(Series.Summary, Series.Nodes, Series.Suites, view ?? View, version, change => Shown.Add(change(view ?? View)));

    private protected static LineageView View => new() { Lineage = FakeSeries.Lineage };

    private protected IRenderedComponent<T> RenderIn<T>(LineageScope scope, Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : IComponent => Render<T>(builder =>
        {
            builder.AddCascadingValue(scope);
            parameters?.Invoke(builder);
        });
}
