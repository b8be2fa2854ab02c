using System.Buffers;
using System.Collections;
using System.Text;

namespace Driftline.Storage.Queries;

/// <summary>
/// The outputs of an evaluation by row, as UTF-8: the first few megabytes in memory, what is more in a file, so that long outputs do not
/// take the memory that their log takes on disk. A text is decoded each time that it is asked for. May be read on several threads once
/// it is filled.
/// </summary>
/// <param name="rows">Number of rows.</param>
/// <param name="scratch">Creates the file, when it is needed.</param>
internal sealed class OutputTexts(int rows, Func<ScratchFile> scratch) : IReadOnlyList<string?>
{
    private const int BlockBytes = 1 << 20;
    private const int HeldBlocks = 4;

    /// <summary>Blocks in order: those that are held, then those in the file, then the one that is being filled, which is held too.</summary>
    private readonly List<(byte[]? Held, long Start)> _blocks = [];
    private readonly int[] _block = new int[rows];
    private readonly int[] _start = new int[rows];

    /// <summary>Length of each text in bytes, one more than it is: 0 is none.</summary>
    private readonly int[] _length = new int[rows];
    private ScratchFile? _file;
    private int _filled = BlockBytes;

    /// <inheritdoc/>
    public int Count => _length.Length;

    /// <inheritdoc/>
    public string? this[int index] => _length[index] == 0 ? null : Decode(_blocks[_block[index]], _start[index], _length[index] - 1);

    /// <summary>Sets the text of a row; what it had before is forgotten.</summary>
    /// <exception cref="IOException">The texts do not fit on the disk.</exception>
    public void Set(int row, string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > BlockBytes - _filled)
        {
            Begin(bytes);
        }

        Encoding.UTF8.GetBytes(text, _blocks[^1].Held.AsSpan(_filled));
        (_block[row], _start[row], _length[row]) = (_blocks.Count - 1, _filled, bytes + 1);
        _filled += bytes;
    }

    /// <inheritdoc/>
    public IEnumerator<string?> GetEnumerator()
    {
        for (var row = 0; row < _length.Length; row++)
        {
            yield return this[row];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Begins a block; a text that is larger than one has a block of its own, and the next text begins another.</summary>
    private void Begin(int bytes)
    {
        byte[]? block = null;
        if (_blocks.Count > HeldBlocks)
        {
            block = _blocks[^1].Held!;
            _file ??= scratch();
            _blocks[^1] = (null, _file.Append(block.AsSpan(0, _filled)));
        }

        var length = Math.Max(BlockBytes, bytes);
        _blocks.Add((block?.Length == length ? block : new byte[length], 0));
        _filled = 0;
    }

    private string Decode((byte[]? Held, long Start) block, int start, int length)
    {
        if (block.Held is { } held)
        {
            return Encoding.UTF8.GetString(held, start, length);
        }

        var bytes = ArrayPool<byte>.Shared.Rent(length);
        _file!.Read(block.Start + start, bytes.AsSpan(0, length));
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        ArrayPool<byte>.Shared.Return(bytes);
        return text;
    }
}
