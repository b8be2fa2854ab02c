using Driftline.Core.Measures;
using Driftline.Web.Components.Shared;

namespace Driftline.Web.Tests.Components.Shared;

public sealed class LineageViewTests
{
    private static readonly string[] Branches = ["replace", "accumulate", "filtered"];

    [Theory]
    [InlineData("lineages/microworld/overview")]
    [InlineData("lineages/microworld/values?branches=replace")]
    [InlineData("lineages/microworld/bias?branches=accumulate,replace&seeds=replace:1,replace:2&baseline=parent&from=2&to=6")]
    [InlineData("lineages/microworld/semantics?from=0&suite=stories&x=%20y")]
    [InlineData("lineages/a%20b%2Fc%3F/overview?branches=b%5C,%5C:%5C%5Cd")]
    public void An_address_comes_back_as_it_was(string address)
    {
        Assert.Equal(address, LineageView.Parse(address)!.ToUri());
    }

    [Fact]
    public void Parse_EveryParameter_IsRead()
    {
        var view = LineageView.Parse("/lineages/microworld/bias?branches=replace&seeds=replace:2&baseline=parent&from=2&to=6&suite=values#top");

        Assert.NotNull(view);
        Assert.Equal(("microworld", LineageSection.Bias), (view.Lineage, view.Section));
        Assert.Equal(["replace"], view.Branches);
        Assert.Equal([new BranchSeed("replace", "2")], view.Seeds);
        Assert.Equal(Baseline.Parent, view.Baseline);
        Assert.Equal((2, 6), (view.From, view.To));
        Assert.Equal("suite=values", view.Other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("imports")]
    [InlineData("lineages")]
    [InlineData("lineages//overview")]
    [InlineData("lineages/a/nowhere")]
    [InlineData("lineages/a/overview/more")]
    public void Parse_AnotherPage_IsNull(string address)
    {
        Assert.Null(LineageView.Parse(address));
    }

    [Theory]
    [InlineData("lineages/a/overview?branches=&seeds=x,:1,y:&baseline=moon&from=-1&to=1e9&from=")]
    [InlineData("lineages/a?&&")]
    public void Parse_WhatCannotBeUnderstood_IsLeftOut(string address)
    {
        Assert.Equal("lineages/a/overview", LineageView.Parse(address)!.ToUri());
    }

    [Fact]
    public void Parse_RangeTheWrongWayRound_IsTurned()
    {
        var view = LineageView.Parse("lineages/a/overview?from=6&to=2")!;

        Assert.Equal((2, 6), (view.From, view.To));
    }

    [Fact]
    public void Names_with_separators_survive_the_address()
    {
        var view = View() with { Branches = [@"a,b:c\d", "ü&=?#%"], Seeds = [new BranchSeed(@"a,b:c\d", "1:2,3")] };

        var back = LineageView.Parse(view.ToUri())!;

        Assert.Equal(view.Branches, back.Branches);
        Assert.Equal(view.Seeds, back.Seeds);
        Assert.Equal(view, back);
    }

    [Fact]
    public void Views_with_the_same_address_are_equal()
    {
        Assert.Equal(View().OnlyBranch("replace"), View().OnlyBranch("replace"));
        Assert.NotEqual(View().OnlyBranch("replace"), View());
    }

    [Fact]
    public void ToggleBranch_HidesShowsAndNeverLeavesNone()
    {
        var hidden = View().ToggleBranch("replace", Branches);
        Assert.False(hidden.Shows("replace"));
        Assert.True(hidden.Shows("accumulate"));
        Assert.Equal(View(), hidden.ToggleBranch("replace", Branches));

        var last = View().OnlyBranch("replace");
        Assert.Equal(View(), last.ToggleBranch("replace", Branches));
    }

    [Fact]
    public void OnlyBranch_Twice_ShowsAllAgain()
    {
        var alone = View().OnlyBranch("replace");

        Assert.True(alone.Shows("replace"));
        Assert.False(alone.Shows("accumulate"));
        Assert.Equal(View(), alone.OnlyBranch("replace"));
    }

    [Fact]
    public void Seeds_limit_their_own_branch_only()
    {
        var view = View().ToggleSeed("replace", "1", ["1", "2"]);

        Assert.False(view.Shows("replace", "1"));
        Assert.True(view.Shows("replace", "2"));
        Assert.True(view.Shows("replace", null));
        Assert.True(view.Shows("accumulate", "1"));
        Assert.Equal(View(), view.ToggleSeed("replace", "1", ["1", "2"]));
        Assert.Equal(View(), view.ToggleSeed("replace", "2", ["1", "2"]));
    }

    [Fact]
    public void OnlySeed_Twice_ShowsAllAgain()
    {
        var alone = View().OnlySeed("replace", "2");

        Assert.True(alone.Shows("replace", "2"));
        Assert.False(alone.Shows("replace", "1"));
        Assert.False(alone.Shows("accumulate", "2"));
        Assert.Equal(View(), alone.OnlySeed("replace", "2"));
    }

    [Theory]
    [InlineData(2, 6, 2, 6)]
    [InlineData(6, 2, 2, 6)]
    [InlineData(0, 8, null, null)]
    [InlineData(-3, 99, null, null)]
    [InlineData(3, 8, 3, null)]
    public void Between_LeavesTheLineagesOwnEndsOpen(int from, int to, int? expectedFrom, int? expectedTo)
    {
        var view = View().Between(from, to, 0, 8);

        Assert.Equal((expectedFrom, expectedTo), (view.From, view.To));
    }

    [Fact]
    public void Shows_Generation_IncludesBothEnds()
    {
        var view = View() with { From = 2, To = 4 };

        Assert.Equal([2, 3, 4], Enumerable.Range(0, 9).Where(generation => view.Shows(generation)));
    }

    [Fact]
    public void On_AnotherSection_KeepsTheViewAndDropsThePagesOwnParameters()
    {
        var view = LineageView.Parse("lineages/a/bias?baseline=parent&suite=bbq")!;

        Assert.Equal("lineages/a/values?baseline=parent", view.On(LineageSection.Values).ToUri());
        Assert.Equal(view, view.On(LineageSection.Bias));
    }

    private static LineageView View()
    {
        return new LineageView { Lineage = "microworld" };
    }
}
