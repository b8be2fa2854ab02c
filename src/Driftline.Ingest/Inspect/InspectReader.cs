using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest.Archives;

namespace Driftline.Ingest.Inspect;

/// <summary>
/// Reads logs of Inspect AI (https://inspect.aisi.org.uk/eval-logs.html): <c>.eval</c>, a zip archive with a member for each sample,
/// and <c>.json</c>, one object with all of them.
/// </summary>
public sealed class InspectReader : ILogReader
{
    private static readonly string[] MemberNames = ["_journal/", "samples/", "header.json", "summaries.json", "reductions.json"];

    /// <inheritdoc/>
    public string Format => "inspect";

    /// <inheritdoc/>
    public bool Accepts(LogProbe probe) => IsArchive(probe) || (probe.Options.Mapping is null && IsJson(probe.Head.Span));

    /// <inheritdoc/>
    public Task<ImportOutcome> ReadAsync(
        LogSource source, ReadOptions options, IRecordSink sink, IProgress<ReadProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                if (!IsArchive(LogProbe.Open(source, options)))
                {
                    using var json = new InspectImport(source, options, sink, progress);
                    return await json.ReadJsonAsync(cancellationToken);
                }

                using var unpacked = UnpackedLog.Of(source, options.Limits, cancellationToken);
                using var archive = new InspectImport(unpacked?.Source ?? source, options, sink, progress);
                return await archive.ReadArchiveAsync(cancellationToken) with { BytesConsumed = source.Bytes };
            },
            cancellationToken);

    /// <summary>A zip archive that is called so, or whose first member is one of Inspect's.</summary>
    internal static bool IsArchive(LogProbe probe)
    {
        var head = probe.Head.Span;
        if (!head.StartsWith("PK\u0003\u0004"u8) && !head.StartsWith("PK\u0005\u0006"u8))
        {
            return false;
        }

        if (probe.Extension == "eval")
        {
            return true;
        }

        const int NameAt = 30;
        if (head.Length < NameAt)
        {
            return false;
        }

        var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]), head.Length - NameAt);
        var name = Encoding.UTF8.GetString(head.Slice(NameAt, length));
        return Array.Exists(MemberNames, known => name.StartsWith(known, StringComparison.Ordinal));
    }

    /// <summary>An object with <c>eval</c> and <c>status</c> or <c>version</c>, as far as it is there.</summary>
    private static bool IsJson(ReadOnlySpan<byte> head)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(head, isFinalBlock: false, state: new JsonReaderState(new JsonReaderOptions { MaxDepth = 1000 }));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(Encoding.UTF8.GetString(reader.ValueSpan));
                if (!reader.Read() || !reader.TrySkip())
                {
                    break;
                }
            }
        }
        catch (JsonException)
        {
            // A bare NaN, or a mistake: the keys before it tell the format, and reading says what is wrong.
            return IsInspect(keys);
        }

        return IsInspect(keys);
    }

    private static bool IsInspect(HashSet<string> keys) => keys.Contains("eval") && (keys.Contains("status") || keys.Contains("version"));
}
