using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>A lineage as the planner sees it: its graph, its suites, and the current evaluation of each suite on each node.</summary>
public sealed class LineageSnapshot
{
    private readonly Dictionary<(long Node, long Suite), EvaluationSummary> _current;
    private readonly Dictionary<long, NodeSummary> _nodes;

    private LineageSnapshot(long lineageId, IReadOnlyList<NodeSummary> nodes, IReadOnlyList<SuiteSummary> suites, IReadOnlyList<EvaluationSummary> evaluations)
    {
        LineageId = lineageId;
        Nodes = nodes;
        Suites = suites;
        _nodes = nodes.ToDictionary(node => node.Id);
        _current = evaluations.Where(evaluation => evaluation.IsCurrent).ToDictionary(evaluation => (evaluation.NodeId, evaluation.SuiteId));
    }

    /// <summary>The lineage.</summary>
    public long LineageId { get; }

    /// <summary>Its nodes.</summary>
    public IReadOnlyList<NodeSummary> Nodes { get; }

    /// <summary>Its suites.</summary>
    public IReadOnlyList<SuiteSummary> Suites { get; }

    /// <summary>Reads the snapshot.</summary>
    public static async Task<LineageSnapshot> LoadAsync(LineageQueries lineages, long lineageId, CancellationToken cancellationToken) => new(
        lineageId,
        await lineages.NodesAsync(lineageId, cancellationToken),
        await lineages.SuitesAsync(lineageId, cancellationToken),
        await lineages.EvaluationsAsync(lineageId, cancellationToken));

    /// <summary>The current evaluation of a suite on a node; null when there is none.</summary>
    public EvaluationSummary? Current(long nodeId, long suiteId) => _current.GetValueOrDefault((nodeId, suiteId));

    /// <summary>A node by its id.</summary>
    public NodeSummary Node(long nodeId) => _nodes[nodeId];

    /// <summary>The node that a measurement of <paramref name="node"/> compares with; null when the graph has none.</summary>
    public NodeSummary? BaselineNode(NodeSummary node, BaselineKind baseline)
    {
        var id = baseline switch
        {
            BaselineKind.Origin => node.OriginId,
            BaselineKind.Parent => ParentId(node),
            _ => null,
        };
        return id is { } known && known != node.Id ? _nodes.GetValueOrDefault(known) : null;
    }

    /// <summary>
    /// The finished models of each branch and seed that is no reference, in order of generation, each with its origin in front: the
    /// lines that charts draw.
    /// </summary>
    public IEnumerable<IReadOnlyList<NodeSummary>> Lines()
    {
        var lines = Nodes
            .Where(node => !node.IsReference && node.Key.Checkpoint is null)
            .GroupBy(node => (node.Key.Branch, node.Key.Seed))
            .OrderBy(line => line.Key.Branch, StringComparer.Ordinal)
            .ThenBy(line => line.Key.Seed, StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var nodes = line.OrderBy(node => node.Key.Generation).ToList();
            if (nodes is [var only] && Nodes.Any(node => node.OriginId == only.Id && node.Id != only.Id))
            {
                // An origin that others share is the start of their lines, not a line.
                continue;
            }

            if (nodes[0].OriginId is { } origin && origin != nodes[0].Id && _nodes.TryGetValue(origin, out var root))
            {
                nodes.Insert(0, root);
            }

            yield return nodes;
        }
    }

    private static long? ParentId(NodeSummary node) =>
        (Heaviest(node, ParentRole.Data) ?? Heaviest(node, ParentRole.Init))?.NodeId;

    private static NodeParent? Heaviest(NodeSummary node, ParentRole role) => node.Parents
        .Where(parent => parent.Role == role)
        .OrderByDescending(parent => parent.Weight ?? 1)
        .ThenBy(parent => parent.NodeId)
        .FirstOrDefault();
}
