using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage.Entities;

namespace Driftline.Storage.Imports;

/// <summary>Nodes between what logs say and what is stored.</summary>
internal static class NodeRows
{
    public static NodeKey Key(NodeRow row, string lineage) => new(lineage, row.Branch, row.Seed, row.Generation, row.Checkpoint);

    public static NodeRow Create(long lineageId, long id, PendingNode pending) => new()
    {
        LineageId = lineageId,
        Id = id,
        Branch = pending.Key.Branch,
        Seed = pending.Key.Seed,
        Generation = pending.Key.Generation,
        Checkpoint = pending.Key.Checkpoint,
        Model = pending.Model,
        DeclaredParents = Parents(pending),
        Guess = pending.Guess,
    };

    /// <summary>Whether a log said how a model is called.</summary>
    public static bool IsNamed(string model) => model is not ("" or NodeHeader.UnknownModel);

    /// <summary>The name of a model when a log calls it so: the later name, but no name never takes the place of one.</summary>
    public static string ModelAfter(string before, string said) => IsNamed(said) || !IsNamed(before) && said.Length > 0 ? said : before;

    /// <summary>Takes over what an import says; what it does not say stays.</summary>
    public static void Update(NodeRow row, PendingNode pending)
    {
        if (!pending.IsMoved)
        {
            row.Model = ModelAfter(row.Model, pending.Model);
            row.DeclaredParents = Parents(pending) ?? row.DeclaredParents;
            row.Guess = pending.Guess is null ? null : row.Guess;
        }

        row.Step = pending.Step ?? row.Step;
        row.Tokens = pending.Tokens ?? row.Tokens;
        row.Recipe = pending.Recipe ?? row.Recipe;
        row.TrainingData = pending.TrainingData ?? row.TrainingData;
        if (pending.Created is not null && (row.Created is null || pending.Created > row.Created))
        {
            row.Created = pending.Created;
        }
    }

    private static string? Parents(PendingNode pending) => pending.Parents.Count == 0 ? null : StorageJson.Write(pending.Parents);

    /// <summary>Resolves the whole lineage anew and stores what differs.</summary>
    public static void Resolve(DriftlineContext context, string lineage, List<NodeRow> rows, List<NodeParentRow> edges)
    {
        var resolved = LineageResolver.Resolve([.. rows.Select(row => new LineageNode(
            Key(row, lineage),
            row.Model,
            row.DeclaredParents is null ? [] : StorageJson.Read<List<DeclaredParent>>(row.DeclaredParents)))]);
        var stale = edges.ToDictionary(e => (e.NodeId, e.ParentId, e.Role));
        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index];
            row.OriginId = resolved[index].Origin is { } origin ? rows[origin].Id : null;
            row.IsReference = resolved[index].IsReference;
            var ordinal = 0;
            foreach (var parent in resolved[index].Parents)
            {
                var key = (row.Id, rows[parent.Parent].Id, parent.Role);
                if (!stale.Remove(key, out var edge))
                {
                    edge = new NodeParentRow { LineageId = row.LineageId, NodeId = key.Item1, ParentId = key.Item2, Role = parent.Role };
                    context.NodeParents.Add(edge);
                }

                edge.Weight = parent.Weight;
                edge.Ordinal = ordinal++;
            }
        }

        context.NodeParents.RemoveRange(stale.Values);
    }
}
