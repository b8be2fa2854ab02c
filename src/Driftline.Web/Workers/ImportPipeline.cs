using Driftline.Core.Imports;
using Driftline.Ingest;
using Driftline.Ingest.Files;
using Driftline.Ingest.ModelWritten;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Documents;
using Driftline.Web.Items;
using Driftline.Web.Mappings;
using Driftline.Web.Workers.Measuring;
using Driftline.Web.Workers.Pipeline;

namespace Driftline.Web.Workers;

/// <summary>
/// Takes one log from its bytes to its publication: recognise, hash, skip what is known, read while the session writes in the background, publish.
/// Measures come afterwards, once for all files of a batch.
/// </summary>
public sealed class ImportPipeline(LogRecognition recognition, UploadedParts parts, KnownLogs known, LogReading reading, ImportStore imports, MappingStore mappings, ItemStore items)
{
    private const string UnknownFormat = "unknown";

    /// <summary>Imports one log.</summary>
    /// <returns>The report of the file, and what changed (empty unless it was imported).</returns>
    /// <exception cref="OperationCanceledException">Cancelled; nothing of the file remains.</exception>
    public async Task<ImportedFile> ImportAsync(ImportRequest request, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        using var patience = recognition.BeginPatience(cancellationToken);
        try
        {
            return await ImportOneAsync(request, progress, cancellationToken);
        }
        catch (LogStalledException exception)
        {
            return ImportedFile.Rejected(request.Name, exception.Message) with { Stalled = exception };
        }
    }

    private async Task<ImportedFile> ImportOneAsync(ImportRequest request, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        var (log, rejected) = await RecogniseAsync(request, cancellationToken);
        if (log is null)
        {
            return rejected!;
        }

        if ((await GatherAsync(log, cancellationToken) ?? await ForbidItemsAsync(log, cancellationToken)) is { } settled)
        {
            return settled;
        }

        var identity = await known.IdentifyAsync(log, cancellationToken);
        if (log.Mapping is { } mapping)
        {
            await mappings.UsedAsync(mapping.Name, cancellationToken);
        }

        return await known.FindAsync(identity, cancellationToken) is { } import
            ? await ReadAgainAsync(log, identity, import, progress, cancellationToken)
            : await ReadNewAsync(log, identity, progress, cancellationToken);
    }

    /// <summary>The log with its reader and mapping, else why there is none.</summary>
    private async Task<(LogUnderway? Log, ImportedFile? Rejected)> RecogniseAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        if (!PatientCall.FileExists(request.Path))
        {
            return (null, ImportedFile.Missing(request.Name));
        }

        var source = LogSource.FromFile(request.Path, request.Name);
        try
        {
            var log = await recognition.RecogniseAsync(source, request, cancellationToken);
            log.JoinedHash = log.Request.Mapping?.JoinedFile(source) is { } join ? (await LogDigest.ComputeAsync(join, [], cancellationToken)).Hash : null;
            return (log, null);
        }
        catch (LogRejectedException exception) when (exception is not LogStalledException)
        {
            return (null, await RejectAsync(source, UnknownFormat, exception.Message, cancellationToken) with { NeedsMapping = exception is UnknownLogFormatException { IsTable: true } });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, await RejectAsync(source, UnknownFormat, LogRecognition.Unreadable(source, exception), cancellationToken));
        }
    }

    /// <summary>Puts the files of a log together, some of which may have been sent before; an answer where it is not read with this one.</summary>
    private async Task<ImportedFile?> GatherAsync(LogUnderway log, CancellationToken cancellationToken)
    {
        if (log.Request.DeleteWhenDone && log.Source.Folder is null && log.Reader.IsPart(log.Source))
        {
            try
            {
                log.Source = await parts.GatherAsync(log.Source, log.Reader, log.Options.Limits, log.Request, cancellationToken);
            }
            catch (LogRejectedException exception) when (exception is not LogStalledException)
            {
                return await RejectAsync(log.Source, log.Reader.Format, exception.Message, cancellationToken);
            }

            if (log.Request.IsReadWithNext)
            {
                return log.NotRead("unchanged", "it is a part of a log that is read whole with the last of its files");
            }

            var (kept, complete) = UploadedParts.Decide(log.Source, log.Reader, log.Request);
            if (kept is not null)
            {
                return log.NotRead("unchanged", kept);
            }

            log.Request = log.Request with { Complete = complete };
        }

        log.Met = log.Source;
        log.Source = log.Reader.Whole(log.Source);
        return null;
    }

    private async Task<ImportedFile?> ForbidItemsAsync(LogUnderway log, CancellationToken cancellationToken) => log is { Reader: ItemsReader, Request.OnlyLineage: { } allowed }
        ? await RejectAsync(log.Source, log.Reader.Format, $"Items are joined with the logs of every lineage, and this token writes to {allowed} alone: import them with another.", cancellationToken) with { IsForbidden = true }
        : null;

    /// <summary>Takes a log that is in already: it is read again only where its samples gain something from items that came since.</summary>
    private async Task<ImportedFile> ReadAgainAsync(LogUnderway log, LogIdentity identity, ImportSummary import, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        if (log.Request.OnlyLineage is { } only && import.Lineages.FirstOrDefault(lineage => lineage != only) is { } foreign)
        {
            return await ForbidAsync(log, new ForeignLineageException(foreign, only), cancellationToken);
        }

        if (identity.Items is { } joins && await known.GainedAsync(log, identity, import.Id, cancellationToken) is var (fresh, gains))
        {
            if (gains)
            {
                var start = identity.Start with { ContentKey = MeasurePlanner.Hash([identity.Start.ContentKey, "joined with", .. fresh.Order(StringComparer.Ordinal).Select(set => $"{set}|{joins.Imports[set]}")]) };
                return await ReadAsync(
                    log,
                    new ReadingPlan(log.Options, start, AgainSentence(fresh), new Joining(joins, fresh, import.Id), identity.Bytes, [import.Id, .. identity.Bytes.Earlier]),
                    progress,
                    cancellationToken);
            }

            await items.LookedAsync(import.Id, joins, joined: null, cancellationToken);
        }

        var report = FileDocument.Of(import) with
        {
            Path = log.Request.Name,
            Status = "unchanged",
            Reason = log.Met == log.Source ? KnownSentence(import) : $"it is a part of the log that came in as {import.Source}",
            RowsRead = 0,
            RowsWritten = 0,
            RowsReplaced = 0,
            RowsRejected = 0,
            Seconds = log.Seconds,
        };
        return new ImportedFile(report, []) { KnownLineages = import.Lineages };
    }

    /// <summary>Takes a log that is not in: from its start, or on from where it ended when it was shorter.</summary>
    private async Task<ImportedFile> ReadNewAsync(LogUnderway log, LogIdentity identity, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        var plan = new ReadingPlan(
            log.Options, identity.Start, log.Note, identity.Items is { } joins ? new Joining(joins, null, null) : null, identity.Bytes, identity.Bytes.Earlier);
        if (await known.FindBeginningAsync(log, identity, cancellationToken) is { } beginning)
        {
            plan = plan with
            {
                Options = plan.Options with { StartOffset = beginning.Bytes, StartLine = beginning.Lines },
                Start = plan.Start with { Continues = beginning.ImportId },
            };
        }
        else if (log.Request is { FromPage: true, IsPlaced: false, TrainingTexts: null }
            && await PlacementProbe.LookAsync(log.Reader, log.Source, log.Options, cancellationToken) is { NeedsPerson: true } look)
        {
            return log.NotRead("waiting") with { Look = look };
        }

        return await ReadAsync(log, plan, progress, cancellationToken);
    }

    private async Task<ImportedFile> ReadAsync(LogUnderway log, ReadingPlan plan, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.ReadAsync(log, plan, progress, cancellationToken);
        }
        catch (ForeignLineageException exception)
        {
            return await ForbidAsync(log, exception, cancellationToken);
        }
        catch (LogRejectedException exception) when (exception is not LogStalledException)
        {
            return await RejectAsync(log.Source, log.Reader.Format, exception.Message, cancellationToken);
        }
    }

    private static string KnownSentence(ImportSummary known)
    {
        var moved = known.Places.Where(place => place.IsMoved).Select(PlacementDocument.Of).ToList();
        return moved.Count == 0
            ? $"these bytes came in as {known.Source}"
            : $"these bytes came in as {known.Source}; a person has moved what they brought: it is now at {string.Join("; ", PlacementDocument.Sentences(moved))}";
    }

    private static string AgainSentence(IReadOnlySet<string> fresh) =>
        $"This log was in already, before the items {string.Join(", ", fresh.Order(StringComparer.Ordinal).Select(name => $"\"{name}\""))}: only those of its samples that gain something from them were stored again, and all else is as it was.";

    private async Task<ImportedFile> ForbidAsync(LogUnderway log, ForeignLineageException reason, CancellationToken cancellationToken) =>
        await RejectAsync(log.Source, log.Reader.Format, reason.Message, cancellationToken) with { IsForbidden = true };

    private async Task<ImportedFile> RejectAsync(LogSource source, string format, string reason, CancellationToken cancellationToken)
    {
        var start = new ImportStart { Source = source.Name, Format = format, ContentKey = "", Bytes = source.Bytes };
        await imports.RecordRejectedAsync(start, reason, [], cancellationToken);
        return ImportedFile.Rejected(source.Name, reason, format == UnknownFormat ? null : format, source.Bytes);
    }
}
