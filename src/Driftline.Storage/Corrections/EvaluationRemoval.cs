using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Corrections;

/// <summary>Removes chosen evaluations from a ledger, and their rows from the database. The caller holds the transaction.</summary>
internal sealed class EvaluationRemoval(DriftlineContext context, LineageLedger ledger)
{
    /// <summary>Removes.</summary>
    /// <returns>The imports of which something was removed.</returns>
    public async Task<IReadOnlySet<long>> RunAsync(
        IReadOnlyList<(NodeRow Node, IReadOnlyList<LedgerPiece> Pieces, IReadOnlyList<ImportNodeRow> Imports)> chosen, CancellationToken cancellationToken)
    {
        var imports = new HashSet<long>();
        foreach (var (node, pieces, links) in chosen)
        {
            ledger.TouchedNodes.Add(node.Id);
            foreach (var piece in pieces)
            {
                imports.UnionWith(piece.Parts.Select(part => part.Import));
                imports.UnionWith(piece.Metrics.Concat<MetricRow>(piece.Replaced).Select(metric => metric.ImportId));
                await RemoveAsync(piece, cancellationToken);
            }

            imports.UnionWith(links.Select(link => link.ImportId));
            var gone = links.Select(link => link.ImportId).ToList();
            await context.TrainingTexts.Where(t => t.LineageId == ledger.Lineage.Id && t.NodeId == node.Id && gone.Contains(t.ImportId)).ExecuteDeleteAsync(cancellationToken);
            context.ImportNodes.RemoveRange(links);
            ledger.ImportNodes.RemoveAll(links.Contains);
        }

        return imports;
    }

    private async Task RemoveAsync(LedgerPiece piece, CancellationToken cancellationToken)
    {
        var (lineage, evaluation) = (ledger.Lineage.Id, piece.Evaluation);
        foreach (var part in piece.Parts)
        {
            await context.WordBlocks.Where(b => b.LineageId == lineage && b.PartId == part.Id).ExecuteDeleteAsync(cancellationToken);
            await context.Samples.Where(s => s.LineageId == lineage && s.PartId == part.Id).ExecuteDeleteAsync(cancellationToken);
            await context.PartColumns.Where(c => c.LineageId == lineage && c.PartId == part.Id).ExecuteDeleteAsync(cancellationToken);
            await context.Parts.Where(p => p.LineageId == lineage && p.Id == part.Id).ExecuteDeleteAsync(cancellationToken);
            ledger.PartsOf(evaluation.Id).Remove(part);
        }

        new LedgerMetrics(context, ledger).Take(piece);
        ledger.Unsummed.Add(evaluation);
        ledger.TouchedSuites.Add(evaluation.SuiteId);
    }
}
