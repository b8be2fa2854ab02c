using Driftline.Core.Lineages;
using Driftline.Storage.Queries;
using Driftline.Web.Components.Shared;

namespace Driftline.Web.Tests.Components;

/// <summary>A lineage with a shared generation 0, two branches and three lines, as components get it.</summary>
internal static class Scopes
{
    public static LineageScope Microworld(string query = "", Action<LineageView>? navigate = null, string name = "microworld")
    {
        var lineage = new LineageSummary
        {
            Id = 1,
            Name = name,
            Branches = ["main", "replace", "accumulate"],
            Generations = 7,
            LastGeneration = 2,
            Suites = ["values"],
            Samples = 33670,
        };
        NodeSummary[] nodes =
        [
            Node(1, "main", null, 0, 2, 4, 6),
            Node(2, "replace", "1", 1, 3), Node(3, "replace", "1", 2),
            Node(4, "replace", "2", 1, 5), Node(5, "replace", "2", 2),
            Node(6, "accumulate", "1", 1, 7), Node(7, "accumulate", "1", 2),
        ];
        var view = LineageView.Parse($"lineages/{Uri.EscapeDataString(name)}/overview{query}")!;
        return new LineageScope(lineage, nodes, [], view, 1, change => navigate?.Invoke(change(view)));
    }

    private static NodeSummary Node(long id, string branch, string? seed, int generation, params long[] children)
    {
        return new NodeSummary
        {
            Id = id,
            Key = new NodeKey("microworld", branch, seed, generation),
            Model = $"mw-g{generation}",
            Parents = [],
            Children = children,
            OriginId = 1,
        };
    }
}
