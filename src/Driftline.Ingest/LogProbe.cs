using Driftline.Ingest.Files;

namespace Driftline.Ingest;

/// <summary>What a reader may look at before it says whether a log is in its format.</summary>
public sealed record LogProbe
{
    /// <summary>Bytes of a log that are looked at.</summary>
    public const int HeadBytes = 64 << 10;

    private static readonly string[] Compressions = [".gz", ".zst"];

    /// <summary>The log.</summary>
    public required LogSource Source { get; init; }

    /// <summary>How it will be read.</summary>
    public required ReadOptions Options { get; init; }

    /// <summary>Its first bytes, decompressed and without a byte order mark; shorter than <see cref="HeadBytes"/> if there are no more.</summary>
    public required ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>How it is compressed as a whole.</summary>
    public required LogCompression Compression { get; init; }

    /// <summary>The extension of its name in lower case without the dot, <c>.gz</c> and <c>.zst</c> not counted: "csv" for "a.csv.gz".</summary>
    public required string Extension { get; init; }

    /// <summary>Looks at the first bytes of a log.</summary>
    /// <exception cref="LogRejectedException">It cannot be decompressed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LogProbe Open(LogSource source, ReadOptions options)
    {
        using var file = LogFile.Open(source, options.Limits);
        var head = new byte[HeadBytes];
        var length = file.Text.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        var bom = head.AsSpan(0, length).StartsWith(LogFile.ByteOrderMark) ? LogFile.ByteOrderMark.Length : 0;
        return new LogProbe
        {
            Source = source,
            Options = options,
            Head = head.AsMemory(bom, length - bom),
            Compression = file.Compression,
            Extension = ExtensionOf(source.Name),
        };
    }

    /// <summary>The first line that is not blank, without its end; cut where <see cref="Head"/> ends.</summary>
    public ReadOnlyMemory<byte> FirstLine()
    {
        var rest = Head;
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return line;
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return default;
    }

    private static string ExtensionOf(string name)
    {
        var file = Array.Find(Compressions, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) is { } compression ? name[..^compression.Length] : name;
        return System.IO.Path.GetExtension(file).TrimStart('.').ToLowerInvariant();
    }
}
