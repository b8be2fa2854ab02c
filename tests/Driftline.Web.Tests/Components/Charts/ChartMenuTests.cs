using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Charts;

namespace Driftline.Web.Tests.Components.Charts;

public sealed class ChartMenuTests : BunitContext
{
    [Fact]
    public void Numbers_come_from_the_address_of_the_figure_and_further_items_stand_first()
    {
        var request = new FigureRequest { Kind = FigureKind.Line, Lineage = "a&b", Measure = "rate", Suite = "safety" };

        var menu = Render<ChartMenu>(parameters => parameters
            .Add(p => p.Title, "Rate")
            .Add(p => p.Request, request)
            .AddChildContent("""<li><button type="button" class="chart-menu-item">Set alert here…</button></li>"""));

        Assert.Equal("Menu of Rate", menu.Find("summary").GetAttribute("aria-label"));
        Assert.Equal("Set alert here…", menu.Find(".chart-menu-item").TextContent);
        Assert.Equal(
            ["figures/line.csv?lineage=a%26b&measure=rate&suite=safety", "figures/line.json?lineage=a%26b&measure=rate&suite=safety"],
            menu.FindAll("a[download]").Select(link => link.GetAttribute("href")));
    }
}
