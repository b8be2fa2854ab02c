using Driftline.Core.Lineages;
using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Corrections;

/// <summary>What is moved from one node to another.</summary>
/// <param name="From">The node.</param>
/// <param name="To">Where to; perhaps of another lineage, perhaps not there yet.</param>
/// <param name="Pieces">Its chosen evaluations.</param>
/// <param name="Imports">Its chosen links to imports.</param>
internal sealed record PlannedMove(NodeRow From, NodeKey To, IReadOnlyList<LedgerPiece> Pieces, IReadOnlyList<ImportNodeRow> Imports);

/// <summary>Moves evaluations between the nodes of a ledger, or to those of another one. The caller holds the transaction.</summary>
/// <remarks>All that moves is lifted first and put down afterwards, so that generations can move up by one without meeting each other.</remarks>
internal sealed class EvaluationMove(DriftlineContext context, LineageLedger from, LineageLedger to)
{
    private readonly bool _within = from == to;
    private readonly LedgerMetrics _arriving = new(context, to);

    /// <summary>Moves.</summary>
    public async Task RunAsync(IReadOnlyList<PlannedMove> moves, CancellationToken cancellationToken)
    {
        // Links first: they leave with their nodes, and a metric's key may be taken by another one that moves.
        var links = moves.SelectMany(move => move.Imports.Select(link => (move, link))).ToList();
        var statements = moves.SelectMany(move => move.Pieces).ToDictionary(piece => piece, Statements);
        var leaving = new LedgerMetrics(context, from);
        foreach (var piece in statements.Keys)
        {
            leaving.Take(piece);
        }

        context.ImportNodes.RemoveRange(links.Select(each => each.link));
        from.ImportNodes.RemoveAll(row => links.Exists(each => each.link == row));
        await context.SaveChangesAsync(cancellationToken);

        var places = to.Evaluations.ToDictionary(Place);
        if (_within)
        {
            foreach (var piece in moves.SelectMany(move => move.Pieces).Where(piece => piece.IsWhole))
            {
                places.Remove(Place(piece.Evaluation));
            }
        }

        await using var transfer = _within ? null : new PartTransfer(context.Database.GetDbConnection(), from, to);
        foreach (var move in moves)
        {
            var node = NodeAt(move);
            from.TouchedNodes.Add(move.From.Id);
            to.TouchedNodes.Add(node.Id);
            foreach (var piece in move.Pieces)
            {
                await PutAsync(piece, statements[piece], node, places, transfer, cancellationToken);
            }

            await LinkAsync(move, node, cancellationToken);
        }

        await MoveTrainingTextsAsync(moves, cancellationToken);
    }

    /// <summary>Facts of training texts go with the links of their imports; the nodes that they go to must be there.</summary>
    private async Task MoveTrainingTextsAsync(IReadOnlyList<PlannedMove> moves, CancellationToken cancellationToken)
    {
        var moved = moves.SelectMany(move => move.Imports.Select(link => (move.From, move.To, link.ImportId))).Where(each => from.TrainingTexts.Contains((each.From.Id, each.ImportId))).ToList();
        if (moved.Count == 0)
        {
            return;
        }

        await context.SaveChangesAsync(cancellationToken);
        foreach (var (source, place, import) in moved)
        {
            var node = to.Nodes.Find(known => to.Key(known) == place)!;
            await context.TrainingTexts
                .Where(t => t.LineageId == from.Lineage.Id && t.NodeId == source.Id && t.ImportId == import)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.LineageId, to.Lineage.Id).SetProperty(t => t.NodeId, node.Id), cancellationToken);
        }
    }

    /// <summary>What is stated of the metrics of a piece, earliest first; copies, for what leaves takes over what an earlier import stated.</summary>
    private static IReadOnlyList<MetricRow> Statements(LedgerPiece piece) =>
        [.. piece.Replaced.OrderBy(row => row.ImportId), .. piece.Metrics.Select(MetricVersions.Keep)];

    private static (long Node, long Suite, string RunId, string Config) Place(EvaluationRow row) => (row.NodeId, row.SuiteId, row.RunId, row.Config);

    private async Task PutAsync(
        LedgerPiece piece, IReadOnlyList<MetricRow> statements, NodeRow node, Dictionary<(long Node, long Suite, string RunId, string Config), EvaluationRow> places, PartTransfer? transfer, CancellationToken cancellationToken)
    {
        var source = piece.Evaluation;
        var suite = _within ? source.SuiteId : SuiteAt(from.Suites[source.SuiteId]).Id;
        var place = (node.Id, suite, source.RunId, source.Config);
        if (!_within)
        {
            from.TouchedSuites.Add(source.SuiteId);
            to.TouchedSuites.Add(suite);
        }

        if (!places.TryGetValue(place, out var target))
        {
            // What only metrics made there takes the configuration of the samples that come.
            target = places.Values.FirstOrDefault(e => (e.NodeId, e.SuiteId, e.RunId) == (node.Id, suite, source.RunId) && e.Samples == 0);
            if (target is not null)
            {
                places.Remove(Place(target));
                target.Config = source.Config;
            }
            else if (_within && piece.IsWhole)
            {
                target = source;
                target.NodeId = node.Id;
            }
            else
            {
                target = Create(source, place);
            }

            places[place] = target;
        }

        await MovePartsAsync(piece, target, transfer, cancellationToken);
        foreach (var statement in statements)
        {
            _arriving.Put(statement, target, wins: !_within);
        }

        if (target != source)
        {
            to.Unsummed.Add(target);
            if (_within && piece.IsWhole)
            {
                // Now, for another evaluation may take its place.
                context.Evaluations.Remove(source);
                from.Evaluations.Remove(source);
            }
            else
            {
                from.Unsummed.Add(source);
            }
        }
    }

    private async Task MovePartsAsync(LedgerPiece piece, EvaluationRow target, PartTransfer? transfer, CancellationToken cancellationToken)
    {
        var source = piece.Evaluation;
        if (target == source)
        {
            return;
        }

        foreach (var part in piece.Parts)
        {
            from.PartsOf(source.Id).Remove(part);
            if (transfer is null)
            {
                await context.Parts
                    .Where(p => p.LineageId == from.Lineage.Id && p.Id == part.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(p => p.EvaluationId, target.Id), cancellationToken);
                to.PartsOf(target.Id).Add(part);
            }
            else
            {
                to.PartsOf(target.Id).Add(await transfer.MoveAsync(part, target.Id, cancellationToken));
            }
        }
    }

    private EvaluationRow Create(EvaluationRow source, (long Node, long Suite, string RunId, string Config) place)
    {
        var row = EvaluationRows.Create(to.Lineage.Id, to.Evaluations.Count == 0 ? 1 : to.Evaluations.Max(e => e.Id) + 1, place);
        (row.Status, row.StatusStated, row.Created) = (source.Status, source.StatusStated, source.Created);
        context.Evaluations.Add(row);
        to.Evaluations.Add(row);
        return row;
    }

    private NodeRow NodeAt(PlannedMove move)
    {
        if (to.Nodes.Find(node => to.Key(node) == move.To) is { } known)
        {
            return known;
        }

        var source = move.From;
        var row = new NodeRow
        {
            LineageId = to.Lineage.Id,
            Id = to.Nodes.Count == 0 ? 1 : to.Nodes.Max(node => node.Id) + 1,
            Branch = move.To.Branch,
            Seed = move.To.Seed,
            Generation = move.To.Generation,
            Checkpoint = move.To.Checkpoint,
            Model = source.Model,
            DeclaredParents = Parents(source, move.To),
            Created = source.Created,
            Step = source.Step,
            Tokens = source.Tokens,
            Recipe = source.Recipe,
            TrainingData = source.TrainingData,
        };
        context.Nodes.Add(row);
        to.Nodes.Add(row);
        return row;
    }

    /// <summary>Declared parents as far as they can still be true: a model descends from earlier generations.</summary>
    private static string? Parents(NodeRow source, NodeKey place)
    {
        if (source.DeclaredParents is null)
        {
            return null;
        }

        var kept = StorageJson.Read<List<DeclaredParent>>(source.DeclaredParents).Where(parent => parent.IsPossibleAt(place.Generation)).ToList();
        return kept.Count == 0 ? null : StorageJson.Write(kept);
    }

    private SuiteRow SuiteAt(SuiteRow source)
    {
        if (to.Suites.Values.FirstOrDefault(suite => suite.Name == source.Name) is { } known)
        {
            known.Overrides ??= source.Overrides;
            return known;
        }

        var row = new SuiteRow
        {
            LineageId = to.Lineage.Id,
            Id = to.Suites.Count == 0 ? 1 : to.Suites.Keys.Max() + 1,
            Name = source.Name,
            Overrides = source.Overrides,
            Observations = source.Observations,
            ImportId = source.ImportId,
        };
        context.Suites.Add(row);
        to.Suites.Add(row.Id, row);
        return row;
    }

    /// <summary>How it got there; null where it is back at the place that its log states.</summary>
    private string? Evidence(PlannedMove move, long import)
    {
        var before = Before(move, import)?.Evidence;
        var evidence = ImportNodeRow.IsMove(before) ? before : ImportNodeRow.MovedFrom(from.Key(move.From));
        return evidence == ImportNodeRow.MovedFrom(move.To) ? null : evidence;
    }

    /// <summary>What the import said of the node that it is moved from.</summary>
    private ImportNodeRow? Before(PlannedMove move, long import) =>
        move.Imports.FirstOrDefault(link => link.ImportId == import) ?? from.ImportNodes.Find(link => link.NodeId == move.From.Id && link.ImportId == import);

    /// <summary>Links the imports to the node that their evaluations are now at; a link stays behind where something of the import does.</summary>
    private async Task LinkAsync(PlannedMove move, NodeRow node, CancellationToken cancellationToken)
    {
        var moved = move.Imports.Select(link => link.ImportId)
            .Concat(move.Pieces.SelectMany(piece => piece.Parts.Select(part => part.Import).Concat(piece.Metrics.Concat<MetricRow>(piece.Replaced).Select(metric => metric.ImportId))))
            .Distinct();
        foreach (var import in moved)
        {
            if (!to.ImportNodes.Exists(link => link.NodeId == node.Id && link.ImportId == import))
            {
                var link = new ImportNodeRow { LineageId = to.Lineage.Id, NodeId = node.Id, ImportId = import, Evidence = Evidence(move, import), Model = Before(move, import)?.Model };
                context.ImportNodes.Add(link);
                to.ImportNodes.Add(link);
            }

            if (!_within && !await context.ImportLineages.AnyAsync(i => i.LineageId == to.Lineage.Id && i.ImportId == import, cancellationToken)
                && !context.ImportLineages.Local.Any(i => i.LineageId == to.Lineage.Id && i.ImportId == import))
            {
                context.ImportLineages.Add(new ImportLineageRow { LineageId = to.Lineage.Id, ImportId = import });
            }
        }
    }
}
