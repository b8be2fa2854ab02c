using Driftline.Core.Records;

namespace Driftline.Storage.Columns;

/// <summary>A growing column of values, from pooled memory.</summary>
internal sealed class ColumnBuffer<T> : IDisposable
    where T : unmanaged
{
    private T[] _items = RecordArrays.Rent<T>(256);

    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => _items.AsSpan(0, Count);

    /// <summary>Adds one value.</summary>
    public void Add(T value)
    {
        Reserve(1);
        _items[Count++] = value;
    }

    /// <summary>Adds values.</summary>
    public void Add(ReadOnlySpan<T> values)
    {
        Reserve(values.Length);
        values.CopyTo(_items.AsSpan(Count));
        Count += values.Length;
    }

    /// <summary>Empties it and gives its memory back.</summary>
    public void Clear()
    {
        RecordArrays.Return(_items);
        _items = [];
        Count = 0;
    }

    /// <summary>Fills up to a length.</summary>
    public void PadTo(int count, T value)
    {
        if (count > Count)
        {
            Reserve(count - Count);
            _items.AsSpan(Count, count - Count).Fill(value);
            Count = count;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Reserve(int more)
    {
        if (Count + more <= _items.Length)
        {
            return;
        }

        var grown = RecordArrays.Rent<T>(Math.Max(Count + more, _items.Length * 2));
        _items.AsSpan(0, Count).CopyTo(grown);
        RecordArrays.Return(_items);
        _items = grown;
    }
}
