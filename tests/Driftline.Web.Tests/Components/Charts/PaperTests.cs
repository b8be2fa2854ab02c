using Driftline.Core.Figures;

namespace Driftline.Web.Tests.Components.Charts;

public sealed class PaperTests
{
    [Fact]
    public void Branches_have_the_same_colours_on_paper_as_on_a_light_page()
    {
        var script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "browser", "paper.js"));
        var list = script.Split("const BRANCHES = [")[1].Split(']')[0];

        Assert.Equal(
            Enumerable.Range(0, BranchPalette.Colours).Select(branch => BranchPalette.At(branch).Light.ToLowerInvariant()),
            list.Split(',').Select(colour => colour.Trim(' ', '"')));
    }
}
