using System.Globalization;
using System.Text;

namespace Driftline.Ingest.Json;

/// <summary>
/// Copies pieces of valid JSON without making strings. Other than the framework's methods, these do not throw on a lone surrogate:
/// it is replaced, as is NUL, which neither database takes in a text.
/// </summary>
internal static class JsonText
{
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Writes the text of a JSON string.</summary>
    /// <param name="escaped">What stands between the quotes; valid JSON.</param>
    /// <param name="destination">At least as long.</param>
    /// <param name="replaced">Grows by the characters replaced.</param>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination, ref long replaced)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(destination[written..]);
                return written + escaped.Length;
            }

            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            escaped = escaped[(plain + 1)..];
            var kind = escaped[0];
            if (kind != (byte)'u')
            {
                destination[written++] = kind switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => kind,
                };
                escaped = escaped[1..];
                continue;
            }

            var used = CodePoint(escaped, out var codePoint);
            escaped = escaped[used..];
            if (codePoint is null)
            {
                replaced++;
                Replacement.CopyTo(destination[written..]);
                written += Replacement.Length;
            }
            else
            {
                written += codePoint.Value.EncodeToUtf8(destination[written..]);
            }
        }
    }

    /// <summary>Writes a JSON value without white space between its tokens.</summary>
    /// <param name="json">A valid JSON value.</param>
    /// <param name="destination">At least as long.</param>
    /// <param name="replaced">Grows by the characters replaced.</param>
    /// <returns>The bytes written.</returns>
    public static int Compact(ReadOnlySpan<byte> json, Span<byte> destination, ref long replaced)
    {
        var written = 0;
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c == (byte)'"')
            {
                inString = !inString;
            }
            else if (inString)
            {
                if (c == (byte)'\\')
                {
                    var length = CopyEscape(json[i..], destination[written..], ref replaced);
                    written += length;
                    i += length - 1;
                    continue;
                }
            }
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            destination[written++] = c;
        }

        return written;
    }

    private static int CopyEscape(ReadOnlySpan<byte> json, Span<byte> destination, ref long replaced)
    {
        var length = 2;
        if (json[1] == (byte)'u')
        {
            length = 1 + CodePoint(json[1..], out var codePoint);
            if (codePoint is null)
            {
                replaced++;
                "\\ufffd"u8.CopyTo(destination);
                return length;
            }
        }

        json[..length].CopyTo(destination);
        return length;
    }

    /// <summary>Reads <c>uXXXX</c> or the pair <c>uXXXX\uXXXX</c>; null for half a pair and for NUL. Returns the bytes read.</summary>
    private static int CodePoint(ReadOnlySpan<byte> escape, out Rune? codePoint)
    {
        var first = Hex(escape[1..5]);
        if (char.IsHighSurrogate(first) && escape.Length >= 11 && escape[5] == (byte)'\\' && escape[6] == (byte)'u')
        {
            var second = Hex(escape[7..11]);
            if (char.IsLowSurrogate(second))
            {
                codePoint = new Rune(first, second);
                return 11;
            }
        }

        codePoint = char.IsSurrogate(first) || first == '\0' ? null : new Rune(first);
        return 5;
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
