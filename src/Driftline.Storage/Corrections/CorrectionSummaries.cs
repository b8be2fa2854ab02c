using Driftline.Core.Lineages;
using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Corrections;

/// <summary>Counts what corrections do, before they do it.</summary>
internal static class CorrectionSummaries
{
    /// <summary>Counts a move.</summary>
    /// <exception cref="CorrectionException">Nothing would move.</exception>
    public static MoveSummary Of(IEnumerable<(LineageLedger From, LineageLedger To, List<PlannedMove> Moves)> plans, string? lineage)
    {
        var all = plans.ToList();
        var moves = all.SelectMany(plan => plan.Moves).ToList();
        if (moves.Count == 0)
        {
            throw new CorrectionException("nothing would move: there is nothing of that kind, or it is there already");
        }

        return Count(all, moves, lineage is not null);
    }

    /// <summary>Counts what goes back; perhaps nothing is left of it.</summary>
    public static MoveSummary OfReturn(IReadOnlyList<(LineageLedger From, LineageLedger To, List<PlannedMove> Moves)> plans) =>
        Count(plans, [.. plans.SelectMany(plan => plan.Moves)], toOtherLineages: true);

    private static MoveSummary Count(IReadOnlyList<(LineageLedger From, LineageLedger To, List<PlannedMove> Moves)> all, List<PlannedMove> moves, bool toOtherLineages)
    {
        var tally = new Dictionary<NodeKey, Tally>();
        var merged = 0;
        foreach (var (from, to, planned) in all)
        {
            var leaving = planned.SelectMany(move => move.Pieces).Where(piece => piece.IsWhole).Select(piece => piece.Evaluation).ToHashSet();
            foreach (var move in planned)
            {
                var target = to.Nodes.Find(node => to.Key(node) == move.To);
                var (here, there) = (At(tally, from, move.From), At(tally, to, move.To, target));
                foreach (var piece in move.Pieces)
                {
                    var suite = from.Suites[piece.Evaluation.SuiteId].Name;
                    var joins = target is not null && to.Evaluations.Exists(e => e.NodeId == target.Id && !leaving.Contains(e)
                        && to.Suites[e.SuiteId].Name == suite && e.RunId == piece.Evaluation.RunId && (e.Config == piece.Evaluation.Config || e.Samples == 0));
                    merged += joins ? 1 : 0;
                    there.Evaluations += joins ? 0 : 1;
                    here.Evaluations -= piece.IsWhole ? 1 : 0;
                    here.Rows -= piece.Rows;
                    there.Rows += piece.Rows;
                }
            }
        }

        return new MoveSummary
        {
            Evaluations = moves.Sum(move => move.Pieces.Count),
            Rows = moves.Sum(move => move.Pieces.Sum(piece => piece.Rows)),
            Metrics = moves.Sum(move => move.Pieces.Sum(piece => piece.Metrics.Count)),
            Merged = merged,
            Nodes = Changes(tally),
            VanishingLineages = [.. all.Where(plan => toOtherLineages && plan.From != plan.To && Empties(plan.From, plan.Moves.Select(move => (move.From, move.Pieces, move.Imports))))
                .Select(plan => plan.From.Lineage.Name)],
        };
    }

    /// <summary>Counts a removal.</summary>
    /// <exception cref="CorrectionException">Nothing would go.</exception>
    public static async Task<RemovalSummary> OfRemovalAsync(
        DriftlineContext context,
        IReadOnlyList<(LineageLedger Ledger, IReadOnlyList<(NodeRow Node, IReadOnlyList<LedgerPiece> Pieces, IReadOnlyList<ImportNodeRow> Imports)> Chosen)> lineages,
        EvaluationSelection selection,
        CancellationToken cancellationToken)
    {
        if (selection.Import is null && lineages.All(lineage => lineage.Chosen.Count == 0))
        {
            throw new CorrectionException($"there is nothing at {selection}; \"driftline list generations\" and \"driftline list evaluations\" say what there is");
        }

        var tally = new Dictionary<NodeKey, Tally>();
        var imports = new HashSet<long>();
        long bytes = 0;
        int measurements = 0, alerts = 0, rules = 0, nodes = 0;
        var vanishing = new List<string>();
        foreach (var (ledger, chosen) in lineages)
        {
            var id = ledger.Lineage.Id;
            if (Empties(ledger, chosen.Select(each => (each.Node, each.Pieces, each.Imports))))
            {
                vanishing.Add(ledger.Lineage.Name);
                rules += await context.AlertRuleVersions.Where(v => v.LineageId == id).Select(v => v.RuleId).Distinct().CountAsync(cancellationToken);
            }

            foreach (var (node, pieces, links) in chosen)
            {
                var here = At(tally, ledger, node);
                foreach (var piece in pieces)
                {
                    here.Evaluations -= piece.IsWhole ? 1 : 0;
                    here.Rows -= piece.Rows;
                    bytes += await BytesAsync(context, id, piece, cancellationToken);
                }

                nodes += Vanishes(ledger, node, pieces, links) ? 1 : 0;
                imports.UnionWith(links.Select(link => link.ImportId));
                imports.UnionWith(pieces.SelectMany(piece => piece.Parts).Select(part => part.Import));
                var suites = pieces.Where(piece => piece.IsWhole).Select(piece => piece.Evaluation).GroupBy(e => e.SuiteId)
                    .Where(group => group.Count() == ledger.Evaluations.Count(e => e.NodeId == node.Id && e.SuiteId == group.Key))
                    .Select(group => group.Key)
                    .ToList();
                measurements += await context.Measurements.CountAsync(
                    m => m.LineageId == id && context.MeasureRuns.Any(r => r.LineageId == id && r.Id == m.RunId && r.NodeId == node.Id && suites.Contains(r.SuiteId)), cancellationToken);
                alerts += await context.AlertEvents.CountAsync(
                    e => e.LineageId == id && e.Branch == node.Branch && e.Seed == (node.Seed ?? "") && e.Generation == node.Generation, cancellationToken);
            }
        }

        var all = lineages.SelectMany(lineage => lineage.Chosen).SelectMany(each => each.Pieces).ToList();
        return new RemovalSummary
        {
            Imports = selection.Import is null ? await GoneAsync(context, lineages, imports, cancellationToken) : 1,
            Evaluations = all.Count(piece => piece.IsWhole),
            Restored = all.Count(piece => !piece.IsWhole),
            Rows = all.Sum(piece => piece.Rows),
            Metrics = all.Sum(piece => piece.Metrics.Count),
            Measurements = measurements,
            Alerts = alerts,
            Rules = rules,
            Nodes = nodes,
            Bytes = bytes,
            Changes = Changes(tally),
            VanishingLineages = vanishing,
        };
    }

    /// <summary>Of the imports concerned, those that have nothing elsewhere.</summary>
    private static async Task<int> GoneAsync(
        DriftlineContext context,
        IReadOnlyList<(LineageLedger Ledger, IReadOnlyList<(NodeRow Node, IReadOnlyList<LedgerPiece> Pieces, IReadOnlyList<ImportNodeRow> Imports)> Chosen)> lineages,
        HashSet<long> imports,
        CancellationToken cancellationToken)
    {
        var left = new HashSet<long>();
        foreach (var (ledger, chosen) in lineages)
        {
            var leaving = chosen.SelectMany(each => each.Pieces).SelectMany(piece => piece.Parts).ToHashSet();
            var metrics = chosen.SelectMany(each => each.Pieces).SelectMany(piece => piece.Metrics.Concat<MetricRow>(piece.Replaced)).ToHashSet();
            var links = chosen.SelectMany(each => each.Imports).ToHashSet();
            left.UnionWith(ledger.Parts.Values.SelectMany(parts => parts).Where(part => !leaving.Contains(part)).Select(part => part.Import));
            left.UnionWith(ledger.Metrics.Concat<MetricRow>(ledger.Replaced).Where(metric => !metrics.Contains(metric)).Select(metric => metric.ImportId));
            left.UnionWith(ledger.ImportNodes.Where(link => !links.Contains(link)).Select(link => link.ImportId));
        }

        var ids = lineages.Select(lineage => lineage.Ledger.Lineage.Id).ToList();
        var candidates = imports.Except(left).ToList();
        var elsewhere = await context.ImportNodes.Where(n => candidates.Contains(n.ImportId) && !ids.Contains(n.LineageId)).Select(n => n.ImportId).Distinct().CountAsync(cancellationToken);
        return candidates.Count - elsewhere;
    }

    private static async Task<long> BytesAsync(DriftlineContext context, long lineageId, LedgerPiece piece, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (var part in piece.Parts)
        {
            bytes += await context.PartColumns.Where(c => c.LineageId == lineageId && c.PartId == part.Id).SumAsync(c => (long)c.Body.Length, cancellationToken);
            bytes += await context.WordBlocks.Where(b => b.LineageId == lineageId && b.PartId == part.Id).SumAsync(b => (long)b.Body.Length, cancellationToken);
            bytes += await context.Samples
                .Where(s => s.LineageId == lineageId && s.PartId == part.Id)
                .SumAsync(s => (long)((s.Output == null ? 0 : s.Output.Length) + (s.Extra == null ? 0 : s.Extra.Length)), cancellationToken);
        }

        return bytes;
    }

    private static bool Empties(LineageLedger ledger, IEnumerable<(NodeRow Node, IReadOnlyList<LedgerPiece> Pieces, IReadOnlyList<ImportNodeRow> Imports)> chosen)
    {
        var gone = chosen.Where(each => Vanishes(ledger, each.Node, each.Pieces, each.Imports)).Select(each => each.Node.Id).ToHashSet();
        return gone.Count > 0 && gone.Count == ledger.Nodes.Count;
    }

    private static bool Vanishes(LineageLedger ledger, NodeRow node, IReadOnlyList<LedgerPiece> pieces, IReadOnlyList<ImportNodeRow> links) =>
        pieces.Count(piece => piece.IsWhole) == ledger.Evaluations.Count(e => e.NodeId == node.Id)
        && ledger.ImportNodes.Where(link => link.NodeId == node.Id).All(links.Contains);

    private static Tally At(Dictionary<NodeKey, Tally> tally, LineageLedger ledger, NodeRow node) => At(tally, ledger, ledger.Key(node), node);

    private static Tally At(Dictionary<NodeKey, Tally> tally, LineageLedger ledger, NodeKey key, NodeRow? node)
    {
        if (!tally.TryGetValue(key, out var known))
        {
            var evaluations = node is null ? [] : ledger.Evaluations.Where(e => e.NodeId == node.Id).ToList();
            tally[key] = known = new Tally { EvaluationsBefore = evaluations.Count, RowsBefore = evaluations.Sum(e => ledger.PartsOf(e.Id).Sum(part => (long)part.Rows)) };
            (known.Evaluations, known.Rows) = (known.EvaluationsBefore, known.RowsBefore);
        }

        return known;
    }

    private static IReadOnlyList<NodeChange> Changes(Dictionary<NodeKey, Tally> tally) =>
        [.. tally
            .OrderBy(each => each.Key.Lineage, StringComparer.Ordinal)
            .ThenBy(each => each.Key.Branch, StringComparer.Ordinal)
            .ThenBy(each => each.Key.Seed, StringComparer.Ordinal)
            .ThenBy(each => each.Key.Generation)
            .Select(each => new NodeChange(each.Key, each.Value.EvaluationsBefore, each.Value.Evaluations, each.Value.RowsBefore, each.Value.Rows))];

    private sealed class Tally
    {
        public int EvaluationsBefore { get; init; }

        public long RowsBefore { get; init; }

        public int Evaluations { get; set; }

        public long Rows { get; set; }
    }
}
