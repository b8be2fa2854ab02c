namespace Driftline.Ingest.Files;

/// <summary>Decompresses Zstandard, any number of frames one behind the other.</summary>
/// <remarks>Reading throws <see cref="InvalidDataException"/> where the data are broken or end inside a frame.</remarks>
internal sealed class ZstandardStream : ReadOnlyStream
{
    private const int BlockBytes = 128 << 10;

    private readonly Stream _source;
    private readonly LibZstd.Decompressor _decompressor = LibZstd.Create();
    private readonly byte[] _block = new byte[BlockBytes];
    private int _next;
    private int _filled;
    private bool _isInFrame;
    private bool _mayHoldMore;

    /// <summary>Reads a stream, which it then owns.</summary>
    /// <param name="source">Compressed bytes.</param>
    public ZstandardStream(Stream source) => _source = source;

    /// <summary>How a frame begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Fails with a sentence where the machine cannot decompress Zstandard.</summary>
    /// <exception cref="LogRejectedException">There is no libzstd.</exception>
    public static void Require(LogSource source, string wayOut)
    {
        if (!LibZstd.IsThere)
        {
            throw new LogRejectedException(
                $"{source.Name} is compressed with Zstandard, and this machine has no libzstd, which decompresses it. Install it (Debian: apt install libzstd1; macOS: brew install zstd), or {wayOut}.");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (_next == _filled && !_mayHoldMore)
            {
                _next = 0;
                _filled = _source.Read(_block);
                if (_filled == 0)
                {
                    return _isInFrame ? throw new InvalidDataException("The Zstandard data end inside a frame.") : 0;
                }
            }

            var wanted = LibZstd.Decompress(_decompressor, _block.AsSpan(_next, _filled - _next), buffer, out var read, out var written);
            _next += read;
            _isInFrame = wanted != 0;

            // A full buffer may leave decompressed bytes behind in the decompressor.
            _mayHoldMore = _isInFrame && written == buffer.Length;
            if (written > 0)
            {
                return written;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decompressor.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }
}
