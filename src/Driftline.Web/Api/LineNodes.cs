using Driftline.Storage.Queries;
using Driftline.Web.Commands;

namespace Driftline.Web.Api;

/// <summary>Finds the nodes that a branch and a seed name.</summary>
public static class LineNodes
{
    /// <summary>The nodes of a branch and seed with the origins that they share; all nodes where neither is said.</summary>
    /// <exception cref="CommandFailedException">There is no such branch or seed; the sentence tells which there are.</exception>
    public static IReadOnlyList<NodeSummary> Choose(IReadOnlyList<NodeSummary> nodes, string? branch, string? seed)
    {
        if (branch is null && seed is null)
        {
            return nodes;
        }

        var chosen = nodes.Where(node => (branch is null || node.Key.Branch == branch) && (seed is null || node.Key.Seed == seed)).ToList();
        if (chosen.Count == 0)
        {
            throw new CommandFailedException(UnknownName.Sentence("branch and seed", Line(branch, seed), nodes.Select(node => Line(node.Key.Branch, node.Key.Seed)).Distinct()));
        }

        // Branches and seeds share their origin, so it belongs to the line of each.
        var shown = chosen.Select(node => node.Id).Concat(chosen.Select(node => node.OriginId).OfType<long>()).ToHashSet();
        return [.. nodes.Where(node => shown.Contains(node.Id))];
    }

    private static string Line(string? branch, string? seed) => $"{branch}{(seed is null ? "" : $" seed {seed}")}";
}
