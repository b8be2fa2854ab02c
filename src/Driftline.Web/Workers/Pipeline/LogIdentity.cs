using Driftline.Core.Imports;
using Driftline.Ingest;
using Driftline.Storage;
using Driftline.Web.Items;

namespace Driftline.Web.Workers.Pipeline;

/// <summary>By what a log is told from others, and found again.</summary>
/// <param name="Digest">Hash of its bytes, and of their beginnings that were read before.</param>
/// <param name="Prefixes">What earlier imports of files of its name read.</param>
public sealed record LogBytes(LogDigest Digest, IReadOnlyList<KnownPrefix> Prefixes)
{
    // Before the hash of a prefix of which more was still to come: only what is incomplete again is read on from there, since what
    // is complete must say so of all its runs.
    private const string OpenPrefix = "growing:";

    // Before the hash of a whole file that cannot be read on; it tells that a longer one of its name is the same file.
    private const string WholeFile = "whole:";

    /// <summary>Earlier imports of the same file, longest first: it begins with what they read.</summary>
    public IReadOnlyList<long> Earlier { get; } =
        [.. Prefixes
            .Where(prefix => Digest.Prefixes.TryGetValue(prefix.Bytes, out var hash) && prefix.Hash.EndsWith(hash, StringComparison.Ordinal))
            .OrderByDescending(prefix => prefix.Bytes)
            .Select(prefix => prefix.ImportId)];

    /// <summary>Reads a file's bytes.</summary>
    public static async Task<LogBytes> ReadAsync(LogSource source, string name, ImportStore imports, CancellationToken cancellationToken)
    {
        var prefixes = await imports.PrefixesAsync(name, cancellationToken);
        return new LogBytes(await LogDigest.ComputeAsync(source.Path, [.. prefixes.Select(prefix => prefix.Bytes).Distinct()], cancellationToken), prefixes);
    }

    /// <summary>The longest beginning from whose end the file can be read on; null for none.</summary>
    /// <param name="isGrowing">Whether it is still being written.</param>
    public KnownPrefix? ReadOnFrom(bool isGrowing) => Prefixes
        .Where(prefix => Digest.Prefixes.TryGetValue(prefix.Bytes, out var hash) && (prefix.Hash == hash || (isGrowing && prefix.Hash == OpenPrefix + hash)))
        .MaxBy(prefix => prefix.Bytes);

    /// <summary>Says in an outcome from where the file can be read on, or that it is read whole.</summary>
    public ImportOutcome Remember(ImportOutcome outcome, LogSource source, ImportRequest request)
    {
        outcome = outcome.PrefixHash is null ? outcome with { PrefixHash = WholeFile + Digest.Hash, BytesConsumed = source.Bytes } : outcome;

        // Whatever continues it must say for all of it that it is complete, so it is not read on from here, but while it grows.
        return request.Complete ? outcome : outcome with { IsComplete = false, PrefixHash = request.IsGrowing && outcome.PrefixHash is { } hash ? OpenPrefix + hash : null };
    }
}

/// <summary>A log that is identified.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Start">The import that it would be.</param>
/// <param name="OlderKey">By what earlier versions, which made the items a part of the key, would know it; null where that is the same.</param>
/// <param name="Items">The items that its samples are joined with; null where it has no samples.</param>
public sealed record LogIdentity(LogBytes Bytes, ImportStart Start, string? OlderKey, JoinedItems? Items);
