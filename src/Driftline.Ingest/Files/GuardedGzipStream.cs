using System.IO.Compression;

namespace Driftline.Ingest.Files;

/// <summary>Unfolds gzip within the limits, and says in a sentence what is wrong with a broken or hostile one.</summary>
internal sealed class GuardedGzipStream : ReadOnlyStream
{
    private const long RatioFrom = 64L << 20;

    private readonly BoundedStream _raw;
    private readonly LogSource _source;
    private readonly ImportLimits _limits;
    private readonly GZipStream _gzip;
    private long _unfolded;

    public GuardedGzipStream(BoundedStream raw, LogSource source, ImportLimits limits)
    {
        _raw = raw;
        _source = source;
        _limits = limits;
        _gzip = new GZipStream(raw, CompressionMode.Decompress, leaveOpen: true);
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _gzip.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new LogRejectedException($"{_source.Name} is damaged or cut off: its gzip data cannot be read to the end; copy it again, or compress it again.", e);
        }

        _unfolded += count;
        if (_unfolded > _limits.MaxDecompressedBytes)
        {
            throw new LogRejectedException(
                $"{_source.Name} unfolds to more than {_limits.MaxDecompressedBytes} bytes; split it, or raise the limit of decompressed bytes.");
        }

        if (_unfolded > RatioFrom && _unfolded / _limits.MaxDecompressionRatio > _raw.Position)
        {
            throw new LogRejectedException(
                $"{_source.Name} unfolds to more than {_limits.MaxDecompressionRatio} times its size, as no log does; decompress it yourself if you trust it.");
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
            _raw.Dispose();
        }

        base.Dispose(disposing);
    }
}
