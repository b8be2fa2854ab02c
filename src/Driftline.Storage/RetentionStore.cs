using Driftline.Storage.Corrections;
using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>What a retention removes.</summary>
/// <param name="Evaluations">Superseded evaluations.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Reports">Past imports whose rejected rows and notes go; rejected ones go whole.</param>
/// <param name="RejectedRows">Rejected rows in those reports.</param>
/// <param name="Bytes">About how much room that takes.</param>
public sealed record Removal(int Evaluations, long Rows, int Reports, int RejectedRows, long Bytes);

/// <summary>
/// Removes what nothing shows any more: evaluations in whose place a newer one stands, and the details of past imports. Evaluations
/// that are current are never touched, nor is the list of imports by which a file is recognised.
/// </summary>
/// <param name="contexts">Contexts.</param>
/// <param name="gate">Turns to write.</param>
/// <param name="reclaim">Gives free pages back to the file system.</param>
public sealed class RetentionStore(IDbContextFactory<DriftlineContext> contexts, IWriteGate gate, Action reclaim)
{
    /// <summary>What a retention would remove now.</summary>
    public async Task<Removal> PreviewAsync(Retention retention, DateTime now, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var superseded = await Superseded(context, retention, now).Select(e => new { e.LineageId, e.Id, e.Samples, e.Replaced }).ToListAsync(cancellationToken);
        long bytes = 0;
        foreach (var evaluation in superseded)
        {
            var parts = context.Parts.Where(p => p.LineageId == evaluation.LineageId && p.EvaluationId == evaluation.Id).Select(p => p.Id);
            bytes += await context.PartColumns.Where(c => c.LineageId == evaluation.LineageId && parts.Contains(c.PartId)).SumAsync(c => (long)c.Body.Length, cancellationToken);
            bytes += await context.WordBlocks.Where(b => b.LineageId == evaluation.LineageId && parts.Contains(b.PartId)).SumAsync(b => (long)b.Body.Length, cancellationToken);
            bytes += await context.Samples
                .Where(s => s.LineageId == evaluation.LineageId && parts.Contains(s.PartId))
                .SumAsync(s => (long)((s.Output == null ? 0 : s.Output.Length) + (s.Extra == null ? 0 : s.Extra.Length)), cancellationToken);
        }

        var reports = Reports(context, retention, now);
        var errors = context.ImportErrors.Where(e => reports.Select(i => i.Id).Contains(e.ImportId));
        bytes += await errors.SumAsync(e => (long)(e.Raw.Length + e.Reason.Length), cancellationToken);
        return new Removal(
            superseded.Count,
            superseded.Sum(e => e.Samples + e.Replaced),
            await reports.CountAsync(cancellationToken),
            await errors.CountAsync(cancellationToken),
            bytes);
    }

    /// <summary>Removes it, a part of an evaluation at a time, so that imports get their turn in between.</summary>
    public async Task<Removal> ApplyAsync(Retention retention, DateTime now, CancellationToken cancellationToken)
    {
        var removal = await PreviewAsync(retention, now, cancellationToken);
        if (removal is { Evaluations: 0, Reports: 0 })
        {
            return removal;
        }

        List<EvaluationRow> superseded;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            superseded = await Superseded(context, retention, now).AsNoTracking().ToListAsync(cancellationToken);
        }

        foreach (var evaluation in superseded)
        {
            await RemoveAsync(evaluation, cancellationToken);
        }

        await RemoveReportsAsync(retention, now, cancellationToken);
        using (await gate.EnterAsync(cancellationToken))
        {
            reclaim();
        }

        return removal;
    }

    private static IQueryable<EvaluationRow> Superseded(DriftlineContext context, Retention retention, DateTime now)
    {
        if (retention.SupersededDays is not { } days)
        {
            return context.Evaluations.Where(e => false);
        }

        // What an import under way adds rows to is not superseded for good.
        var cutoff = now.AddDays(-days);
        return context.Evaluations.Where(e => !e.IsCurrent
            && context.Parts.Any(p => p.LineageId == e.LineageId && p.EvaluationId == e.Id)
            && !context.Parts.Any(p => p.LineageId == e.LineageId && p.EvaluationId == e.Id
                && context.Imports.Any(i => i.Id == p.ImportId && (i.Created > cutoff || i.Status == ImportStatus.Writing))));
    }

    private static IQueryable<ImportRow> Reports(DriftlineContext context, Retention retention, DateTime now)
    {
        if (retention.ReportDays is not { } days)
        {
            return context.Imports.Where(i => false);
        }

        var cutoff = now.AddDays(-days);
        return context.Imports.Where(i => i.Created <= cutoff && i.Status != ImportStatus.Writing
            && (i.Notes != null || context.ImportErrors.Any(e => e.ImportId == i.Id)
                || (i.Status == ImportStatus.Rejected && !context.ImportLineages.Any(l => l.ImportId == i.Id))));
    }

    private async Task RemoveAsync(EvaluationRow evaluation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var parts = context.Parts.Where(p => p.LineageId == evaluation.LineageId && p.EvaluationId == evaluation.Id);
        foreach (var (id, importId) in (await parts.Select(p => new { p.Id, p.ImportId }).ToListAsync(cancellationToken)).Select(p => (p.Id, p.ImportId)))
        {
            using var turn = await gate.EnterAsync(cancellationToken);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (await context.Evaluations.AnyAsync(e => e.LineageId == evaluation.LineageId && e.Id == evaluation.Id && e.IsCurrent, cancellationToken))
            {
                // An import has made it the current one in the meantime.
                return;
            }

            await context.WordBlocks.Where(b => b.LineageId == evaluation.LineageId && b.PartId == id).ExecuteDeleteAsync(cancellationToken);
            await context.Samples.Where(s => s.LineageId == evaluation.LineageId && s.PartId == id).ExecuteDeleteAsync(cancellationToken);
            await context.PartColumns.Where(c => c.LineageId == evaluation.LineageId && c.PartId == id).ExecuteDeleteAsync(cancellationToken);
            await context.Parts.Where(p => p.LineageId == evaluation.LineageId && p.Id == id).ExecuteDeleteAsync(cancellationToken);
            await context.Imports
                .Where(i => i.Id == importId && !i.ContentKey.StartsWith(ForgottenImports.Mark))
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ContentKey, i => ForgottenImports.Mark + i.ContentKey).SetProperty(i => i.PrefixHash, (string?)null), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        using var last = await gate.EnterAsync(cancellationToken);
        await context.Evaluations
            .Where(e => e.LineageId == evaluation.LineageId && e.Id == evaluation.Id && !e.IsCurrent && !parts.Any())
            .ExecuteDeleteAsync(cancellationToken);
        await Orphans(context.ReplacedMetrics).ExecuteDeleteAsync(cancellationToken);
        await Orphans(context.ReportedMetrics).ExecuteDeleteAsync(cancellationToken);

        IQueryable<T> Orphans<T>(IQueryable<T> metrics)
            where T : MetricRow => metrics.Where(m =>
            m.LineageId == evaluation.LineageId && m.NodeId == evaluation.NodeId && m.SuiteId == evaluation.SuiteId && m.RunId == evaluation.RunId
            && !context.Evaluations.Any(e => e.LineageId == m.LineageId && e.NodeId == m.NodeId && e.SuiteId == m.SuiteId && e.RunId == m.RunId));
    }

    private async Task RemoveReportsAsync(Retention retention, DateTime now, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var ids = await Reports(context, retention, now).Select(i => i.Id).ToListAsync(cancellationToken);
        foreach (var some in ids.Chunk(500))
        {
            await context.ImportErrors.Where(e => some.Contains(e.ImportId)).ExecuteDeleteAsync(cancellationToken);
            await context.Imports.Where(i => some.Contains(i.Id)).ExecuteUpdateAsync(set => set.SetProperty(i => i.Notes, (string?)null), cancellationToken);
            await context.Imports
                .Where(i => some.Contains(i.Id) && i.Status == ImportStatus.Rejected && !context.ImportLineages.Any(l => l.ImportId == i.Id))
                .ExecuteDeleteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
