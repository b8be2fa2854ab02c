using Driftline.Core.Measures;
using Driftline.Web.Components.Pages;
using Driftline.Web.Tests.Components.Charts;

namespace Driftline.Web.Tests.Components.Pages;

/// <summary>The definitions of all measures, by family, and how one is found among them.</summary>
public sealed class MeasuresPageTests : ChartContext
{
    [Fact]
    public void Every_measure_stands_under_a_family_that_the_contents_lead_to()
    {
        var page = Render<MeasuresPage>();

        Assert.Equal(MeasureCatalogue.Definitions.Select(definition => definition.Id).Order(), page.FindAll(".measure").Select(measure => measure.Id!).Order());
        var links = page.FindAll(".page-contents a").Select(link => link.GetAttribute("href")!.Split('#')[1]);
        Assert.Equal(page.FindAll("h2.section-title").Select(title => title.Id), links);
    }

    [Fact]
    public void A_measure_is_found_by_all_words_of_its_definition()
    {
        var page = Render<MeasuresPage>();

        page.Find("input[type=search]").Input("jackknife disagree");
        Assert.Equal(["excess_disagreement"], page.FindAll(".measure").Select(measure => measure.Id));

        page.Find("input[type=search]").Input("nothing says this");
        page.Find(".empty button").Click();
        Assert.Equal(MeasureCatalogue.Definitions.Count, page.FindAll(".measure").Count);
    }
}
