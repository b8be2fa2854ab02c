using System.Runtime.InteropServices;

namespace Driftline.Storage.Columns;

/// <summary>The embeddings of one embedder and length in a part: a matrix of the rows that have one, and which rows those are.</summary>
internal sealed class EmbeddingColumn(string embedder, int dimension)
{
    private readonly List<int> _rows = [];

    public string Embedder => embedder;

    public int Dimension => dimension;

    public ulong Field { get; } = EvaluationDigest.Field(ColumnKind.Embedding, embedder, dimension);

    public ColumnBuffer<float> Values { get; } = new();

    /// <summary>Adds the embedding of a later row; false when that row has one already.</summary>
    public bool Add(int row, float[] values)
    {
        if (_rows.Count > 0 && _rows[^1] == row)
        {
            return false;
        }

        _rows.Add(row);
        Values.Add(values);
        return true;
    }

    /// <summary>One bit a row; null when every row has one.</summary>
    public byte[]? Presence(int rows)
    {
        if (_rows.Count == rows)
        {
            return null;
        }

        var bits = new byte[(rows + 7) / 8];
        foreach (var row in _rows)
        {
            bits[row >> 3] |= (byte)(1 << (row & 7));
        }

        return bits;
    }

    /// <summary>What stands for an embedding in the digest.</summary>
    public static ulong Hash(ReadOnlySpan<float> values) => Hash128.Fold(Hash128.Compute(MemoryMarshal.AsBytes(values)));

    /// <summary>Whether a row has a value.</summary>
    public static bool IsPresent(byte[]? presence, int row) => presence is null || (presence[row >> 3] & (1 << (row & 7))) != 0;
}
