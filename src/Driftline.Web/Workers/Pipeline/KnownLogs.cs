using Driftline.Core.Imports;
using Driftline.Ingest;
using Driftline.Ingest.ModelWritten;
using Driftline.Ingest.TrainingTexts;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Items;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Workers.Pipeline;

/// <summary>Tells whether a log is in already, whole or as far as it was written then.</summary>
public sealed class KnownLogs(ImportStore imports, ItemStore items, TrainingTextContexts contexts)
{
    private const string NativeFormat = "native";

    /// <summary>Identifies a log: by its bytes, those of the files that are read with it, and all that steers how it is read.</summary>
    public async Task<LogIdentity> IdentifyAsync(LogUnderway log, CancellationToken cancellationToken)
    {
        var (reader, source, request) = (log.Reader, log.Source, log.Request);
        var joins = reader is ItemsReader or TrainingTextReader ? null : await items.AllAsync(cancellationToken);
        var bytes = await LogBytes.ReadAsync(source, request.Name, imports, cancellationToken);
        var companions = "";
        foreach (var companion in reader.Companions(source))
        {
            companions += $"|{(await LogDigest.ComputeAsync(companion, [], cancellationToken)).Hash}";
        }

        // The same texts count anew when there are more prompts and outputs to compare them with.
        var texts = request.TrainingTexts is { } training ? $"|texts {training.Column}|{await contexts.DigestAsync(request.Overrides, cancellationToken)}" : "";
        var steering = $"{reader.Format}|{request.Overrides}|{request.Mapping?.Canonical}|{log.JoinedHash}{companions}{texts}";
        var ending = request.Complete ? "" : "|more will come";
        var start = new ImportStart
        {
            Source = source.Name,
            Format = reader.Format,
            ContentKey = MeasurePlanner.Hash(bytes.Digest.Hash, steering + ending),
            Bytes = source.Bytes,
        };
        return new LogIdentity(bytes, start, joins is null or { Digest: "" } ? null : MeasurePlanner.Hash(bytes.Digest.Hash, $"{steering}|items {joins.Digest}{ending}"), joins);
    }

    /// <summary>The import that brought the very log; null for none.</summary>
    public async Task<ImportSummary?> FindAsync(LogIdentity identity, CancellationToken cancellationToken) =>
        await imports.FindAsync(identity.Start.ContentKey, cancellationToken)
        ?? (identity.OlderKey is { } key ? await imports.FindAsync(key, cancellationToken) : null);

    /// <summary>How far an import brought the log when it was shorter; null where it is read from its start.</summary>
    public async Task<KnownPrefix?> FindBeginningAsync(LogUnderway log, LogIdentity identity, CancellationToken cancellationToken)
    {
        var grown = log.Reader.Format == NativeFormat ? identity.Bytes.ReadOnFrom(log.Request.IsGrowing) : null;

        // Where what is in already gains something from newer items, the log is read from its start.
        return grown is null || await GainedAsync(log, identity, grown.ImportId, cancellationToken) is { Gains: true } ? null : grown;
    }

    /// <summary>Which items came after an import of the log, and whether its samples gain something from them; null where none came.</summary>
    public async Task<(IReadOnlySet<string> Sets, bool Gains)?> GainedAsync(LogUnderway log, LogIdentity identity, long import, CancellationToken cancellationToken) =>
        identity.Items is { } joins && await items.NewerThanAsync(import, joins, cancellationToken) is { Count: > 0 } fresh
            ? (fresh, await ItemProbe.GainsAsync(log.Reader, log.Source, log.Options, joins.Sets, fresh, cancellationToken))
            : null;
}
