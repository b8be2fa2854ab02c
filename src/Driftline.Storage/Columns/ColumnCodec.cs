using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Driftline.Storage.Columns;

/// <summary>
/// Columns to blobs and back. Numbers lie as little-endian machines have them in memory, which all platforms of .NET 10 are. A
/// column of one repeated value is stored as that one value.
/// </summary>
internal static class ColumnCodec
{
    /// <summary>The bytes of a column; one value when all are the same.</summary>
    public static ReadOnlySpan<byte> Encode<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (values.Length > 1)
        {
            // all equal if and only if it equals itself moved by one value; compared as bytes, because NaN has several
            var size = bytes.Length / values.Length;
            if (bytes[size..].SequenceEqual(bytes[..^size]))
            {
                return bytes[..size];
            }
        }

        return bytes;
    }

    /// <summary>Puts a column's values into an array of the part's rows.</summary>
    /// <exception cref="InvalidDataException">The blob is neither as long as the rows nor one value.</exception>
    public static void Decode<T>(ReadOnlySpan<byte> blob, Span<T> values)
        where T : unmanaged
    {
        var stored = MemoryMarshal.Cast<byte, T>(blob);
        if (stored.Length == values.Length)
        {
            stored.CopyTo(values);
        }
        else if (stored.Length == 1)
        {
            values.Fill(stored[0]);
        }
        else
        {
            throw new InvalidDataException($"A column has {stored.Length} values for {values.Length} rows: the database is damaged; import its logs into a new one.");
        }
    }

    /// <summary>The dictionary of answers (a count, then each length and text) followed by the codes.</summary>
    public static byte[] EncodeAnswers(IReadOnlyList<byte[]> labels, ReadOnlySpan<int> codes)
    {
        var encoded = Encode(codes);
        var blob = new byte[4 + labels.Sum(l => 4 + l.Length) + encoded.Length];
        BinaryPrimitives.WriteInt32LittleEndian(blob, labels.Count);
        var at = 4;
        foreach (var label in labels)
        {
            BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(at), label.Length);
            label.CopyTo(blob, at + 4);
            at += 4 + label.Length;
        }

        encoded.CopyTo(blob.AsSpan(at));
        return blob;
    }

    /// <summary>Reads answers back: the labels as UTF-8, and the codes of the part's rows.</summary>
    public static byte[][] DecodeAnswers(ReadOnlySpan<byte> blob, Span<int> codes)
    {
        var labels = new byte[BinaryPrimitives.ReadInt32LittleEndian(blob)][];
        var rest = blob[4..];
        for (var i = 0; i < labels.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            labels[i] = rest.Slice(4, length).ToArray();
            rest = rest[(4 + length)..];
        }

        // the codes may start at any byte
        Decode(rest.ToArray(), codes);
        return labels;
    }
}
