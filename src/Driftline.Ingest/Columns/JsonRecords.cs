namespace Driftline.Ingest.Columns;

/// <summary>One JSON object as it lies in a file.</summary>
/// <param name="Text">Its bytes; valid until the next read.</param>
/// <param name="Line">1-based line on which it starts.</param>
/// <param name="TooLong">Whether it is longer than the limit; then only its first bytes are there.</param>
internal readonly record struct JsonRecord(ReadOnlyMemory<byte> Text, long Line, bool TooLong);

/// <summary>
/// Cuts a JSON array of objects, or objects that follow each other, into objects without reading the whole: by brackets and quotes
/// alone, so that an object that is not valid can be rejected by itself.
/// </summary>
internal sealed class JsonRecords(Stream stream, int maxBytes)
{
    private byte[] _buffer = new byte[1 << 20];
    private int _filled;
    private int _at;
    private int _start = -1;
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private bool _tooLong;
    private bool _atEnd;
    private long _startLine;

    /// <summary>Lines seen so far.</summary>
    public long Lines { get; private set; } = 1;

    /// <summary>Returns the next object; null at the end. What stands between objects and is no comma or bracket is returned as an object too, to be rejected.</summary>
    public async ValueTask<JsonRecord?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryCut() is { } record)
            {
                return record;
            }

            if (_atEnd)
            {
                return Rest();
            }

            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            _filled += count;
            _atEnd = count == 0;
        }
    }

    private JsonRecord? TryCut()
    {
        while (_at < _filled)
        {
            var c = _buffer[_at++];
            if (c == (byte)'\n')
            {
                Lines++;
            }

            if (_inString)
            {
                _inString = _escaped || c != (byte)'"';
                _escaped = !_escaped && c == (byte)'\\';
                continue;
            }

            switch (c)
            {
                case (byte)'"':
                    Start();
                    _inString = true;
                    break;
                case (byte)'{':
                    Start();
                    _depth++;
                    break;
                case (byte)'[' when _start >= 0:
                    _depth++;
                    break;
                case (byte)'}':
                case (byte)']' when _start >= 0:
                    Start();
                    if (--_depth <= 0)
                    {
                        return Cut(_at);
                    }

                    break;
                case (byte)',' when _depth == 0:
                    if (_start >= 0)
                    {
                        return Cut(_at - 1);
                    }

                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'[' or (byte)']' or 0xEF or 0xBB or 0xBF:
                    break;
                default:
                    Start();
                    break;
            }
        }

        return null;
    }

    private void Start()
    {
        if (_start < 0)
        {
            _start = _at - 1;
            _startLine = Lines;
        }
    }

    private JsonRecord Cut(int end)
    {
        var record = new JsonRecord(_buffer.AsMemory(_start, end - _start), _startLine, _tooLong || end - _start > maxBytes);
        _start = -1;
        _depth = 0;
        _tooLong = false;
        return record;
    }

    private JsonRecord? Rest() => _start < 0 || _start == _filled ? null : Cut(_filled);

    private void MakeRoom()
    {
        if (_start < 0)
        {
            _filled = _at = 0;
            return;
        }

        if (_filled - _start > maxBytes)
        {
            // Too long to hold: keep its first bytes, which are all that a report shows, and go on to its end.
            _tooLong = true;
            _buffer.AsSpan(_start, Math.Min(256, _filled - _start)).CopyTo(_buffer);
            _filled = _at = Math.Min(256, _filled - _start);
            _start = 0;
            return;
        }

        if (_start == 0 && _filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, maxBytes + (1L << 20)));
            return;
        }

        _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
        _filled -= _start;
        _at -= _start;
        _start = 0;
    }
}
