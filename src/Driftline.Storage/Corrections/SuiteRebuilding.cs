using System.Text;
using Driftline.Storage.Columns;
using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Corrections;

/// <summary>
/// Looks anew at the suites of which rows came or went: what is seen of them, their inferred definitions, and the prompts and texts
/// that nothing refers to any more. The caller holds the transaction, and no import is under way.
/// </summary>
internal sealed class SuiteRebuilding(DriftlineContext context, LineageLedger ledger)
{
    private readonly PartReader _reader = new(context.Database.GetDbConnection(), ledger.Lineage.Id);

    private long Id => ledger.Lineage.Id;

    /// <summary>Rebuilds the touched suites.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (ledger.TouchedSuites.Count == 0)
        {
            return;
        }

        await context.SaveChangesAsync(cancellationToken);
        var pending = new PendingLineage(Id, ledger.Lineage.Name);
        foreach (var suite in ledger.TouchedSuites.Select(id => ledger.Suites[id]).ToList())
        {
            if (ledger.Evaluations.Exists(e => e.SuiteId == suite.Id))
            {
                await LookAsync(suite, pending, cancellationToken);
            }
            else
            {
                await RemoveAsync(suite, cancellationToken);
            }
        }

        await new SuitePublisher(context, pending).PublishAsync(ledger.Suites, new Dictionary<string, string>(), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await RemoveUnusedTextsAsync(cancellationToken);
    }

    private async Task RemoveAsync(SuiteRow suite, CancellationToken cancellationToken)
    {
        var runs = context.MeasureRuns.Where(r => r.LineageId == Id && r.SuiteId == suite.Id);
        await context.Measurements.Where(m => m.LineageId == Id && runs.Any(r => r.Id == m.RunId)).ExecuteDeleteAsync(cancellationToken);
        await runs.ExecuteDeleteAsync(cancellationToken);
        await context.SuiteMetadata.Where(m => m.LineageId == Id && m.SuiteId == suite.Id).ExecuteDeleteAsync(cancellationToken);
        await context.Prompts.Where(p => p.LineageId == Id && p.SuiteId == suite.Id).ExecuteDeleteAsync(cancellationToken);
        context.Suites.Remove(suite);
        ledger.Suites.Remove(suite.Id);
    }

    private async Task LookAsync(SuiteRow suite, PendingLineage pending, CancellationToken cancellationToken)
    {
        var seen = new PendingSuite(suite.Id, suite.Name, new RowSet());
        var before = suite.Observations is null ? new SuiteObservations() : StorageJson.Read<SuiteObservations>(suite.Observations);

        // Whether options are in order is said by logs, and kept nowhere else.
        seen.Seen.Ordinal = before.Ordinal;
        var prompts = new HashSet<int>();
        foreach (var part in ledger.Evaluations.Where(e => e.SuiteId == suite.Id).SelectMany(e => ledger.PartsOf(e.Id)))
        {
            var columns = await _reader.ReadAsync(part.Id, part.Rows, cancellationToken);
            prompts.UnionWith(columns.Prompts);
            await LookAsync(seen, columns, cancellationToken);
        }

        seen.Seen.Prompts = prompts.Count;
        seen.Seen.Metrics.UnionWith(ledger.Metrics.Where(m => m.SuiteId == suite.Id).Select(m => m.Metric));
        await RemoveUnusedAsync("prompts", $"suite_id = {suite.Id} AND ", prompts, cancellationToken);
        await context.SuiteMetadata.Where(m => m.LineageId == Id && m.SuiteId == suite.Id).ExecuteDeleteAsync(cancellationToken);
        suite.Observations = null;
        pending.Suites.Add(suite.Name, seen);
    }

    private async Task LookAsync(PendingSuite suite, PartColumns part, CancellationToken cancellationToken)
    {
        foreach (var label in part.AnswerLabels)
        {
            suite.Seen.SeeAnswer(Encoding.UTF8.GetString(label));
        }

        foreach (var column in part.Numbers.Where(column => column.Kind == ColumnKind.Score))
        {
            suite.Seen.Score(column.Name).Add(column.Values, column.WrittenAs);
        }

        suite.Seen.HasEmbeddings |= part.Embeddings.Count > 0;
        foreach (var (ids, see) in new (int[], Action<int, byte[]>)[] { (part.Metadata, (id, text) => suite.SeeMetadata(id, text)), (part.Options, (id, text) => suite.SeeOptions(id, text)) })
        {
            await _reader.LookUpAsync(
                "SELECT text FROM texts WHERE lineage_id = @lineage AND id = @id",
                [.. ids.Where(id => id != 0).Distinct()],
                (id, row) => see(id, Encoding.UTF8.GetBytes(row.GetString(0))),
                cancellationToken);
        }

        foreach (var words in _reader.ReadWords(part.Id))
        {
            cancellationToken.ThrowIfCancellationRequested();
            suite.Seen.SeeWords(words.OutputBytes is not null, words.OutputBytes.GetValueOrDefault().Span, words.ExtraBytes.GetValueOrDefault().Span);
        }
    }

    private async Task RemoveUnusedTextsAsync(CancellationToken cancellationToken)
    {
        var used = new HashSet<int>();
        foreach (var part in ledger.Evaluations.SelectMany(e => ledger.PartsOf(e.Id)))
        {
            var columns = await _reader.ReadAsync(part.Id, part.Rows, cancellationToken, ColumnKind.Metadata, ColumnKind.Options);
            used.UnionWith(columns.Metadata);
            used.UnionWith(columns.Options);
        }

        await RemoveUnusedAsync("texts", "", used, cancellationToken);
    }

    private async Task RemoveUnusedAsync(string table, string condition, HashSet<int> used, CancellationToken cancellationToken)
    {
        var unused = new List<int>();
        await using (var command = _reader.Command($"SELECT id FROM {table} WHERE {condition}lineage_id = @lineage"))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                if (rows.GetInt32(0) is var id && !used.Contains(id))
                {
                    unused.Add(id);
                }
            }
        }

        await using var delete = _reader.Command($"DELETE FROM {table} WHERE lineage_id = @lineage AND id = @id", ("@id", 0));
        foreach (var id in unused)
        {
            delete.Parameters["@id"].Value = id;
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
