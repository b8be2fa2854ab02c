using Driftline.Storage.Columns;

namespace Driftline.Storage.Sqlite.Bulk;

/// <summary>
/// Finds the number of a text by its hash, first in a bounded cache, then in the table's unique index. It writes nothing: who
/// asks writes what is new.
/// </summary>
internal sealed class Interner(long lineageId, Statement find, int nextId, int capacity)
{
    private readonly Dictionary<UInt128, int> _cache = [];
    private readonly byte[] _hash = new byte[Hash128.Size];

    /// <summary>Whether all that exists is in the cache, so that what is not there is new.</summary>
    private bool _complete = nextId == 1;

    /// <summary>The next free number.</summary>
    public int NextId { get; private set; } = nextId;

    /// <summary>The number of a text.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="isNew">Whether it is new and to be written under this number.</param>
    public int Find(UInt128 hash, out bool isNew)
    {
        isNew = false;
        if (_cache.TryGetValue(hash, out var id))
        {
            return id;
        }

        if (_complete || LookUp(hash) is not { } stored)
        {
            isNew = true;
            stored = NextId++;
        }

        if (_cache.Count >= capacity)
        {
            _cache.Clear();
            _complete = false;
        }

        _cache.Add(hash, stored);
        return stored;
    }

    private int? LookUp(UInt128 hash)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(_hash, hash);
        return (int?)find.Bind(1, lineageId).BindBlob(2, _hash).RunScalar();
    }
}
