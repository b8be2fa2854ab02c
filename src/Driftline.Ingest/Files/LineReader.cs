using System.Security.Cryptography;

namespace Driftline.Ingest.Files;

/// <summary>A line of a log.</summary>
/// <param name="Start">Where it starts in the reader's buffer.</param>
/// <param name="Length">Its length without its end.</param>
/// <param name="Number">1-based number.</param>
/// <param name="Terminated">Whether it ends with a line feed; the last line of a log may not.</param>
/// <param name="TooLong">Whether it is longer than the limit; then only its first bytes are there.</param>
internal readonly record struct LogLine(int Start, int Length, long Number, bool Terminated, bool TooLong);

/// <summary>
/// Cuts a stream into lines, in big blocks and without a copy, and hashes what it has passed. A line longer than the limit is
/// skipped without being held.
/// </summary>
internal sealed class LineReader : IDisposable
{
    private const int BlockBytes = 1 << 20;
    private const int KeptOfTooLong = 256;

    private readonly Stream _stream;
    private readonly int _maxLineBytes;
    private readonly IncrementalHash? _hash;
    private byte[] _buffer = new byte[BlockBytes];
    private byte[] _head = [];
    private int _hashed;
    private int _next;
    private int _scanned;
    private int _filled;
    private bool _atEnd;
    private bool _skipping;
    private long _passedBefore;
    private Prefix _beforeLast;

    /// <param name="stream">What to read.</param>
    /// <param name="maxLineBytes">The longest line.</param>
    /// <param name="withHash">Whether to hash what was passed.</param>
    /// <param name="linesBefore">Lines before the first that will be returned.</param>
    public LineReader(Stream stream, int maxLineBytes, bool withHash, long linesBefore = 0)
    {
        _stream = stream;
        _maxLineBytes = maxLineBytes;
        _hash = withHash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        Lines = linesBefore;
    }

    /// <summary>Lines that were returned, and those before the start.</summary>
    public long Lines { get; private set; }

    private long BytesPassed => _passedBefore + _next;

    /// <summary>The text of a line; valid until the next <see cref="FillAsync"/>.</summary>
    public ReadOnlySpan<byte> Text(LogLine line) => (line.TooLong ? _head : _buffer).AsSpan(line.Start, line.Length);

    /// <summary>What was passed so far.</summary>
    public Prefix Passed()
    {
        Hash();
        return new Prefix(BytesPassed, Lines, _hash is null ? null : Convert.ToHexStringLower(_hash.GetCurrentHash()));
    }

    /// <summary>What was passed before an unterminated last line, for a line that turns out not to be finished.</summary>
    public Prefix PassedBeforeLast() => _beforeLast;

    /// <summary>Passes bytes without reading lines: a prefix that is known already.</summary>
    /// <exception cref="LogRejectedException">There are fewer.</exception>
    public async Task SkipAsync(long bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            var count = await _stream.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(bytes, _buffer.Length)), cancellationToken);
            if (count == 0)
            {
                throw new LogRejectedException("The log is shorter than the part of it that was read before: import it from its start.");
            }

            _hash?.AppendData(_buffer, 0, count);
            _passedBefore += count;
            bytes -= count;
        }
    }

    /// <summary>Makes more lines available; false when there are none.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_atEnd)
        {
            return false;
        }

        var isFirst = _passedBefore == 0 && _filled == 0;
        MakeRoom();
        var count = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += count;
        _atEnd = count == 0;
        if (isFirst && _buffer.AsSpan(0, _filled).StartsWith(LogFile.ByteOrderMark))
        {
            _next = _scanned = LogFile.ByteOrderMark.Length;
        }

        return !_atEnd || _filled > _next || _skipping;
    }

    /// <summary>Returns the next line that is available; false when more must be filled.</summary>
    public bool TryNext(out LogLine line)
    {
        var end = _buffer.AsSpan(_scanned, _filled - _scanned).IndexOf((byte)'\n');
        if (end >= 0)
        {
            end += _scanned;
            line = Take(end, terminated: true);
            _next = _scanned = end + 1;
            return true;
        }

        _scanned = _filled;
        if (_atEnd && (_filled > _next || _skipping))
        {
            if (!_skipping)
            {
                _beforeLast = Passed();
            }

            line = Take(_filled, terminated: false);
            _next = _filled;
            return true;
        }

        if (_skipping)
        {
            _next = _filled;
        }

        line = default;
        return false;
    }

    public void Dispose() => _hash?.Dispose();

    private LogLine Take(int end, bool terminated)
    {
        Lines++;
        if (end - _next > _maxLineBytes && !_skipping)
        {
            KeepHead();
        }
        else if (!_skipping)
        {
            var length = end > _next && _buffer[end - 1] == (byte)'\r' ? end - 1 - _next : end - _next;
            return new LogLine(_next, length, Lines, terminated, TooLong: false);
        }

        _skipping = false;
        return new LogLine(0, _head.Length, Lines, terminated, TooLong: true);
    }

    private void MakeRoom()
    {
        Hash();
        if (_filled - _next == _buffer.Length)
        {
            if (_filled > _maxLineBytes)
            {
                KeepHead();
                _beforeLast = Passed();
                _skipping = true;
                _next = _filled;
                Hash();
            }
            else
            {
                Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, _maxLineBytes + (long)BlockBytes));
            }
        }

        _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
        _passedBefore += _next;
        _filled -= _next;
        _scanned -= _next;
        _hashed = _next = 0;
    }

    private void KeepHead() => _head = _buffer.AsSpan(_next, Math.Min(KeptOfTooLong, _filled - _next)).ToArray();

    private void Hash()
    {
        if (_hashed < _next)
        {
            _hash?.AppendData(_buffer, _hashed, _next - _hashed);
            _hashed = _next;
        }
    }
}

/// <summary>The part of a log before some line.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Hash">Its SHA-256, lower-case hexadecimal; null if nobody asked for it.</param>
internal readonly record struct Prefix(long Bytes, long Lines, string? Hash);
