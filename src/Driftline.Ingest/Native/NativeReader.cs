using System.Text.Json;
using Driftline.Core.Imports;
using Driftline.Core.Records;

namespace Driftline.Ingest.Native;

/// <summary>Reads native logs: JSON Lines with the run's header on every line.</summary>
public sealed class NativeReader : ILogReader
{
    /// <inheritdoc/>
    public string Format => "native";

    /// <inheritdoc/>
    public bool Accepts(LogProbe probe)
    {
        if (probe.Options.Mapping is not null)
        {
            return false;
        }

        var keys = Keys(probe.FirstLine().Span);
        return keys.Contains("schema_version")
            || (keys.Contains("type") && (keys.Contains("lineage") || keys.Contains("task")))
            || (probe.Extension is "jsonl" or "ndjson" && keys.Contains("sample_id") && keys.Contains("task"));
    }

    /// <inheritdoc/>
    public Task<ImportOutcome> ReadAsync(
        LogSource source, ReadOptions options, IRecordSink sink, IProgress<ReadProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                using var import = new NativeImport(source, options, sink);
                return await import.RunAsync(progress, cancellationToken);
            },
            cancellationToken);

    /// <summary>The keys of a JSON object as far as it is there; none where it is no object.</summary>
    private static HashSet<string> Keys(ReadOnlySpan<byte> line)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(line, isFinalBlock: false, state: new JsonReaderState(new JsonReaderOptions { MaxDepth = 1000 }));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return keys;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
                if (!reader.Read() || !reader.TrySkip())
                {
                    break;
                }
            }
        }
        catch (JsonException)
        {
            // What comes before the mistake tells the format; the mistake itself is the business of reading.
            return keys;
        }

        return keys;
    }
}
