namespace Driftline.Ingest.Files;

/// <summary>An open log: its bytes as they lie, and as text if it is compressed.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly BoundedStream _raw;

    private LogFile(BoundedStream raw, Stream text, LogCompression compression)
    {
        _raw = raw;
        Text = text;
        Compression = compression;
    }

    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The log's bytes, decompressed.</summary>
    public Stream Text { get; }

    public LogCompression Compression { get; }

    public bool IsCompressed => Compression != LogCompression.None;

    /// <summary>What a report says of a compressed log.</summary>
    public string CompressionNote => Compression == LogCompression.Gzip ? "Read as gzip." : "Read as Zstandard.";

    /// <summary>Bytes of the file that were read, compressed as they lie.</summary>
    public long BytesRead => _raw.Position;

    /// <summary>Opens a log for reading once from its start; compression is told by its first bytes, not by its name.</summary>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public static LogFile Open(LogSource source, ImportLimits limits)
    {
        var file = PatientFile.Open(source.Path);
        try
        {
            Span<byte> magic = stackalloc byte[4];
            var compression = Of(magic[..file.ReadAll(magic, offset: 0)]);
            var raw = new BoundedStream(file, source.Bytes);
            Stream text = compression switch
            {
                LogCompression.Gzip => new GuardedGzipStream(raw, source, limits),
                LogCompression.Zstandard => new GuardedZstandardStream(raw, source, limits),
                _ => raw,
            };
            return new LogFile(raw, text, compression);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static LogCompression Of(ReadOnlySpan<byte> magic) =>
        magic.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? LogCompression.Gzip
        : magic.StartsWith(ZstandardStream.Magic) ? LogCompression.Zstandard
        : LogCompression.None;

    public void Dispose()
    {
        Text.Dispose();
        _raw.Dispose();
    }
}

/// <summary>How a log is compressed as a whole.</summary>
public enum LogCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With gzip (<c>.gz</c>).</summary>
    Gzip,

    /// <summary>With Zstandard (<c>.zst</c>).</summary>
    Zstandard,
}
