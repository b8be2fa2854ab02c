using Driftline.Core.Measures;
using Driftline.Web.Components.Layout;
using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components.Web;

namespace Driftline.Web.Tests.Components.Layout;

public sealed class ViewControlsTests : BunitContext
{
    private LineageView? _shown;

    [Fact]
    public void A_chip_says_whether_its_branch_is_shown()
    {
        var chips = RenderChips("?branches=replace");

        Assert.Equal("true", Chip(chips, "replace").GetAttribute("aria-pressed"));
        Assert.Equal("false", Chip(chips, "accumulate").GetAttribute("aria-pressed"));
    }

    [Fact]
    public void The_shared_generation_0_has_no_chip_and_branches_keep_their_colours()
    {
        var chips = RenderChips();

        Assert.Equal(["replace", "accumulate"], chips.FindAll(".chip > button:first-child").Select(chip => chip.TextContent.Trim()));
        Assert.Equal(["swatch branch-1", "swatch branch-2"], chips.FindAll("svg").Select(swatch => swatch.GetAttribute("class")));
        Assert.Equal([null, "5 3"], chips.FindAll("line").Select(line => line.GetAttribute("stroke-dasharray")));
    }

    [Fact]
    public void A_click_hides_a_branch_and_an_alt_click_shows_it_alone()
    {
        var chips = RenderChips();

        Chip(chips, "replace").Click();
        Assert.Equal(["accumulate"], _shown!.Branches);

        Chip(chips, "replace").Click(new MouseEventArgs { AltKey = true });
        Assert.Equal(["replace"], _shown.Branches);
    }

    [Fact]
    public void Seeds_can_be_hidden_where_there_are_several()
    {
        var chips = RenderChips();
        Assert.Equal(["replace s1", "replace s2"], chips.FindAll("button.seed").Select(seed => seed.GetAttribute("aria-label")));

        chips.FindAll("button.seed")[0].Click();
        Assert.Equal([new BranchSeed("replace", "2")], _shown!.Seeds);

        chips.FindAll("button.seed")[0].Click(new MouseEventArgs { AltKey = true });
        Assert.Equal("lineages/microworld/overview?branches=replace&seeds=replace:1", _shown.ToUri());
    }

    [Fact]
    public void The_baseline_is_the_origin_the_parent_or_a_branch_or_model()
    {
        var toggle = Render<BaselineToggle>(parameters => parameters.Add(p => p.Scope, Scopes.Microworld("", view => _shown = view)));
        Assert.Equal(["true", "false"], toggle.FindAll("button").Select(button => button.GetAttribute("aria-pressed")));
        Assert.Equal(
            ["vs …", "vs replace", "vs accumulate", "vs main generation 0", "vs replace-s1 generation 1"],
            toggle.FindAll("option").Take(5).Select(option => option.TextContent));

        toggle.FindAll("button")[1].Click();
        Assert.Equal(Baseline.Parent, _shown!.Baseline);

        toggle.Find("select").Change("branch:accumulate");
        Assert.Equal("lineages/microworld/overview?baseline=branch:accumulate", _shown.ToUri());
        toggle.Find("select").Change("node:replace/s1/1");
        Assert.Equal("lineages/microworld/overview?baseline=node:replace/s1/1", _shown.ToUri());
    }

    [Fact]
    public void Intervals_are_of_the_model_the_recipe_or_the_average_of_seeds()
    {
        var choice = Render<IntervalChoice>(parameters => parameters.Add(p => p.Scope, Scopes.Microworld("?interval=recipe", view => _shown = view)));
        Assert.Equal("95 %: this recipe", choice.Find("summary").TextContent);
        Assert.Equal([false, true, false], choice.FindAll("input").Select(input => input.HasAttribute("checked")));

        choice.FindAll("input")[2].Change("Seeds");
        Assert.Equal("lineages/microworld/overview?interval=seeds", _shown!.ToUri());
        choice.FindAll("input")[0].Change("Model");
        Assert.Equal("lineages/microworld/overview", _shown.ToUri());
    }

    [Fact]
    public void A_baseline_that_the_lineage_does_not_have_is_the_origin()
    {
        Assert.Equal(Baseline.Parse("branch:replace"), Scopes.Microworld("?baseline=branch:replace").View.Baseline);
        Assert.Equal(Baseline.Origin, Scopes.Microworld("?baseline=branch:elsewhere").View.Baseline);
        Assert.Equal(Baseline.Origin, Scopes.Microworld("?baseline=training_data").View.Baseline);
    }

    [Fact]
    public void The_range_is_said_in_words_and_follows_its_fields()
    {
        var range = Render<GenerationRange>(parameters => parameters.Add(p => p.Scope, Scopes.Microworld("?from=1", view => _shown = view)));
        Assert.Equal("generations 1–2", range.Find("summary").TextContent);

        range.FindAll("input")[1].Change("1");
        Assert.Equal((1, 1), (_shown!.From, _shown.To));

        range.Find("button[data-shortcut='[']").Click();
        Assert.Equal((1, 1), (_shown.From, _shown.To));
        Assert.True(range.Find("button[data-shortcut=']']").HasAttribute("disabled"));
    }

    [Fact]
    public void A_field_without_a_number_changes_nothing()
    {
        var range = Render<GenerationRange>(parameters => parameters.Add(p => p.Scope, Scopes.Microworld("?from=1", view => _shown = view)));

        range.FindAll("input")[0].Change("");

        Assert.Equal("lineages/microworld/overview?from=1", _shown!.ToUri());
    }

    private static AngleSharp.Dom.IElement Chip(IRenderedComponent<SeriesChips> chips, string branch)
    {
        return chips.FindAll(".chip > button:first-child").Single(chip => chip.TextContent.Trim() == branch);
    }

    private IRenderedComponent<SeriesChips> RenderChips(string query = "")
    {
        return Render<SeriesChips>(parameters => parameters.Add(p => p.Scope, Scopes.Microworld(query, view => _shown = view)));
    }
}
