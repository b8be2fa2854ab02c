using Driftline.Core.Imports;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Driftline.Storage.Queries;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>An earlier import of a native file that may have grown since.</summary>
/// <param name="ImportId">The import.</param>
/// <param name="Bytes">Bytes of whole lines that it read.</param>
/// <param name="Lines">Lines in them.</param>
/// <param name="Hash">SHA-256 of those bytes, lower-case hexadecimal.</param>
public sealed record KnownPrefix(long ImportId, long Bytes, long Lines, string Hash);

/// <summary>What came in, and how new things come in.</summary>
public sealed class ImportStore(IDbContextFactory<DriftlineContext> contexts, IBulkImports bulk, IWriteGate gate)
{
    /// <summary>The newest published import with this content key that was not rejected; null when there is none.</summary>
    public async Task<ImportSummary?> FindAsync(string contentKey, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Visible(context)
            .Where(i => i.ContentKey == contentKey && i.Status != ImportStatus.Rejected)
            .OrderByDescending(i => i.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : (await SummariesAsync(context, [row], cancellationToken))[0];
    }

    /// <summary>
    /// Prefixes by which a native file that has grown is recognised: of earlier imports of the same source, then of files of the
    /// same name elsewhere; longest first.
    /// </summary>
    public async Task<IReadOnlyList<KnownPrefix>> PrefixesAsync(string source, CancellationToken cancellationToken)
    {
        var fileName = FileName(source);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Visible(context)
            .Where(i => i.FileName == fileName && i.PrefixHash != null && i.BytesConsumed > 0 && i.Status != ImportStatus.Rejected)
            .OrderByDescending(i => i.Source == source)
            .ThenByDescending(i => i.BytesConsumed)
            .ThenByDescending(i => i.Id)
            .Select(i => new { i.Id, i.BytesConsumed, i.LinesConsumed, i.PrefixHash })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(i => new KnownPrefix(i.Id, i.BytesConsumed, i.LinesConsumed, i.PrefixHash!))];
    }

    /// <summary>Begins an import; waits until the one before it is over.</summary>
    /// <exception cref="StorageException">The database cannot be written.</exception>
    public Task<IImportSession> BeginAsync(ImportStart start, CancellationToken cancellationToken) => bulk.BeginAsync(start, cancellationToken);

    /// <summary>Records a log that could not be read at all, and returns the import's id.</summary>
    public async Task<long> RecordRejectedAsync(ImportStart start, string reason, IReadOnlyList<RowError> errors, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var row = Row(start, ImportStatus.Rejected);
        row.Reason = reason;
        row.RowsRejected = row.RowsRead = errors.Count;
        context.Imports.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        context.ImportErrors.AddRange(ImportPublisher.Errors(row.Id, errors));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row.Id;
    }

    /// <summary>Imports, newest first.</summary>
    public async Task<IReadOnlyList<ImportSummary>> ListAsync(int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Visible(context).OrderByDescending(i => i.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return await SummariesAsync(context, rows, cancellationToken);
    }

    /// <summary>Imports that a filter lets through, newest first, and how many there are in all.</summary>
    public async Task<ImportPage> SearchAsync(ImportFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var matching = ImportSearch.Apply(context, Visible(context), filter);
        var total = await matching.CountAsync(cancellationToken);
        var rows = await matching.OrderByDescending(i => i.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return new ImportPage(await SummariesAsync(context, rows, cancellationToken), total);
    }

    /// <summary>The formats and lineages that imports have, for choosing among them.</summary>
    public async Task<(IReadOnlyList<string> Formats, IReadOnlyList<string> Lineages)> FacetsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var formats = await Visible(context).Select(i => i.Format).Distinct().ToListAsync(cancellationToken);
        var lineages = await context.Lineages.Where(l => context.Nodes.Any(n => n.LineageId == l.Id)).Select(l => l.Name).ToListAsync(cancellationToken);
        return ([.. formats.Order(StringComparer.Ordinal)], [.. lineages.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The evaluations that hold something of an import, as lineage and evaluation id.</summary>
    public async Task<IReadOnlySet<(long Lineage, long Evaluation)>> EvaluationsAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var parts = await context.Parts.Where(p => p.ImportId == id).Select(p => new { p.LineageId, Id = p.EvaluationId }).Distinct().ToListAsync(cancellationToken);
        var metrics = await (
            from metric in context.ReportedMetrics
            join evaluation in context.Evaluations
                on new { metric.LineageId, metric.NodeId, metric.SuiteId, metric.RunId } equals new { evaluation.LineageId, evaluation.NodeId, evaluation.SuiteId, evaluation.RunId }
            where metric.ImportId == id
            select new { evaluation.LineageId, evaluation.Id })
            .Distinct()
            .ToListAsync(cancellationToken);
        return parts.Concat(metrics).Select(each => (each.LineageId, each.Id)).ToHashSet();
    }

    /// <summary>The nodes that an import named, as lineage and node id.</summary>
    public async Task<IReadOnlyList<(long Lineage, long Node)>> NodesAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var nodes = await context.ImportNodes.Where(n => n.ImportId == id).Select(n => new { n.LineageId, n.NodeId }).ToListAsync(cancellationToken);
        return nodes.ConvertAll(node => (node.LineageId, node.NodeId));
    }

    /// <summary>An import by id; null when there is none.</summary>
    public async Task<ImportSummary?> GetAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Visible(context).SingleOrDefaultAsync(i => i.Id == id, cancellationToken);
        return row is null ? null : (await SummariesAsync(context, [row], cancellationToken))[0];
    }

    /// <summary>Those of some imports that are still there.</summary>
    public async Task<IReadOnlySet<long>> ExistingAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await Visible(context).Where(i => ids.Contains(i.Id)).Select(i => i.Id).ToListAsync(cancellationToken)).ToHashSet();
    }

    /// <summary>The rejected rows of an import that were kept (the first 1,000), in the order of the file.</summary>
    public async Task<IReadOnlyList<RowError>> ErrorsAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.ImportErrors.AsNoTracking().Where(e => e.ImportId == id).OrderBy(e => e.Ordinal).ToListAsync(cancellationToken);
        return rows.ConvertAll(e => new RowError(e.Line, e.Column, e.Reason, e.Raw));
    }

    /// <summary>The row of an import that begins.</summary>
    internal static ImportRow Row(ImportStart start, string status) => new()
    {
        Source = start.Source,
        FileName = FileName(start.Source),
        Format = start.Format,
        ContentKey = start.ContentKey,
        Status = status,
        Created = DateTime.UtcNow,
        Bytes = start.Bytes,
        Continues = start.Continues,
    };

    private static string FileName(string source) => source[(source.LastIndexOfAny(['/', '\\']) + 1)..];

    private static IQueryable<ImportRow> Visible(DriftlineContext context) =>
        context.Imports.AsNoTracking().Where(i => i.Status != ImportStatus.Writing);

    private static async Task<IReadOnlyList<ImportSummary>> SummariesAsync(DriftlineContext context, List<ImportRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.ConvertAll(i => i.Id);
        var lineages = (await context.ImportLineages
            .Where(i => ids.Contains(i.ImportId))
            .Join(context.Lineages, i => i.LineageId, l => l.Id, (touched, lineage) => new { touched.ImportId, lineage.Name })
            .ToListAsync(cancellationToken)).ToLookup(l => l.ImportId, l => l.Name);
        var places = (await (
            from place in context.ImportNodes
            join node in context.Nodes on new { place.LineageId, Id = place.NodeId } equals new { node.LineageId, node.Id }
            join lineage in context.Lineages on place.LineageId equals lineage.Id
            where ids.Contains(place.ImportId)
            select new { place.ImportId, place.Evidence, place.IsGuess, Lineage = lineage.Name, node.Branch, node.Seed, node.Generation, node.Checkpoint })
            .AsNoTracking()
            .ToListAsync(cancellationToken))
            .ToLookup(
                place => place.ImportId,
                place => new ImportPlace(
                    new NodeKey(place.Lineage, place.Branch, place.Seed, place.Generation, place.Checkpoint), place.Evidence, place.IsGuess, ImportNodeRow.IsMove(place.Evidence)));
        return rows.ConvertAll(i => new ImportSummary
        {
            Id = i.Id,
            Source = i.Source,
            Format = i.Format,
            Status = i.Status,
            Reason = i.Reason,
            Created = i.Created,
            Bytes = i.Bytes,
            RowsRead = i.RowsRead,
            RowsWritten = i.RowsWritten,
            RowsReplaced = i.RowsReplaced,
            RowsRejected = i.RowsRejected,
            ValuesDropped = i.ValuesDropped,
            Seconds = i.Seconds,
            Notes = i.Notes is null ? [] : StorageJson.Read<List<string>>(i.Notes),
            Lineages = [.. lineages[i.Id].Order(StringComparer.Ordinal)],
            Places = [.. places[i.Id]
                .OrderBy(place => place.Node.Lineage, StringComparer.Ordinal)
                .ThenBy(place => place.Node.Branch, StringComparer.Ordinal)
                .ThenBy(place => place.Node.Seed, StringComparer.Ordinal)
                .ThenBy(place => place.Node.Generation)],
        });
    }
}
