namespace Driftline.Storage.Columns;

/// <summary>Takes a block of words.</summary>
/// <param name="firstRow">Place of its first row in the part.</param>
/// <param name="rows">Its rows.</param>
/// <param name="body">Its bytes, which are gone afterwards.</param>
internal delegate void TakeWordBlock(int firstRow, int rows, ReadOnlySpan<byte> body);

/// <summary>Collects what rows say in words until a block of them is full.</summary>
internal sealed class WordBlockBuilder : IDisposable
{
    private readonly ColumnBuffer<int> _lengths = new();
    private readonly ColumnBuffer<byte> _texts = new();
    private int _firstRow;

    /// <summary>What is collected, in bytes.</summary>
    public int Bytes => _texts.Count + (_lengths.Count * sizeof(int));

    /// <summary>Whether it is enough for a block.</summary>
    public bool IsFull => Bytes >= WordBlock.ClosedAt;

    /// <summary>Adds a row; rows come in their order, those without words may be left out.</summary>
    public void Add(int row, bool hasOutput, ReadOnlySpan<byte> output, bool hasExtra, ReadOnlySpan<byte> extra)
    {
        if (_lengths.Count == 0)
        {
            _firstRow = row;
        }

        _lengths.PadTo(2 * (row - _firstRow), -1);
        _lengths.Add(hasOutput ? output.Length : -1);
        _lengths.Add(hasExtra ? extra.Length : -1);
        _texts.Add(output);
        _texts.Add(extra);
    }

    /// <summary>Gives what was collected, if anything, and begins anew.</summary>
    public void Take(TakeWordBlock take)
    {
        if (_lengths.Count == 0)
        {
            return;
        }

        WordBlock.Encode(_firstRow, _lengths.Values, _texts.Values, take);
        _lengths.Clear();
        _texts.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lengths.Dispose();
        _texts.Dispose();
    }
}
