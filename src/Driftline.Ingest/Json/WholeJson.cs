using System.Security.Cryptography;
using System.Text.Json;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Files;

namespace Driftline.Ingest.Json;

/// <summary>A JSON file that is held whole, because it is as large as what a run states of itself and not as its samples are many.</summary>
internal sealed class WholeJson : IDisposable
{
    private readonly JsonDocument _document;

    private WholeJson(JsonDocument document, string digest, int valuesDropped, long charactersReplaced)
    {
        _document = document;
        Digest = digest;
        ValuesDropped = valuesDropped;
        CharactersReplaced = charactersReplaced;
    }

    /// <summary>Its value, which lives as long as this.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>Begin of the SHA-256 of its text, lower-case hexadecimal.</summary>
    public string Digest { get; }

    /// <summary>Values that became null (NaN, Infinity).</summary>
    public int ValuesDropped { get; }

    /// <summary>Characters that were replaced.</summary>
    public long CharactersReplaced { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="limits">It may be as long as the longest line.</param>
    /// <param name="report">Where is noted that it was compressed.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="LogRejectedException">It is too large, damaged, or no object.</exception>
    public static async Task<WholeJson> LoadAsync(LogSource source, ImportLimits limits, ReadReport report, CancellationToken cancellationToken)
    {
        var text = await ReadAsync(source, limits, report, cancellationToken);
        var readable = new ReadableJson(limits.MaxDepth);
        JsonDocument document;
        try
        {
            document = readable.Parse(text.Span);
        }
        catch (JsonException e)
        {
            throw new LogRejectedException(
                $"{source.Name}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}, is damaged or cut off: {ShownText.Shorten(JsonFault.Sentence(e), 300)} Copy it again.", e);
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new LogRejectedException($"{source.Name} holds no JSON object, so it does not say what was measured.");
        }

        return new WholeJson(document, Convert.ToHexStringLower(SHA256.HashData(text.Span))[..16], readable.ValuesDropped, readable.CharactersReplaced);
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(LogSource source, ImportLimits limits, ReadReport report, CancellationToken cancellationToken)
    {
        using var file = LogFile.Open(source, limits);
        using var text = new MemoryStream();
        var buffer = new byte[128 << 10];
        while (await file.Text.ReadAsync(buffer, cancellationToken) is var count && count > 0)
        {
            if (text.Length + count > limits.MaxLineBytes)
            {
                throw new LogRejectedException($"{source.Name} is longer than {limits.MaxLineBytes} bytes, which no statement of a run is: import its tasks apart.");
            }

            text.Write(buffer, 0, count);
        }

        if (file.IsCompressed)
        {
            report.Note(file.CompressionNote);
        }

        ReadOnlyMemory<byte> bytes = text.GetBuffer().AsMemory(0, (int)text.Length);
        return bytes.Span.StartsWith(LogFile.ByteOrderMark) ? bytes[LogFile.ByteOrderMark.Length..] : bytes;
    }
}
