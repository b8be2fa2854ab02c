using System.IO.Compression;
using System.Security.Cryptography;

namespace Driftline.Ingest.Files;

/// <summary>Unfolds gzip within the limits, and says in a sentence what is wrong with a broken or hostile one.</summary>
/// <remarks>
/// The framework's stream ends without a word where gzip data are cut off. So a member with a marker is put behind the file's own:
/// only if these end as they should is the marker the last thing that comes out.
/// </remarks>
internal sealed class GuardedGzipStream : ReadOnlyStream
{
    private const int MarkerBytes = 16;
    private const int BlockBytes = 128 << 10;

    private static readonly byte[] Marker = RandomNumberGenerator.GetBytes(MarkerBytes);
    private static readonly byte[] MarkerMember = Compress(Marker);

    private readonly BoundedStream _raw;
    private readonly LogSource _source;
    private readonly UnfoldingGuard _guard;
    private readonly GZipStream _gzip;
    private readonly byte[] _block = new byte[MarkerBytes + BlockBytes];
    private int _next;
    private int _filled;
    private long _unfolded;
    private bool _isOver;

    public GuardedGzipStream(BoundedStream raw, LogSource source, ImportLimits limits)
    {
        _raw = raw;
        _source = source;
        _guard = new UnfoldingGuard(source, limits);
        _gzip = new GZipStream(new FollowedStream(raw, MarkerMember), CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        // The last bytes are held back, because they may be the marker.
        while (_filled - _next <= MarkerBytes && !_isOver)
        {
            Fill();
        }

        var count = Math.Min(buffer.Length, Math.Max(0, _filled - _next - MarkerBytes));
        _block.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Fill()
    {
        _block.AsSpan(_next, _filled - _next).CopyTo(_block);
        _filled -= _next;
        _next = 0;
        int count;
        try
        {
            count = _gzip.Read(_block, _filled, _block.Length - _filled);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }

        _filled += count;
        _unfolded += count;
        if (count == 0)
        {
            _isOver = true;
            if (!_block.AsSpan(0, _filled).SequenceEqual(Marker))
            {
                throw Damaged(null);
            }
        }

        _guard.Check(_unfolded - MarkerBytes, _raw.Position);
    }

    private LogRejectedException Damaged(Exception? cause) =>
        new($"{_source.Name} is damaged or cut off: its gzip data cannot be read to the end; copy it again, or compress it again.", cause);

    private static byte[] Compress(byte[] bytes)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return member.ToArray();
    }

    /// <summary>A stream with some bytes behind it.</summary>
    private sealed class FollowedStream(Stream first, byte[] then) : ReadOnlyStream
    {
        private int _next;

        public override int Read(Span<byte> buffer)
        {
            var count = first.Read(buffer);
            if (count == 0)
            {
                count = Math.Min(buffer.Length, then.Length - _next);
                then.AsSpan(_next, count).CopyTo(buffer);
                _next += count;
            }

            return count;
        }
    }
}
