using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Imports;

/// <summary>Makes an import visible: one transaction for its lineages, its report and nothing else.</summary>
internal sealed class ImportPublisher(IDbContextFactory<DriftlineContext> contexts, IWriteGate gate)
{
    /// <summary>Publishes; all rows of the import are in the database already.</summary>
    public async Task<PublishedImport> PublishAsync(PendingImport pending, ImportOutcome outcome, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var changed = new List<ChangedEvaluation>();
        var notes = new List<string>(outcome.Notes);
        foreach (var lineage in pending.Lineages.Values.OrderBy(l => l.Name, StringComparer.Ordinal))
        {
            var publisher = new LineagePublisher(context, pending.Id, lineage);
            changed.AddRange(await publisher.PublishAsync(outcome, cancellationToken));
            notes.AddRange(publisher.Notes);
        }

        var import = await context.Imports.SingleAsync(i => i.Id == pending.Id, cancellationToken);
        Report(import, pending, outcome with { Notes = notes });
        context.ImportErrors.AddRange(Errors(pending.Id, outcome.Errors));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new PublishedImport
        {
            Id = pending.Id,
            RowsWritten = pending.Records,
            RowsReplaced = pending.Replaced,
            Changed = changed,
        };
    }

    /// <summary>The rows of rejected records.</summary>
    public static IEnumerable<ImportErrorRow> Errors(long importId, IReadOnlyList<RowError> errors) =>
        errors.Select((error, index) => new ImportErrorRow
        {
            ImportId = importId,
            Ordinal = index,
            Line = error.Line,
            Column = error.Column,
            Reason = error.Reason,
            Raw = error.Raw,
        });

    private static void Report(ImportRow import, PendingImport pending, ImportOutcome outcome)
    {
        (import.Status, import.Reason) = (pending.Records, outcome.RowsRejected, pending.Replaced) switch
        {
            (0, > 0, _) when outcome.RowsRejected >= outcome.RowsRead => (ImportStatus.Rejected, $"None of its {outcome.RowsRejected} rows could be taken; see the rejected rows."),
            (_, > 0, _) => (ImportStatus.Partial, $"{outcome.RowsRejected} of {outcome.RowsRead} rows were rejected; see the rejected rows."),
            (_, _, > 0) => (ImportStatus.Replaced, $"{pending.Replaced} rows took the place of earlier ones of the same run, sample and repeat."),
            _ when outcome.RowsRead == 0 && pending.Records == 0 => (ImportStatus.Imported, "It holds no rows, so there was nothing to store."),
            _ => (ImportStatus.Imported, null),
        };
        import.RowsRead = outcome.RowsRead;
        import.RowsWritten = pending.Records;
        import.RowsReplaced = pending.Replaced;
        import.RowsRejected = outcome.RowsRejected;
        import.ValuesDropped = outcome.ValuesDropped;
        import.Seconds = outcome.Seconds;
        import.Notes = outcome.Notes.Count == 0 ? null : StorageJson.Write(outcome.Notes);
        import.BytesConsumed = outcome.BytesConsumed;
        import.LinesConsumed = outcome.LinesConsumed;
        import.PrefixHash = outcome.PrefixHash;
    }
}
