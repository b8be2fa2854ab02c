using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest;
using Driftline.Ingest.ModelWritten;
using Driftline.Ingest.TrainingTexts;
using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Items;

namespace Driftline.Web.Workers.Pipeline;

/// <summary>What a log is joined with.</summary>
/// <param name="All">All items.</param>
/// <param name="Only">Names of the sets that a log that is in already is read again for; null where all of it is new.</param>
/// <param name="KnownImport">The import of that log; null where it is new.</param>
public sealed record Joining(JoinedItems All, IReadOnlySet<string>? Only, long? KnownImport);

/// <summary>How a log that is identified is read.</summary>
/// <param name="Options">From where, and with what.</param>
/// <param name="Start">The import.</param>
/// <param name="Note">What its report says first; null for nothing.</param>
/// <param name="Joining">What its samples are joined with; null where it has none.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Earlier">Earlier imports of the same file, whose corrections it follows.</param>
public sealed record ReadingPlan(ReadOptions Options, ImportStart Start, string? Note, Joining? Joining, LogBytes Bytes, IReadOnlyList<long> Earlier);

/// <summary>Reads a log into the database while the session writes in the background, and publishes it.</summary>
public sealed class LogReading(ImportStore imports, LineageQueries lineages, CorrectionStore corrections, ItemStore items)
{
    /// <summary>Reads and publishes.</summary>
    /// <exception cref="LogRejectedException">It cannot be read; nothing of it remains.</exception>
    /// <exception cref="ForeignLineageException">It names a lineage that its sender may not write to; nothing of it remains.</exception>
    public async Task<ImportedFile> ReadAsync(LogUnderway log, ReadingPlan plan, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        var published = await StoreAsync(log, plan, progress, cancellationToken);
        var summary = await imports.GetAsync(published.Id, cancellationToken)
            ?? throw new InvalidOperationException($"the import {published.Id} vanished right after its publication");
        var report = FileDocument.Of(summary) with
        {
            Path = log.Request.Name,
            Errors = await imports.ErrorsAsync(published.Id, cancellationToken),
            Evaluations = log.Reader is TrainingTextReader ? [] : await EvaluationsAsync(published.Id, cancellationToken),
        };
        return new ImportedFile(report, published.Changed);
    }

    private async Task<PublishedImport> StoreAsync(LogUnderway log, ReadingPlan plan, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        var (source, request, limits) = (log.Source, log.Request, plan.Options.Limits);
        var set = log.Reader is ItemsReader ? await ItemSet.LoadAsync(source, plan.Options, cancellationToken) : null;
        await using var session = await imports.BeginAsync(plan.Start, cancellationToken);

        // Only now, when no correction can come in between.
        var moves = await StandingMoveSink.OverAsync(session, corrections, plan.Earlier, request.OnlyLineage, cancellationToken);
        IRecordSink sink = moves is null ? session : moves;
        sink = request.OnlyLineage is { } only ? new OneLineageSink(sink, only) : sink;
        sink = new BoundedSink(sink, source, limits);
        var join = plan.Joining is null or { All.Sets.Count: 0 } ? null : new ItemJoin(sink, plan.Joining.All.Sets, limits.MaxDepth, plan.Joining.Only);
        var outcome = (await log.Reader.ReadAsync(source, plan.Options, join ?? sink, progress, cancellationToken)).WithNote(plan.Note);
        outcome = join?.Report(outcome) ?? outcome;
        outcome = moves is null ? outcome : await moves.EndAsync(outcome, cancellationToken);
        await corrections.RememberAsync(moves?.NewWays() ?? [], cancellationToken);
        var published = await session.PublishAsync(plan.Bytes.Remember(outcome, source, request), cancellationToken);
        if (set is not null)
        {
            await items.SaveAsync(set, plan.Bytes.Digest.Hash, published.Id, cancellationToken);
        }

        await items.JoinedAsync(published.Id, join?.Suites ?? [], cancellationToken);
        if (plan.Joining is { KnownImport: { } before })
        {
            await items.LookedAsync(before, plan.Joining.All, published.Id, cancellationToken);
        }

        return published;
    }

    /// <summary>The evaluations that hold something of an import: those alone, however many others its nodes have.</summary>
    private async Task<IReadOnlyList<EvaluationDocument>> EvaluationsAsync(long import, CancellationToken cancellationToken)
    {
        var documents = new List<EvaluationDocument>();
        var held = await imports.EvaluationsAsync(import, cancellationToken);
        foreach (var nodes in (await imports.NodesAsync(import, cancellationToken)).ToLookup(named => named.Lineage, named => named.Node))
        {
            var evaluations = await lineages.EvaluationsAsync(nodes.Key, [.. nodes], cancellationToken);
            documents.AddRange(evaluations.Where(evaluation => held.Contains((nodes.Key, evaluation.Id))).Select(EvaluationDocument.Of));
        }

        return documents;
    }
}
