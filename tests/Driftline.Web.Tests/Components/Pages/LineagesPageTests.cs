using Driftline.Core.Lineages;
using Driftline.Web.Components.Pages;
using Driftline.Web.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Components.Pages;

public sealed class LineagesPageTests : DriftlinePageContext
{
    [Fact]
    public void With_nothing_imported_the_page_says_how_to_begin()
    {
        var page = Render<LineagesPage>();

        Assert.Equal("Nothing has been imported yet", page.WaitForElement("h2").TextContent);
        Assert.Equal(["Choose files", "Choose a folder", "Load the demo"], page.FindAll("button").Select(button => button.TextContent));
        Assert.Equal("driftline import PATH", page.Find("code").TextContent);
    }

    [Fact]
    public void The_demo_goes_into_the_queue_once()
    {
        var page = Render<LineagesPage>();
        page.WaitForElement("h2");

        page.FindAll("button").Single(button => button.TextContent == "Load the demo").Click();

        page.WaitForAssertion(() => Assert.NotEmpty(Services.GetRequiredService<ImportQueue>().Jobs), TimeSpan.FromSeconds(10));
        Assert.True(page.FindAll("button").Single(button => button.TextContent == "Load the demo").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Every_lineage_is_listed_with_its_counts()
    {
        await Logs.ImportMicroworldAsync();
        await Logs.ImportAsync("other.jsonl", new NodeKey("a/b <i>", "main", null, 0));

        var page = Render<LineagesPage>();

        var rows = page.WaitForElements("tbody tr");
        Assert.Equal(["a/b <i>", "microworld"], rows.Select(row => row.QuerySelector("a")!.TextContent));
        Assert.Equal("lineages/a%2Fb%20%3Ci%3E/overview", rows[0].QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(["0–2", "values", "7"], rows[1].QuerySelectorAll("td:not(.headline)").Skip(1).Take(3).Select(cell => cell.TextContent));
        Assert.Equal("just now", rows[1].QuerySelector("time")!.TextContent);
        Assert.Empty(page.FindAll("i"));
    }
}
