using System.Diagnostics;
using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Ingest.Files;
using Driftline.Ingest.ModelWritten;
using Driftline.Ingest.TrainingTexts;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Documents;
using Driftline.Web.Items;
using Driftline.Web.Mappings;
using Driftline.Web.Options;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Workers;

/// <summary>
/// Takes one log from its bytes to its publication: recognise, hash, skip what is known, read while the session writes in the background, publish.
/// Measures come afterwards, once for all files of a batch.
/// </summary>
public sealed class ImportPipeline(LogReaderRegistry readers, ImportStore imports, LineageQueries lineages, CorrectionStore corrections, MappingStore mappings, ItemStore items, UploadedParts parts, TrainingTextContexts contexts, DriftlineOptions settings)
{
    private const string NativeFormat = "native";
    private const string UnknownFormat = "unknown";

    // Before the hash of a prefix of which more was still to come: only what is incomplete again is read on from there, since what
    // is complete must say so of all its runs.
    private const string OpenPrefix = "growing:";

    // Before the hash of a whole file that cannot be read on; it tells that a longer one of its name is the same file.
    private const string WholeFile = "whole:";

    /// <summary>Puts those files first that other logs are joined with: items.</summary>
    public IReadOnlyList<ImportRequest> InOrder(IReadOnlyList<ImportRequest> requests)
    {
        var first = requests.Count < 2 ? [] : requests.Where(request => ReaderOf(request) is ItemsReader).ToHashSet();
        return first.Count == 0 ? requests : [.. requests.OrderByDescending(first.Contains)];
    }

    /// <summary>Files of which another one stands for the same log, which is read whole with that one: part → the one that stands for it.</summary>
    public IReadOnlyDictionary<ImportRequest, ImportRequest> Parts(IReadOnlyList<ImportRequest> requests)
    {
        var standing = new Dictionary<ImportRequest, ImportRequest>(ReferenceEqualityComparer.Instance);
        foreach (var log in requests.Select(request => (Request: request, Log: LogOf(request))).Where(each => each.Log is not null).GroupBy(each => (each.Log, each.Request.Overrides)))
        {
            foreach (var (request, _) in log.Skip(1))
            {
                standing.Add(request, log.First().Request);
            }
        }

        return standing;
    }

    /// <summary>Whether a file could be a part of a log, by its name.</summary>
    public bool MayBePart(ImportRequest request) => readers.MayBePart(new LogSource(request.Name, request.Path, 0));

    /// <summary>The report of a file that another one stands for.</summary>
    public static FileDocument PartOf(ImportRequest part, FileDocument whole) => new()
    {
        Path = part.Name,
        Format = whole.Format,
        Status = "unchanged",
        Reason = $"it is a part of the log that {(whole.Status == "rejected" ? "was rejected" : whole.Id is null ? "is reported" : "came in")} as {whole.Path}",
        PartOf = whole.Path,
        Bytes = part.Size(),
    };

    /// <summary>Imports one log.</summary>
    /// <returns>The report of the file, and what changed (empty unless it was imported).</returns>
    /// <exception cref="OperationCanceledException">Cancelled; nothing of the file remains.</exception>
    public async Task<ImportedFile> ImportAsync(ImportRequest request, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        using var patience = ReadPatience.Begin(TimeSpan.FromSeconds(settings.Import.PatienceSeconds), cancellationToken);
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
        var watch = Stopwatch.StartNew();
        if (!PatientCall.FileExists(request.Path))
        {
            return ImportedFile.Rejected(request.Name, $"{request.Name} does not exist; check the path");
        }

        var source = LogSource.FromFile(request.Path, request.Name);
        ILogReader reader;
        NamedMapping? used;
        string? note, joined;
        try
        {
            (reader, request, used, note) = await ChooseAsync(source, request, cancellationToken);
            joined = request.Mapping?.JoinedFile(source) is { } join ? (await LogDigest.ComputeAsync(join, [], cancellationToken)).Hash : null;
        }
        catch (LogRejectedException exception) when (exception is not LogStalledException)
        {
            return (await RejectAsync(source, UnknownFormat, exception.Message, cancellationToken)) with { NeedsMapping = exception is UnknownLogFormatException { IsTable: true } };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await RejectAsync(source, UnknownFormat, Unreadable(source, exception), cancellationToken);
        }

        var options = Options(request);
        if (request.DeleteWhenDone && source.Folder is null && reader.IsPart(source))
        {
            try
            {
                source = await parts.GatherAsync(source, reader, options.Limits, request, cancellationToken);
            }
            catch (LogRejectedException exception) when (exception is not LogStalledException)
            {
                return await RejectAsync(source, reader.Format, exception.Message, cancellationToken);
            }

            if (request.IsReadWithNext)
            {
                return new ImportedFile(
                    new FileDocument { Path = request.Name, Format = reader.Format, Status = "unchanged", Reason = "it is a part of a log that is read whole with the last of its files", Bytes = source.Bytes }, []);
            }

            var (kept, complete) = UploadedParts.Decide(source, reader, request);
            if (kept is not null)
            {
                return new ImportedFile(new FileDocument { Path = request.Name, Format = reader.Format, Status = "unchanged", Reason = kept, Bytes = source.Bytes }, []);
            }

            request = request with { Complete = complete };
        }

        var met = source;
        source = reader.Whole(source);
        if (reader is ItemsReader && request.OnlyLineage is { } allowed)
        {
            return await RejectAsync(source, reader.Format, $"Items are joined with the logs of every lineage, and this token writes to {allowed} alone: import them with another.", cancellationToken) with { IsForbidden = true };
        }

        var joins = reader is ItemsReader or TrainingTextReader ? null : await items.AllAsync(cancellationToken);
        var prefixes = await imports.PrefixesAsync(request.Name, cancellationToken);
        var digest = await LogDigest.ComputeAsync(source.Path, [.. prefixes.Select(prefix => prefix.Bytes).Distinct()], cancellationToken);
        var earlier = Earlier(prefixes, digest);

        // Others are read from their start.
        prefixes = [.. prefixes.Where(_ => reader.Format == NativeFormat)];
        var companions = "";
        foreach (var companion in reader.Companions(source))
        {
            companions += $"|{(await LogDigest.ComputeAsync(companion, [], cancellationToken)).Hash}";
        }

        // The same texts count anew when there are more prompts and outputs to compare them with.
        var texts = request.TrainingTexts is { } training ? $"|texts {training.Column}|{await contexts.DigestAsync(request.Overrides, cancellationToken)}" : "";
        var ending = request.Complete ? "" : "|more will come";
        var steering = $"{reader.Format}|{request.Overrides}|{request.Mapping?.Canonical}|{joined}{companions}{texts}{ending}";
        var start = new ImportStart
        {
            Source = source.Name,
            Format = reader.Format,
            ContentKey = MeasurePlanner.Hash(digest.Hash, steering),
            Bytes = source.Bytes,
        };
        if (used is not null)
        {
            await mappings.UsedAsync(used.Name, cancellationToken);
        }

        // Earlier versions made the items a part of the key.
        if ((await imports.FindAsync(start.ContentKey, cancellationToken)
            ?? (joins is null or { Digest: "" } ? null : await imports.FindAsync(MeasurePlanner.Hash(digest.Hash, steering.Insert(steering.Length - ending.Length, $"|items {joins.Digest}")), cancellationToken))) is { } known)
        {
            if (request.OnlyLineage is { } only && known.Lineages.FirstOrDefault(lineage => lineage != only) is { } foreign)
            {
                return await ForbidAsync(source, reader.Format, new ForeignLineageException(foreign, only), cancellationToken);
            }

            if (joins is not null && await items.NewerThanAsync(known.Id, joins, cancellationToken) is { Count: > 0 } fresh)
            {
                if (await ItemProbe.GainsAsync(reader, source, options, joins.Sets, fresh, cancellationToken))
                {
                    start = start with { ContentKey = MeasurePlanner.Hash([start.ContentKey, "joined with", .. fresh.Order(StringComparer.Ordinal).Select(set => $"{set}|{joins.Imports[set]}")]) };
                    return await ReadAsync(reader, source, options, start, AgainSentence(fresh), new Joining(joins, fresh, known.Id), digest.Hash, [known.Id, .. earlier], request, progress, cancellationToken);
                }

                await items.LookedAsync(known.Id, joins, joined: null, cancellationToken);
            }

            return new ImportedFile(FileDocument.Of(known) with { Path = request.Name, Status = "unchanged", Reason = met == source ? KnownSentence(known) : $"it is a part of the log that came in as {known.Source}", RowsRead = 0, RowsWritten = 0, RowsReplaced = 0, RowsRejected = 0, Seconds = watch.Elapsed.TotalSeconds }, []) { KnownLineages = known.Lineages };
        }

        var grown = prefixes.Where(prefix => digest.Prefixes.TryGetValue(prefix.Bytes, out var hash) && (prefix.Hash == hash || (request.IsGrowing && prefix.Hash == OpenPrefix + hash))).MaxBy(prefix => prefix.Bytes);
        if (grown is not null && joins is not null && await items.NewerThanAsync(grown.ImportId, joins, cancellationToken) is { Count: > 0 } newer
            && await ItemProbe.GainsAsync(reader, source, options, joins.Sets, newer, cancellationToken))
        {
            // What is in already gains something from the newer items, so the log is read from its start.
            grown = null;
        }

        if (grown is not null)
        {
            options = options with { StartOffset = grown.Bytes, StartLine = grown.Lines };
            start = start with { Continues = grown.ImportId };
        }
        else if (request is { FromPage: true, IsPlaced: false, TrainingTexts: null } && await PlacementProbe.LookAsync(reader, source, options, cancellationToken) is { NeedsPerson: true } look)
        {
            return new ImportedFile(new FileDocument { Path = request.Name, Format = reader.Format, Status = "waiting", Bytes = source.Bytes }, []) { Look = look };
        }

        return await ReadAsync(reader, source, options, start, note, joins is null ? null : new Joining(joins, null, null), digest.Hash, earlier, request, progress, cancellationToken);
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

    /// <summary>Reads one log as <see cref="ImportAsync"/> would, and stores nothing.</summary>
    public async Task<ImportedFile> TryAsync(ImportRequest request, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        using var patience = ReadPatience.Begin(TimeSpan.FromSeconds(settings.Import.PatienceSeconds), cancellationToken);
        var source = new LogSource(request.Name, request.Path, 0);
        string? format = null;
        try
        {
            if (!PatientCall.FileExists(request.Path))
            {
                return ImportedFile.Rejected(request.Name, $"{request.Name} does not exist; check the path");
            }

            source = LogSource.FromFile(request.Path, request.Name);
            (var reader, request, _, var note) = await ChooseAsync(source, request, cancellationToken);
            format = reader.Format;
            var sink = new CountingSink();
            source = reader.Whole(source);
            var options = Options(request);
            var prefixes = await imports.PrefixesAsync(request.Name, cancellationToken);
            var digest = await LogDigest.ComputeAsync(source.Path, [.. prefixes.Select(prefix => prefix.Bytes).Distinct()], cancellationToken);
            var moves = await MovesAsync(sink, Earlier(prefixes, digest), only: null, cancellationToken);
            var join = new ItemJoin(new BoundedSink(moves is null ? sink : moves, source, options.Limits), (await items.AllAsync(cancellationToken)).Sets, options.Limits.MaxDepth);
            var outcome = join.Report(WithNote(await reader.ReadAsync(source, options, join, progress, cancellationToken), note));
            outcome = await EndAsync(moves, outcome, cancellationToken);
            var report = new FileDocument
            {
                Path = request.Name,
                Format = format,
                Status = outcome.RowsRejected == 0 ? "imported" : sink.Rows == 0 ? "rejected" : "partial",
                Bytes = source.Bytes,
                RowsRead = outcome.RowsRead,
                RowsWritten = sink.Rows,
                RowsRejected = outcome.RowsRejected,
                ValuesDropped = outcome.ValuesDropped,
                Seconds = outcome.Seconds,
                Notes = outcome.Notes,
                Errors = outcome.Errors,
                Evaluations = sink.Evaluations(),
                Placements = [.. sink.Nodes.Select(PlacementDocument.Of)],
            };
            return new ImportedFile(report, []);
        }
        catch (LogRejectedException exception)
        {
            return ImportedFile.Rejected(request.Name, exception.Message, format, source.Bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ImportedFile.Rejected(request.Name, Unreadable(source, exception), format, source.Bytes);
        }
    }

    private static string Unreadable(LogSource source, Exception exception) =>
        $"{source.Name} cannot be read ({exception.Message}): allow reading it, or check the disk or network that it lies on.";

    private async Task<ImportedFile> ReadAsync(
        ILogReader reader, LogSource source, ReadOptions options, ImportStart start, string? note, Joining? joins, string digest, IReadOnlyList<long> earlier, ImportRequest request, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        PublishedImport published;
        try
        {
            var set = reader is ItemsReader ? await ItemSet.LoadAsync(source, options, cancellationToken) : null;
            await using var session = await imports.BeginAsync(start, cancellationToken);

            // Only now, when no correction can come in between.
            var moves = await MovesAsync(session, earlier, request.OnlyLineage, cancellationToken);
            IRecordSink sink = moves is null ? session : moves;
            sink = request.OnlyLineage is { } only ? new OneLineageSink(sink, only) : sink;
            sink = new BoundedSink(sink, source, options.Limits);
            var join = joins is null or { All.Sets.Count: 0 } ? null : new ItemJoin(sink, joins.All.Sets, options.Limits.MaxDepth, joins.Only);
            var outcome = WithNote(await reader.ReadAsync(source, options, join ?? sink, progress, cancellationToken), note);
            outcome = join?.Report(outcome) ?? outcome;
            outcome = await EndAsync(moves, outcome, cancellationToken);
            await corrections.RememberAsync(moves?.NewWays() ?? [], cancellationToken);
            outcome = outcome.PrefixHash is null ? outcome with { PrefixHash = WholeFile + digest, BytesConsumed = source.Bytes } : outcome;
            if (!request.Complete)
            {
                // Whatever continues it must say for all of it that it is complete, so it is not read on from here, but while it grows.
                outcome = outcome with { IsComplete = false, PrefixHash = request.IsGrowing && outcome.PrefixHash is { } hash ? OpenPrefix + hash : null };
            }

            published = await session.PublishAsync(outcome, cancellationToken);
            if (set is not null)
            {
                await items.SaveAsync(set, digest, published.Id, cancellationToken);
            }

            await items.JoinedAsync(published.Id, join?.Suites ?? [], cancellationToken);
            if (joins is { KnownImport: { } before })
            {
                await items.LookedAsync(before, joins.All, published.Id, cancellationToken);
            }
        }
        catch (ForeignLineageException exception)
        {
            return await ForbidAsync(source, reader.Format, exception, cancellationToken);
        }
        catch (LogRejectedException exception) when (exception is not LogStalledException)
        {
            return await RejectAsync(source, reader.Format, exception.Message, cancellationToken);
        }

        var summary = await imports.GetAsync(published.Id, cancellationToken)
            ?? throw new InvalidOperationException($"the import {published.Id} vanished right after its publication");
        var report = FileDocument.Of(summary) with
        {
            Path = request.Name,
            Errors = await imports.ErrorsAsync(published.Id, cancellationToken),
            Evaluations = reader is TrainingTextReader ? [] : await EvaluationsAsync(published.Id, cancellationToken),
        };
        return new ImportedFile(report, published.Changed);
    }

    /// <summary>What a log is joined with.</summary>
    /// <param name="All">All items.</param>
    /// <param name="Only">Names of the sets that a log that is in already is read again for; null where all of it is new.</param>
    /// <param name="KnownImport">The import of that log; null where it is new.</param>
    private sealed record Joining(JoinedItems All, IReadOnlySet<string>? Only, long? KnownImport);

    /// <summary>Earlier imports of the same file, longest first: it begins with what they read.</summary>
    private static IReadOnlyList<long> Earlier(IReadOnlyList<KnownPrefix> prefixes, LogDigest digest) =>
        [.. prefixes
            .Where(prefix => digest.Prefixes.TryGetValue(prefix.Bytes, out var hash) && prefix.Hash.EndsWith(hash, StringComparison.Ordinal))
            .OrderByDescending(prefix => prefix.Bytes)
            .Select(prefix => prefix.ImportId)];

    /// <summary>Puts records where a person moved what they belong to; null where nothing of the kind was moved.</summary>
    private async Task<StandingMoveSink?> MovesAsync(IRecordSink sink, IReadOnlyList<long> earlier, string? only, CancellationToken cancellationToken)
    {
        var moves = await corrections.OfLogAsync(earlier, cancellationToken);
        return moves.IsEmpty ? null : new StandingMoveSink(sink, moves, only);
    }

    private static async Task<ImportOutcome> EndAsync(StandingMoveSink? moves, ImportOutcome outcome, CancellationToken cancellationToken)
    {
        if (moves is null)
        {
            return outcome;
        }

        await moves.CompleteAsync(cancellationToken);
        return outcome with { Notes = [.. outcome.Notes, .. moves.Notes()] };
    }

    private ILogReader? ReaderOf(ImportRequest request)
    {
        using var patience = ReadPatience.Begin(TimeSpan.FromSeconds(settings.Import.PatienceSeconds), CancellationToken.None);
        try
        {
            return readers.Find(LogSource.FromFile(request.Path, request.Name), Options(request));
        }
        catch (Exception exception) when (exception is LogRejectedException or IOException or UnauthorizedAccessException)
        {
            // Its import says what is wrong.
            return null;
        }
    }

    /// <summary>The file that stands for the log that a file is a part of; null where it is none.</summary>
    private string? LogOf(ImportRequest request)
    {
        if (!MayBePart(request) || request.DeleteWhenDone || ReaderOf(request) is not { } reader)
        {
            return null;
        }

        try
        {
            var source = LogSource.FromFile(request.Path, request.Name);
            return reader.IsPart(source) ? reader.Whole(source).Path : null;
        }
        catch (LogStalledException)
        {
            // Its import says so.
            return null;
        }
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

    /// <summary>The reader of a log, and the saved mapping with which it reads, if any: the one that was named, else one whose file name pattern fits a table that nobody knows.</summary>
    private async Task<(ILogReader Reader, ImportRequest Request, NamedMapping? Used, string? Note)> ChooseAsync(
        LogSource source, ImportRequest request, CancellationToken cancellationToken)
    {
        if (request.Fault is { } fault)
        {
            throw new LogRejectedException(fault);
        }

        NamedMapping? used = null;
        string? note = null;
        if (request is { Mapping: null, MappingName: { } name })
        {
            used = await mappings.RequireAsync(name, cancellationToken);
            note = $"Read with the saved mapping \"{name}\".";
            request = request with { Mapping = ColumnMapping.Parse(used.Saved.Json) };
        }

        try
        {
            request = request with { Mapping = request.Mapping?.WithJoined(request.JoinedPath) };
            return (readers.Find(source, Options(request)), request, used, note);
        }
        catch (UnknownLogFormatException exception) when (exception.IsTable && request.Mapping is null)
        {
            if (await mappings.MatchAsync(request.Name, cancellationToken) is not { } fitting)
            {
                throw;
            }

            request = request with { Mapping = ColumnMapping.Parse(fitting.Saved.Json) };
            return (readers.Find(source, Options(request)), request, fitting, $"Read with the saved mapping \"{fitting.Name}\": the file's name fits its pattern {fitting.Saved.FilePattern}.");
        }
    }

    private static ImportOutcome WithNote(ImportOutcome outcome, string? note) => note is null ? outcome : outcome with { Notes = [note, .. outcome.Notes] };

    private ReadOptions Options(ImportRequest request) => new()
    {
        Overrides = request.Overrides,
        Mapping = request.Mapping,
        TrainingTexts = request.TrainingTexts,
        Limits = new ImportLimits
        {
            MaxLineBytes = settings.Import.MaxLineMegabytes << 20,
            MaxDepth = settings.Import.MaxDepth,
            MaxRuns = settings.Import.MaxRuns,
            MaxMetrics = settings.Import.MaxMetrics,
        },
    };

    private async Task<ImportedFile> ForbidAsync(LogSource source, string format, ForeignLineageException reason, CancellationToken cancellationToken) =>
        await RejectAsync(source, format, reason.Message, cancellationToken) with { IsForbidden = true };

    private async Task<ImportedFile> RejectAsync(LogSource source, string format, string reason, CancellationToken cancellationToken)
    {
        var start = new ImportStart { Source = source.Name, Format = format, ContentKey = "", Bytes = source.Bytes };
        await imports.RecordRejectedAsync(start, reason, [], cancellationToken);
        return ImportedFile.Rejected(source.Name, reason, format == UnknownFormat ? null : format, source.Bytes);
    }
}
