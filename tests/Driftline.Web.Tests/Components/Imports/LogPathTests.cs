using Driftline.Web.Components.Imports;

namespace Driftline.Web.Tests.Components.Imports;

/// <summary>The name of a log stands out; its folders do not fill the list.</summary>
public sealed class LogPathTests : BunitContext
{
    [Theory]
    [InlineData("gen3.jsonl", "gen3.jsonl", null)]
    [InlineData("runs/gen3.jsonl", "gen3.jsonl", "runs")]
    [InlineData("/home/me/loop/runs/gen3.jsonl", "gen3.jsonl", "…/loop/runs")]
    [InlineData("/runs/gen3.jsonl", "gen3.jsonl", "/runs")]
    [InlineData(@"C:\loop\seed1\runs\gen3.jsonl", "gen3.jsonl", @"…\seed1\runs")]
    [InlineData("loop/run-3/", "run-3/", "loop")]
    public void The_name_stands_above_the_two_folders_that_it_lies_in(string path, string name, string? folder)
    {
        var shown = Render<LogPath>(parameters => parameters.Add(p => p.Path, path));

        Assert.Equal(name, shown.Find(".log-name").TextContent);
        Assert.Equal(folder, shown.FindAll(".log-folder").SingleOrDefault()?.TextContent);
        Assert.Equal(path, shown.Find(".log-path").GetAttribute("title"));
    }

    [Fact]
    public void A_name_that_leads_somewhere_is_a_link_that_says_whether_it_is_open()
    {
        var shown = Render<LogPath>(parameters => parameters.Add(p => p.Path, "a/<b>.jsonl").Add(p => p.Href, "imports?import=3").Add(p => p.Expanded, "true"));

        var link = shown.Find("a.log-name");
        Assert.Equal(("<b>.jsonl", "imports?import=3", "true"), (link.TextContent, link.GetAttribute("href"), link.GetAttribute("aria-expanded")));
    }
}
