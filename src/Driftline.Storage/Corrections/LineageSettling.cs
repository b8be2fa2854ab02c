using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Corrections;

/// <summary>
/// Brings a lineage back in order after evaluations came or went: sums, empty evaluations and nodes, parents, the current evaluations,
/// suites, and the alerts that were judged on what is no longer so. The caller holds the transaction.
/// </summary>
internal sealed class LineageSettling(DriftlineContext context, LineageLedger ledger)
{
    private long Id => ledger.Lineage.Id;

    /// <summary>Settles.</summary>
    /// <returns>Whether anything of the lineage remains.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var judged = Judged();
        RemoveEmptyEvaluations();
        await context.SaveChangesAsync(cancellationToken);
        await SumAsync(cancellationToken);
        var vanished = ledger.Nodes
            .Where(node => ledger.TouchedNodes.Contains(node.Id) && !ledger.Evaluations.Exists(e => e.NodeId == node.Id) && !ledger.ImportNodes.Exists(i => i.NodeId == node.Id))
            .ToList();
        if (vanished.Count == ledger.Nodes.Count)
        {
            await new LineageErasure(context, Id).RunAsync(cancellationToken);
            return false;
        }

        NameModels();
        await RemoveNodesAsync(vanished, cancellationToken);
        judged.UnionWith(Judged());
        await new SuiteRebuilding(context, ledger).RunAsync(cancellationToken);
        ChooseAndHash();
        await VoidTestsAsync(judged, vanished, cancellationToken);
        var summary = await context.AlertSummaries.SingleOrDefaultAsync(s => s.LineageId == Id, cancellationToken);
        if (summary is null)
        {
            context.AlertSummaries.Add(summary = new AlertSummaryRow { LineageId = Id, State = Core.Alerts.LineageAlert.None });
        }

        // Pages and caches tell by it that something has changed, even where ids are given again.
        summary.Revision++;
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Where the touched nodes and those that compare with them stand: what was tested there is to be tested again.</summary>
    private HashSet<(string Branch, string Seed, int Generation)> Judged()
    {
        var dependent = ledger.Edges.Where(edge => ledger.TouchedNodes.Contains(edge.ParentId)).Select(edge => edge.NodeId).ToHashSet();
        return [.. ledger.Nodes
            .Where(node => ledger.TouchedNodes.Contains(node.Id) || dependent.Contains(node.Id) || (node.OriginId is { } origin && ledger.TouchedNodes.Contains(origin)))
            .Select(node => (node.Branch, node.Seed ?? "", node.Generation))];
    }

    private void RemoveEmptyEvaluations()
    {
        var empty = ledger.Unsummed.Where(row => ledger.PartsOf(row.Id).Count == 0 && !ledger.MetricsOf(row).Any()).ToList();
        foreach (var row in empty)
        {
            ledger.Unsummed.Remove(row);
            ledger.Evaluations.Remove(row);
            context.Evaluations.Remove(row);
        }
    }

    private async Task SumAsync(CancellationToken cancellationToken)
    {
        foreach (var row in ledger.Unsummed)
        {
            var merge = await EvaluationMerge.ComputeAsync(context.Database.GetDbConnection(), Id, row.Id, importId: null, cancellationToken);
            EvaluationRows.Sum(row, merge, ledger.PartsOf(row.Id).Sum(part => (long)part.Rows));
        }
    }

    /// <summary>A model is called as the last import that is still there calls it; one that a person moved there has a say only where no other is.</summary>
    private void NameModels()
    {
        foreach (var node in ledger.Nodes.Where(node => ledger.TouchedNodes.Contains(node.Id)))
        {
            var links = ledger.ImportNodes.Where(link => link.NodeId == node.Id).OrderBy(link => link.ImportId).ToLookup(link => ImportNodeRow.IsMove(link.Evidence));
            var own = links[false].Any() ? links[false] : links[true];
            node.Model = own.LastOrDefault(link => link.Model is not null)?.Model ?? node.Model;
        }
    }

    private async Task RemoveNodesAsync(List<NodeRow> vanished, CancellationToken cancellationToken)
    {
        foreach (var node in vanished)
        {
            var runs = context.MeasureRuns.Where(r => r.LineageId == Id && r.NodeId == node.Id);
            await context.Measurements.Where(m => m.LineageId == Id && runs.Any(r => r.Id == m.RunId)).ExecuteDeleteAsync(cancellationToken);
            await runs.ExecuteDeleteAsync(cancellationToken);
            await context.AlertClosures
                .Where(c => c.LineageId == Id && c.Branch == node.Branch && c.Seed == (node.Seed ?? "") && c.Generation == node.Generation)
                .ExecuteDeleteAsync(cancellationToken);
            ledger.Nodes.Remove(node);
        }

        NodeRows.Resolve(context, ledger.Lineage.Name, ledger.Nodes, ledger.Edges);
        context.Nodes.RemoveRange(vanished);
        await context.SaveChangesAsync(cancellationToken);
        ledger.Edges.Clear();
        ledger.Edges.AddRange(await context.NodeParents.Where(e => e.LineageId == Id).ToListAsync(cancellationToken));
    }

    private void ChooseAndHash()
    {
        var touched = ledger.Evaluations.Where(e => ledger.TouchedNodes.Contains(e.NodeId)).ToList();
        EvaluationRows.ChooseCurrent(touched);
        var nodes = ledger.Nodes.ToDictionary(node => node.Id);
        foreach (var row in touched)
        {
            var node = nodes[row.NodeId];
            row.ContentHash = EvaluationRows.ContentHash(row, ledger.Key(node), node.Model, ledger.Suites[row.SuiteId].Name, ledger.MetricsOf(row));
        }
    }

    private async Task VoidTestsAsync(HashSet<(string Branch, string Seed, int Generation)> judged, List<NodeRow> vanished, CancellationToken cancellationToken)
    {
        judged.UnionWith(vanished.Select(node => (node.Branch, node.Seed ?? "", node.Generation)));
        foreach (var (branch, seed, generation) in judged)
        {
            await context.AlertTests
                .Where(t => t.LineageId == Id && t.Branch == branch && t.Seed == seed && t.Generation == generation)
                .ExecuteDeleteAsync(cancellationToken);
            await context.AlertEvents
                .Where(e => e.LineageId == Id && e.Branch == branch && e.Seed == seed && e.Generation == generation)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }
}
