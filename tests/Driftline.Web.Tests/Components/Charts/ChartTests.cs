using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Charts;

namespace Driftline.Web.Tests.Components.Charts;

public sealed class ChartTests : BunitContext
{
    private static readonly FigureRequest Rate = new() { Kind = FigureKind.Line, Lineage = "toy", Measure = "rate", Suite = "safety" };

    private readonly BunitJSModuleInterop _module;

    public ChartTests()
    {
        _module = JSInterop.SetupModule("./js/charts/chart.js");
        _module.SetupVoid("initialise", _ => true).SetVoidResult();
        _module.SetupVoid("update", _ => true).SetVoidResult();
        _module.SetupVoid("dispose", _ => true).SetVoidResult();
    }

    [Fact]
    public void It_is_one_div_of_its_final_height_before_anything_is_drawn()
    {
        var chart = RenderChart(Rate);

        chart.MarkupMatches("""<div class="chart" style="min-height:240px" data-state="loading"></div>""");
    }

    [Fact]
    public void The_module_is_told_the_address_of_the_figure_once()
    {
        var chart = RenderChart(Rate);
        chart.Render(parameters => parameters.Add(each => each.Request, Rate with { }));

        var call = Assert.Single(_module.Invocations, call => call.Identifier == "initialise");
        Assert.Contains("figures/line?lineage=toy&measure=rate&suite=safety", call.Arguments[1]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_module.Invocations, call => call.Identifier == "update");
    }

    [Fact]
    public void Another_figure_updates_the_chart()
    {
        var chart = RenderChart(Rate);

        chart.Render(parameters => parameters.Add(each => each.Request, Rate with { Suite = "values" }));

        var call = Assert.Single(_module.Invocations, call => call.Identifier == "update");
        Assert.Contains("suite=values", call.Arguments[1]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_the_page_disposes_of_the_chart()
    {
        RenderChart(Rate);

        await DisposeComponentsAsync();

        Assert.Single(_module.Invocations, call => call.Identifier == "dispose");
    }

    private IRenderedComponent<Chart> RenderChart(FigureRequest request) => Render<Chart>(parameters => parameters
        .Add(chart => chart.Request, request)
        .Add(chart => chart.Label, "Aligned rate")
        .Add(chart => chart.Height, 240));
}
