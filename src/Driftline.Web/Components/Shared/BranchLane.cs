using Driftline.Core.Figures;
using Driftline.Storage.Queries;

namespace Driftline.Web.Components.Shared;

/// <summary>A branch as the interface shows it: its name, its fixed style and its seeds.</summary>
/// <param name="Name">The branch.</param>
/// <param name="Style">Its colour, dash and marker, the same in every chart and chip.</param>
/// <param name="Seeds">Its seeds, numbers by value; empty where the logs name none.</param>
public sealed record BranchLane(string Name, BranchStyle Style, IReadOnlyList<string> Seeds)
{
    /// <summary>
    /// The branches that get a line: all but those that serve as references only, and those that are nothing but the shared
    /// generation 0 of others.
    /// </summary>
    /// <param name="nodes">Every node of the lineage.</param>
    /// <param name="order">Names of branches in the order in which styles are given out; others come after them by name.</param>
    public static IReadOnlyList<BranchLane> Of(IReadOnlyCollection<NodeSummary> nodes, IReadOnlyList<string> order)
    {
        var byId = nodes.ToDictionary(node => node.Id);
        bool IsSharedRoot(NodeSummary node) =>
            node.OriginId == node.Id
            && node.Children.Any(child => byId.TryGetValue(child, out var other) && other.Key.Branch != node.Key.Branch);

        var branches = nodes.Where(node => !node.IsReference).GroupBy(node => node.Key.Branch, StringComparer.Ordinal).ToList();
        var lanes = branches.Where(branch => !branch.All(IsSharedRoot)).ToList();
        return [.. lanes
            .OrderBy(branch => Place(branch.Key, order))
            .ThenBy(branch => branch.Key, StringComparer.Ordinal)
            .Select((branch, index) => new BranchLane(branch.Key, BranchPalette.At(index), SeedsOf(branch)))];
    }

    private static int Place(string branch, IReadOnlyList<string> order)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (order[i] == branch)
            {
                return i;
            }
        }

        return int.MaxValue;
    }

    private static List<string> SeedsOf(IEnumerable<NodeSummary> nodes)
    {
        return [.. nodes
            .Select(node => node.Key.Seed)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .OrderBy(seed => long.TryParse(seed, out var number) ? number : long.MaxValue)
            .ThenBy(seed => seed, StringComparer.Ordinal)];
    }
}
