using Driftline.Storage.Columns;

namespace Driftline.Storage.Samples;

/// <summary>
/// Finds what single rows say in words. Keeps the blocks that it decoded last, since rows that are asked for one after the other mostly lie
/// in few of them. For one caller at a time.
/// </summary>
internal sealed class WordFinder(PartReader reader)
{
    private const long MaxKept = 16 << 20;

    private readonly LinkedList<(long Part, WordBlock Block)> _blocks = [];
    private readonly Dictionary<long, bool> _hasBlocks = [];

    /// <summary>What rows of a part say; those without words may be left out.</summary>
    /// <param name="partId">The part.</param>
    /// <param name="rows">Their places in it, ascending; at least one.</param>
    public IEnumerable<RowWords> Find(long partId, int[] rows)
    {
        if (!HasBlocks(partId))
        {
            return FindOlder(partId, rows);
        }

        return FindInBlocks(partId, rows);
    }

    private IEnumerable<RowWords> FindInBlocks(long partId, int[] rows)
    {
        WordBlock? block = null;
        foreach (var row in rows)
        {
            block = block?.Covers(row) == true ? block : Block(partId, row);
            if (block is not null)
            {
                yield return block.Of(row);
            }
        }
    }

    private IEnumerable<RowWords> FindOlder(long partId, int[] rows)
    {
        // Rows that lie close together come with one scan, stray ones one by one.
        var isDense = rows[^1] - rows[0] < 4 * rows.Length;
        return isDense ? reader.ReadOlderWords(partId, rows[0], rows[^1]) : rows.SelectMany(row => reader.ReadOlderWords(partId, row, row));
    }

    private bool HasBlocks(long partId) => _hasBlocks.TryGetValue(partId, out var known) ? known : _hasBlocks[partId] = reader.HasBlocks(partId);

    private WordBlock? Block(long partId, int row)
    {
        for (var node = _blocks.First; node is not null; node = node.Next)
        {
            if (node.Value.Part == partId && node.Value.Block.Covers(row))
            {
                _blocks.Remove(node);
                _blocks.AddFirst(node);
                return node.Value.Block;
            }
        }

        if (reader.FindBlock(partId, row) is not { } block)
        {
            return null;
        }

        _blocks.AddFirst((partId, block));
        while (_blocks.Count > 1 && _blocks.Sum(kept => (long)kept.Block.Bytes) > MaxKept)
        {
            _blocks.RemoveLast();
        }

        return block;
    }
}
