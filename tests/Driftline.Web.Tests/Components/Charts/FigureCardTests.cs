using Driftline.Core.Measures;
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
    public void The_footer_says_n_interval_and_what_is_hidden()
    {
        Series.With(Rate.Key);

        var card = RenderCard(Rate with { View = new() { Branches = ["replace"] } });

        Assert.Equal(["n = 50", "95 % interval, prompts only", "2 of 3 lines shown"], card.FindAll(".card-foot > span:not(.card-menu)").Select(remark => remark.TextContent));
    }

    [Fact]
    public void A_distance_says_what_the_grey_band_is()
    {
        var distance = Rate with { Measure = "js_distance", Baseline = BaselineKind.Origin };
        Series.With(distance.Key).Estimate = (_, node) => FakeSeries.Value(node.Generation * .1, floor: .05);

        var card = RenderCard(distance);

        Assert.Contains("grey: noise floor, 95 % of it and its mean", card.FindAll(".card-foot > span").Select(remark => remark.TextContent));
    }

    [Fact]
    public void New_data_are_asked_for_again()
    {
        Series.With(Rate.Key);
        var page = Render<CascadingValue<LineageScope>>(parameters => PageOf(parameters, version: 1));
        var reads = Series.Reads;

        page.Render(parameters => PageOf(parameters, version: 2));

        Assert.True(Series.Reads > reads);
        Assert.Equal(["initialise", "update"], Module.Invocations.Select(call => call.Identifier));
    }

    private void PageOf(ComponentParameterCollectionBuilder<CascadingValue<LineageScope>> parameters, int version) => parameters
        .Add(page => page.Value, Scope(version: version))
        .AddChildContent<FigureCard>(card => card.Add(each => each.Title, "Aligned rate").Add(each => each.Request, Rate));

    private IRenderedComponent<FigureCard> RenderCard(FigureRequest request) =>
        RenderIn<FigureCard>(Scope(), parameters => parameters.Add(card => card.Title, "Aligned rate").Add(card => card.Request, request));
}
