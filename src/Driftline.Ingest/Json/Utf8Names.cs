using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Driftline.Ingest.Json;

/// <summary>Names that repeat (of scores, options, embedders), each made a string once.</summary>
/// <param name="capacity">Names that are kept; more are refused.</param>
internal sealed class Utf8Names(int capacity)
{
    /// <summary>Bytes of the longest name.</summary>
    public const int MaxBytes = 1000;

    private readonly Dictionary<byte[], string> _names = new(Utf8Comparer.Instance);

    /// <summary>All names, in the order in which they came.</summary>
    public IEnumerable<string> All => _names.Values;

    /// <summary>The string of a name; false when it is too long, or there are too many different ones.</summary>
    public bool TryGet(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out string? name)
    {
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(utf8, out name))
        {
            return true;
        }

        if (_names.Count >= capacity || utf8.Length > MaxBytes)
        {
            return false;
        }

        name = Encoding.UTF8.GetString(utf8);
        _names.Add(utf8.ToArray(), name);
        return true;
    }
}

/// <summary>Compares byte strings by content.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly Utf8Comparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
