namespace Driftline.Ingest.Json;

/// <summary>
/// Rewrites the bare words NaN, Infinity and -Infinity, which Python's json module writes and no JSON reader takes, to null.
/// </summary>
internal sealed class NonFiniteNumbers
{
    private readonly List<int> _lengthened = [];
    private byte[] _buffer = [];

    /// <summary>Whether a text could hold such words at all.</summary>
    public static bool MayHold(ReadOnlySpan<byte> line) => line.IndexOf("NaN"u8) >= 0 || line.IndexOf("Infinity"u8) >= 0;

    /// <summary>Rewrites the words outside strings.</summary>
    /// <param name="line">The text.</param>
    /// <param name="rewritten">The text with null in their places, of which <see cref="OriginalPosition"/> speaks.</param>
    /// <param name="count">The words rewritten.</param>
    /// <returns>False when there are none.</returns>
    public bool TryRewrite(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> rewritten, out int count)
    {
        _lengthened.Clear();
        count = 0;
        if (_buffer.Length < (line.Length * 4 / 3) + 4)
        {
            _buffer = new byte[(line.Length * 4 / 3) + 4];
        }

        var written = 0;
        var inString = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == (byte)'"')
            {
                inString = !inString;
            }
            else if (inString && c == (byte)'\\' && i + 1 < line.Length)
            {
                _buffer[written++] = c;
                c = line[++i];
            }
            else if (!inString && c is (byte)'N' or (byte)'I' or (byte)'-' && WordAt(line[i..], out var length))
            {
                "null        "u8[..Math.Max(4, length)].CopyTo(_buffer.AsSpan(written));
                written += Math.Max(4, length);
                if (length < 4)
                {
                    _lengthened.Add(written);
                }

                i += length - 1;
                count++;
                continue;
            }

            _buffer[written++] = c;
        }

        rewritten = _buffer.AsSpan(0, written);
        return count > 0;
    }

    /// <summary>Where a position of the rewritten text was in the text as it came.</summary>
    public int OriginalPosition(int position) => position - _lengthened.Count(end => end <= position);

    private static bool WordAt(ReadOnlySpan<byte> text, out int length)
    {
        length = text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : text.StartsWith("-Infinity"u8) ? 9 : 0;
        return length > 0;
    }
}
