namespace Driftline.Core.Lineages;

/// <summary>
/// Finds the edges and origins of a lineage from what its logs declare. It looks at all nodes at once and at nothing else, so
/// that the graph is the same whatever the order in which the logs came.
/// </summary>
/// <remarks>
/// <para>A declared parent is looked up by its generation, branch, seed and model. A branch or seed that is not declared is the
/// child's; a sibling without a seed and, for generation 0, the shared root stand in for what is not there.</para>
/// <para>A parent declared by its model alone is the node of that name with the nearest lower generation, of the child's own
/// branch and seed before others; it gave data and weights.</para>
/// <para>Without a declaration, data and weights come from the generation before of the same branch and seed, else of the branch
/// without a seed, else for generation 1 from the shared root. A gap is not jumped over: a missing generation leaves no edge.</para>
/// <para>The shared root is generation 0 of <c>main</c>, else the only generation 0 that is no reference.</para>
/// </remarks>
public static class LineageResolver
{
    /// <summary>Resolves the nodes of one lineage; the result has one entry for each node, in the same order.</summary>
    public static IReadOnlyList<ResolvedNode> Resolve(IReadOnlyList<LineageNode> nodes)
    {
        var lookup = new NodeLookup(nodes);
        var edges = nodes.Select((node, index) => Parents(node, index, lookup)).ToList();
        var isReference = References(edges);
        var origins = new int?[nodes.Count];
        for (var index = 0; index < nodes.Count; index++)
        {
            origins[index] = lookup.OwnOrigin(nodes[index].Key) ?? lookup.SharedRoot ?? Ancestor(index, nodes, edges, lookup);
        }

        return [.. nodes.Select((_, index) => new ResolvedNode(edges[index], origins[index], isReference[index]))];
    }

    private static List<ResolvedParent> Parents(LineageNode node, int index, NodeLookup lookup)
    {
        var parents = new List<ResolvedParent>();
        foreach (var declared in node.Parents)
        {
            if (lookup.Find(node.Key, index, declared) is not { } parent)
            {
                continue;
            }

            Add(parents, new ResolvedParent(parent, declared.Role, declared.Weight));
            if (declared.Generation is null && declared.Role == ParentRole.Data)
            {
                Add(parents, new ResolvedParent(parent, ParentRole.Init, declared.Weight));
            }
        }

        // A reference is no descent, so a node that declares nothing else descends as one that declares nothing.
        if (node.Parents.All(p => p.Role == ParentRole.Reference) && lookup.Predecessor(node.Key) is { } predecessor)
        {
            Add(parents, new ResolvedParent(predecessor, ParentRole.Data, null));
            Add(parents, new ResolvedParent(predecessor, ParentRole.Init, null));
        }

        return parents;
    }

    private static void Add(List<ResolvedParent> parents, ResolvedParent parent)
    {
        if (!parents.Exists(p => p.Parent == parent.Parent && p.Role == parent.Role))
        {
            parents.Add(parent);
        }
    }

    private static bool[] References(List<List<ResolvedParent>> edges)
    {
        var shown = new bool[edges.Count];
        var descended = new bool[edges.Count];
        foreach (var edge in edges.SelectMany(e => e))
        {
            (edge.Role == ParentRole.Reference ? shown : descended)[edge.Parent] = true;
        }

        return [.. shown.Select((value, index) => value && !descended[index])];
    }

    /// <summary>The generation 0 that a node reaches through its parents, data before weights, heavier before lighter.</summary>
    private static int? Ancestor(int start, IReadOnlyList<LineageNode> nodes, List<List<ResolvedParent>> edges, NodeLookup lookup)
    {
        var visited = new HashSet<int> { start };
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out var index))
        {
            foreach (var edge in edges[index].Where(e => e.Role != ParentRole.Reference).OrderBy(e => e.Role).ThenByDescending(e => e.Weight ?? 1))
            {
                if (lookup.OwnOrigin(nodes[edge.Parent].Key) is { } origin)
                {
                    return origin;
                }

                if (visited.Add(edge.Parent))
                {
                    open.Enqueue(edge.Parent);
                }
            }
        }

        return null;
    }
}
