using Driftline.Core.Lineages;
using Driftline.Storage.Queries;
using Driftline.Web.Components.Shared;

namespace Driftline.Web.Tests.Components.Shared;

public sealed class BranchLaneTests
{
    [Fact]
    public void A_shared_generation_0_and_a_reference_get_no_lane()
    {
        var lanes = BranchLane.Of(
            [
                Node(1, "main", null, 0, origin: 1, children: [2, 3]),
                Node(2, "replace", "1", 1, origin: 1),
                Node(3, "accumulate", "1", 1, origin: 1),
                Node(4, "base", null, 0, origin: 4) with { IsReference = true },
            ],
            ["main", "replace", "accumulate", "base"]);

        Assert.Equal(["replace", "accumulate"], lanes.Select(lane => lane.Name));
        Assert.Equal([1, 2], lanes.Select(lane => lane.Style.Slot));
    }

    [Fact]
    public void A_lineage_that_only_has_generation_0_has_a_lane()
    {
        Assert.Equal(["main"], BranchLane.Of([Node(1, "main", null, 0, origin: 1)], ["main"]).Select(lane => lane.Name));
    }

    [Fact]
    public void Seeds_are_sorted_as_numbers()
    {
        var lanes = BranchLane.Of([.. new[] { "10", "9", "b", "9" }.Select((seed, i) => Node(i, "main", seed, i))], ["main"]);

        Assert.Equal(["9", "10", "b"], lanes[0].Seeds);
    }

    [Fact]
    public void Within_drops_what_the_lineage_does_not_have()
    {
        var lanes = BranchLane.Of([Node(1, "replace", "1", 0, origin: 1), Node(2, "replace", "2", 1, origin: 1)], ["replace"]);

        var view = LineageView.Parse("lineages/a/bias?branches=gone&seeds=replace:2,replace:7,gone:1")!.Within(lanes);

        Assert.Equal("lineages/a/bias?seeds=replace:2", view.ToUri());
    }

    private static NodeSummary Node(long id, string branch, string? seed, int generation, long? origin = null, params long[] children)
    {
        return new NodeSummary
        {
            Id = id,
            Key = new NodeKey("microworld", branch, seed, generation),
            Model = "mw",
            Parents = [],
            Children = children,
            OriginId = origin,
        };
    }
}
