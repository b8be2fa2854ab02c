namespace Driftline.Ingest.Files;

/// <summary>An open log: its bytes as they lie, and as text if it is compressed.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly BoundedStream _raw;

    private LogFile(BoundedStream raw, Stream text, bool isGzip)
    {
        _raw = raw;
        Text = text;
        IsGzip = isGzip;
    }

    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The log's bytes, decompressed.</summary>
    public Stream Text { get; }

    public bool IsGzip { get; }

    /// <summary>Bytes of the file that were read, compressed as they lie.</summary>
    public long BytesRead => _raw.Position;

    /// <summary>Opens a log for reading once from its start; gzip is told by its first bytes, not by its name.</summary>
    public static LogFile Open(LogSource source, ImportLimits limits)
    {
        // Others may go on writing, as a training run does to its log.
        var file = new FileStream(source.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
            file.Position = 0;
            var raw = new BoundedStream(file, source.Bytes);
            return new LogFile(raw, isGzip ? new GuardedGzipStream(raw, source, limits) : raw, isGzip);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Text.Dispose();
        _raw.Dispose();
    }
}
