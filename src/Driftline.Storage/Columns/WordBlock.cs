using System.Buffers.Binary;
using System.IO.Compression;
using Driftline.Core.Records;

namespace Driftline.Storage.Columns;

/// <summary>
/// What consecutive rows say in words, decoded. Stored: the length of what follows, then, compressed by Brotli, two lengths a row (of its
/// output and of what is kept beside it; −1 is none) and all texts in that order. A row's texts lie side by side since what is kept beside
/// mostly repeats the output.
/// </summary>
internal sealed class WordBlock
{
    /// <summary>Bytes, before they are compressed, after which a block is closed: reading one row reads its block, and this much takes a fifth of a millisecond.</summary>
    public const int ClosedAt = 64_000;

    // 1 takes a tenth more room, 4 twice the time.
    private const int Quality = 2;

    // 2 ^ 17 is twice a usual block; of a text that is longer, what lies farther back is not looked at.
    private const int WindowBits = 17;

    private const int Lengths = 2 * sizeof(int);

    private readonly byte[] _bytes;
    private readonly int[] _starts;

    private WordBlock(int firstRow, int rows, byte[] bytes)
    {
        (FirstRow, Rows, _bytes) = (firstRow, rows, bytes);
        _starts = new int[rows];
        var at = rows * Lengths;
        for (var row = 0; row < rows; row++)
        {
            _starts[row] = at;
            at += Math.Max(0, Length(row, 0)) + Math.Max(0, Length(row, 1));
        }

        if (at != bytes.Length)
        {
            throw Damaged(firstRow);
        }
    }

    /// <summary>Place of its first row in the part.</summary>
    public int FirstRow { get; }

    /// <summary>Its rows.</summary>
    public int Rows { get; }

    /// <summary>Bytes that it takes.</summary>
    public int Bytes => _bytes.Length + (_starts.Length * sizeof(int));

    /// <summary>Writes a block.</summary>
    /// <param name="firstRow">Place of its first row in the part.</param>
    /// <param name="lengths">Lengths of each row's output and of what is kept beside it; −1 is none.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="take">Gets it.</param>
    public static void Encode(int firstRow, ReadOnlySpan<int> lengths, ReadOnlySpan<byte> texts, TakeWordBlock take)
    {
        var header = lengths.Length * sizeof(int);
        var length = header + texts.Length;
        var raw = RecordArrays.Rent<byte>(length);
        var packed = RecordArrays.Rent<byte>(sizeof(int) + BrotliEncoder.GetMaxCompressedLength(length));
        try
        {
            for (var i = 0; i < lengths.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(i * sizeof(int)), lengths[i]);
            }

            texts.CopyTo(raw.AsSpan(header));
            BinaryPrimitives.WriteInt32LittleEndian(packed, length);
            if (!BrotliEncoder.TryCompress(raw.AsSpan(0, length), packed.AsSpan(sizeof(int)), out var written, Quality, WindowBits))
            {
                throw new InvalidOperationException($"{length} bytes did not fit into the room that is said to be enough for them.");
            }

            take(firstRow, lengths.Length / 2, packed.AsSpan(0, sizeof(int) + written));
        }
        finally
        {
            RecordArrays.Return(raw);
            RecordArrays.Return(packed);
        }
    }

    /// <summary>Reads a block.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static WordBlock Decode(int firstRow, int rows, ReadOnlySpan<byte> body)
    {
        var length = body.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(body);
        if (rows <= 0 || length < (long)rows * Lengths || length > Array.MaxLength)
        {
            throw Damaged(firstRow);
        }

        var bytes = new byte[length];
        return BrotliDecoder.TryDecompress(body[sizeof(int)..], bytes, out var written) && written == length
            ? new WordBlock(firstRow, rows, bytes)
            : throw Damaged(firstRow);
    }

    /// <summary>Whether a row of the part is one of its rows.</summary>
    public bool Covers(int row) => row >= FirstRow && row - FirstRow < Rows;

    /// <summary>What a row of the part says.</summary>
    public RowWords Of(int row)
    {
        var place = row - FirstRow;
        var (output, extra) = (Length(place, 0), Length(place, 1));
        return new RowWords(row, Text(_starts[place], output), Text(_starts[place] + Math.Max(0, output), extra));
    }

    // A null without its type would become an empty text.
    private ReadOnlyMemory<byte>? Text(int start, int length) => length < 0 ? (ReadOnlyMemory<byte>?)null : _bytes.AsMemory(start, length);

    private static InvalidDataException Damaged(int firstRow) =>
        new($"The texts from row {firstRow} on cannot be unpacked: the database is damaged; import its logs into a new one.");

    private int Length(int place, int text) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan((place * Lengths) + (text * sizeof(int))));
}
