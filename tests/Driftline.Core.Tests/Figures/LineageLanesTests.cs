using Driftline.Core.Figures;
using Driftline.Core.Lineages;

namespace Driftline.Core.Tests.Figures;

public sealed class LineageLanesTests
{
    [Fact]
    public void The_shared_root_is_no_lane_and_every_lane_starts_at_it()
    {
        var lanes = Microworld.Lanes;

        Assert.Equal(["replace s1", "replace s2", "accumulate s1", "null"], lanes.All.Select(lane => lane.Label));
        Assert.All(lanes.All, lane => Assert.Equal(new NodeKey("microworld", "main", null, 0), lane.Joint!.Key));
        Assert.Equal("main", Assert.Single(lanes.Roots).Key.Branch);
        Assert.Equal(8, lanes.LastGeneration);
    }

    [Fact]
    public void Colour_belongs_to_the_branch_and_seeds_differ_in_rank()
    {
        var lanes = Microworld.Lanes;

        Assert.Equal([(0, 0), (0, 1), (1, 0), (2, 0)], lanes.All.Select(lane => (lane.BranchIndex, lane.SeedRank)));
    }

    [Fact]
    public void A_root_that_goes_on_by_itself_keeps_its_lane()
    {
        var lanes = LineageLanes.From([Node("main", 0), Node("main", 1), Node("fork", 1, ("main", 0))], []);

        Assert.Equal(["fork", "main"], lanes.All.Select(lane => lane.Label));
        Assert.Empty(lanes.Roots);
    }

    [Fact]
    public void A_lineage_of_one_node_has_one_lane()
    {
        var lanes = LineageLanes.From([Node("main", 0)], []);

        Assert.Null(Assert.Single(lanes.All).Joint);
    }

    [Fact]
    public void References_are_last_and_take_no_colour()
    {
        var lanes = LineageLanes.From([Node("base", 0) with { IsReference = true }, Node("synthetic", 0), Node("synthetic", 1)], ["base", "synthetic"]);

        Assert.Equal([("synthetic", 0), ("base", -1)], lanes.All.Select(lane => (lane.Label, lane.BranchIndex)));
        Assert.Null(lanes.All[1].Style);
    }

    [Fact]
    public void Seeds_are_ordered_as_numbers()
    {
        var lanes = LineageLanes.From([Node("b", 1, seed: "10"), Node("b", 1, seed: "2"), Node("b", 1, seed: "x")], []);

        Assert.Equal(["b s2", "b s10", "b sx"], lanes.All.Select(lane => lane.Label));
    }

    [Fact]
    public void Checkpoints_inside_a_generation_are_left_out()
    {
        var lanes = LineageLanes.From([Node("b", 1), Node("b", 1) with { Key = new NodeKey("l", "b", null, 1, "500") }], []);

        Assert.Single(Assert.Single(lanes.All).Nodes);
    }

    private static LaneNode Node(string branch, int generation, (string Branch, int Generation)? parent = null, string? seed = null)
    {
        var key = new NodeKey("l", branch, seed, generation);
        var before = parent is { } other ? new NodeKey("l", other.Branch, null, other.Generation)
            : generation > 0 ? key with { Generation = generation - 1 }
            : null;
        return new LaneNode(key, "m", before);
    }
}
