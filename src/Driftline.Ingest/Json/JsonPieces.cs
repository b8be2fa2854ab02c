using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Driftline.Ingest.Json;

/// <summary>
/// Walks through a JSON text of any length, copying the values that are wanted and passing over the others without holding them. It
/// cuts by brackets and quotes alone; what is copied is not yet known to be valid (see <see cref="ReadableJson"/>).
/// </summary>
/// <remarks>All methods throw <see cref="JsonException"/> where the text is not JSON or ends early, with line and byte of the text.</remarks>
internal sealed class JsonPieces(Stream stream, CancellationToken cancellationToken) : IDisposable
{
    private const int BufferBytes = 256 << 10;
    private const int MaxNameBytes = 4096;

    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",]} \t\r\n"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);

    private readonly ArrayBufferWriter<byte> _name = new(256);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _at;
    private int _filled;
    private long _passed;
    private long _lines;
    private bool _atStart = true;
    private bool _isFirst;

    /// <summary>Bytes of the text before the next one.</summary>
    public long Position => _passed + _at;

    /// <summary>The 1-based line of the next byte.</summary>
    public long Line => _lines + _buffer.AsSpan(0, _at).Count((byte)'\n') + 1;

    /// <summary>Goes into an object; its properties follow with <see cref="NextProperty"/>.</summary>
    public void EnterObject() => Enter((byte)'{', "an object");

    /// <summary>Goes into an array; its items follow with <see cref="NextItem"/>.</summary>
    public void EnterArray() => Enter((byte)'[', "an array");

    /// <summary>The first byte of the next value.</summary>
    public byte Peek()
    {
        SkipSpace();
        return _at < _filled ? _buffer[_at] : throw Ended();
    }

    /// <summary>Goes to the next property of the object, to stand before its value; null behind the last.</summary>
    public string? NextProperty()
    {
        if (!Next((byte)'}'))
        {
            return null;
        }

        if (Peek() != (byte)'"')
        {
            throw Expected("the name of a property in quotes");
        }

        _name.ResetWrittenCount();
        Value(_name, MaxNameBytes, out var isWhole);
        if (Peek() != (byte)':')
        {
            throw Expected("':'");
        }

        _at++;
        return isWhole ? Encoding.UTF8.GetString(_name.WrittenSpan[1..^1]) : "";
    }

    /// <summary>Goes to the next item of the array; false behind the last.</summary>
    public bool NextItem() => Next((byte)']');

    /// <summary>Passes over the next value.</summary>
    public void Skip() => Value(null, 0, out _);

    /// <summary>Copies the next value; one that is longer is passed over, and nothing of it remains.</summary>
    public bool TryCopy(ArrayBufferWriter<byte> into, int maxBytes)
    {
        Value(into, maxBytes, out var isWhole);
        return isWhole;
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public void End()
    {
        SkipSpace();
        if (_at < _filled)
        {
            throw Expected("the end of the text");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _at = _filled = 0;
    }

    private void Enter(byte bracket, string what)
    {
        if (Peek() != bracket)
        {
            throw Expected(what);
        }

        _at++;
        _isFirst = true;
    }

    private bool Next(byte end)
    {
        var c = Peek();
        if (c == end)
        {
            _at++;
            _isFirst = false;
            return false;
        }

        if (!_isFirst)
        {
            if (c != (byte)',')
            {
                throw Expected($"',' or '{(char)end}'");
            }

            _at++;
        }

        _isFirst = false;
        return true;
    }

    private void Value(ArrayBufferWriter<byte>? into, int maxBytes, out bool isWhole)
    {
        var before = into?.WrittenCount ?? 0;
        var copied = 0L;
        var isKept = into is not null;
        switch (Peek())
        {
            case (byte)'"':
                Take(1);
                String();
                break;
            case (byte)'{' or (byte)'[':
                Take(1);
                var depth = 1;
                while (depth > 0)
                {
                    TakeUntil(Structure);
                    var c = _buffer[_at];
                    Take(1);
                    switch (c)
                    {
                        case (byte)'"':
                            String();
                            break;
                        case (byte)'{' or (byte)'[':
                            depth++;
                            break;
                        default:
                            depth--;
                            break;
                    }
                }

                break;
            case (byte)',' or (byte)':' or (byte)'}' or (byte)']':
                throw Expected("a value");
            default:
                Scalar();
                break;
        }

        isWhole = isKept;

        void String()
        {
            while (true)
            {
                TakeUntil(StringEnds);
                var c = _buffer[_at];
                Take(1);
                if (c == (byte)'"')
                {
                    return;
                }

                if (_at == _filled && !Fill())
                {
                    throw Ended();
                }

                Take(1);
            }
        }

        void Scalar()
        {
            do
            {
                var end = _buffer.AsSpan(_at, _filled - _at).IndexOfAny(ScalarEnds);
                Take(end < 0 ? _filled - _at : end);
            }
            while (_at == _filled && Fill());
        }

        void TakeUntil(SearchValues<byte> stops)
        {
            while (true)
            {
                var found = _buffer.AsSpan(_at, _filled - _at).IndexOfAny(stops);
                Take(found < 0 ? _filled - _at : found);
                if (found >= 0)
                {
                    return;
                }

                if (!Fill())
                {
                    throw Ended();
                }
            }
        }

        void Take(int count)
        {
            copied += count;
            if (isKept && copied > maxBytes)
            {
                Forget(into!, before);
                isKept = false;
            }

            if (isKept)
            {
                into!.Write(_buffer.AsSpan(_at, count));
            }

            _at += count;
        }
    }

    private static void Forget(ArrayBufferWriter<byte> writer, int length)
    {
        // The writer has no way back; what stays is copied anew.
        var kept = writer.WrittenSpan[..length].ToArray();
        writer.ResetWrittenCount();
        writer.Write(kept);
    }

    private void SkipSpace()
    {
        while (true)
        {
            while (_at < _filled && _buffer[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                _at++;
            }

            if (_at < _filled || !Fill())
            {
                return;
            }
        }
    }

    private bool Fill()
    {
        cancellationToken.ThrowIfCancellationRequested();
        _lines += _buffer.AsSpan(0, _at).Count((byte)'\n');
        _passed += _at;
        _at = 0;
        _filled = stream.Read(_buffer);
        if (_atStart && _filled > 0)
        {
            _atStart = false;
            if (_buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
            {
                _at = 3;
            }
        }

        return _filled > 0;
    }

    private JsonException Ended() => Wrong("the text ends early");

    private JsonException Expected(string what) => Wrong($"expected {what}, found '{Shown(_buffer[_at])}'");

    private static string Shown(byte c) => c is >= 0x20 and < 0x7F ? ((char)c).ToString() : $"0x{c:X2}";

    private JsonException Wrong(string what) => new($"line {Line}, byte {Position + 1}: {what}");
}
