using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Charts;
using Driftline.Web.Components.Shared;
using Driftline.Web.Tests.Api.Figures;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Tests.Components.Charts;

public sealed class FigureCardTests : ChartContext
{
    private static readonly FigureRequest Rate = new() { Kind = FigureKind.Line, Lineage = FakeSeries.Lineage, Measure = "rate", Suite = "safety" };

    [Fact]
    public void The_card_says_what_the_measure_tells_and_how_it_is_made()
    {
        Series.With(Rate.Key);

        var card = RenderCard(Rate);

        Assert.Equal("What rate tells.", card.Find(".card-meaning").TextContent);
        Assert.Contains("a − b", card.Find(".help-panel").TextContent, StringComparison.Ordinal);
        Assert.Contains("Wilson", card.Find(".help-panel").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_footer_has_a_place_for_what_the_figure_says_of_itself()
    {
        var card = RenderCard(Rate);

        Assert.Empty(card.Find(".card-foot [data-remarks]").Children);
    }

    [Fact]
    public void New_data_are_asked_for_again()
    {
        Series.With(Rate.Key);
        var page = Render<CascadingValue<LineageScope>>(parameters => PageOf(parameters, version: 1));
        page.Render(parameters => PageOf(parameters, version: 2));

        Assert.Equal(["initialise", "update"], Module.Invocations.Select(call => call.Identifier));
    }

    private void PageOf(ComponentParameterCollectionBuilder<CascadingValue<LineageScope>> parameters, int version) => parameters
        .Add(page => page.Value, Scope(version: version))
        .AddChildContent<FigureCard>(card => card.Add(each => each.Title, "Aligned rate").Add(each => each.Request, Rate));

    private IRenderedComponent<FigureCard> RenderCard(FigureRequest request) =>
        RenderIn<FigureCard>(Scope(), parameters => parameters.Add(card => card.Title, "Aligned rate").Add(card => card.Request, request));
}
