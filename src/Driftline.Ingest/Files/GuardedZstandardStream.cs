namespace Driftline.Ingest.Files;

/// <summary>Unfolds a log compressed with Zstandard within the limits, and says in a sentence what is wrong with a broken or hostile one.</summary>
internal sealed class GuardedZstandardStream : ReadOnlyStream
{
    private readonly BoundedStream _raw;
    private readonly LogSource _source;
    private readonly UnfoldingGuard _guard;
    private readonly ZstandardStream _text;
    private long _unfolded;

    /// <summary>Reads a log.</summary>
    /// <exception cref="LogRejectedException">The machine has no library for Zstandard.</exception>
    public GuardedZstandardStream(BoundedStream raw, LogSource source, ImportLimits limits)
    {
        ZstandardStream.Require(source, "decompress it (zstd -d) and import that");
        _raw = raw;
        _source = source;
        _guard = new UnfoldingGuard(source, limits);
        _text = new ZstandardStream(raw);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = _text.Read(buffer);
            _unfolded += count;
            _guard.Check(_unfolded, _raw.Position);
            return count;
        }
        catch (InvalidDataException e)
        {
            throw new LogRejectedException(
                $"{_source.Name} is damaged or cut off: its Zstandard data cannot be read to the end; copy it again, or compress it again.", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text.Dispose();
        }

        base.Dispose(disposing);
    }
}
