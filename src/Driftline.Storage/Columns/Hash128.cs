using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Driftline.Storage.Columns;

/// <summary>
/// MurmurHash3 (x64, 128 bits; Austin Appleby, public domain): identities of prompts and texts. Not cryptographic: whoever
/// could write a log made to collide could as well write the log that they want. It is written out here because the framework
/// has no fast 128-bit hash.
/// </summary>
internal static class Hash128
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    /// <summary>Bytes of a stored hash.</summary>
    public const int Size = 16;

    /// <summary>Hashes bytes.</summary>
    public static UInt128 Compute(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var h1 = seed;
        var h2 = seed;
        var tail = bytes;
        while (tail.Length >= 16)
        {
            h1 ^= MixK1(BinaryPrimitives.ReadUInt64LittleEndian(tail));
            h1 = ((BitOperations.RotateLeft(h1, 27) + h2) * 5) + 0x52dce729;
            h2 ^= MixK2(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
            h2 = ((BitOperations.RotateLeft(h2, 31) + h1) * 5) + 0x38495ab5;
            tail = tail[16..];
        }

        if (tail.Length > 0)
        {
            Span<byte> block = stackalloc byte[16];
            block.Clear();
            tail.CopyTo(block);
            h2 ^= MixK2(BinaryPrimitives.ReadUInt64LittleEndian(block[8..]));
            h1 ^= MixK1(BinaryPrimitives.ReadUInt64LittleEndian(block));
        }

        h1 ^= (ulong)bytes.Length;
        h2 ^= (ulong)bytes.Length;
        h1 += h2;
        h2 += h1;
        h1 = Mix(h1);
        h2 = Mix(h2);
        h1 += h2;
        h2 += h1;
        return new UInt128(h2, h1);
    }

    /// <summary>Hashes a text as UTF-8.</summary>
    public static UInt128 Compute(string text, ulong seed = 0) => Compute(System.Text.Encoding.UTF8.GetBytes(text), seed);

    /// <summary>Hashes hashes.</summary>
    public static UInt128 Combine(params ReadOnlySpan<UInt128> hashes) => Compute(MemoryMarshal.AsBytes(hashes));

    /// <summary>Folds a hash to 64 bits that are never 0.</summary>
    public static ulong Fold(UInt128 hash)
    {
        var folded = (ulong)hash ^ BitOperations.RotateLeft((ulong)(hash >> 64), 32);
        return folded == 0 ? 1 : folded;
    }

    /// <summary>Spreads every bit of a number over all its bits.</summary>
    public static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value *= 0xff51afd7ed558ccd;
        value ^= value >> 33;
        value *= 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }

    /// <summary>The hash as stored.</summary>
    public static byte[] ToBytes(UInt128 hash)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash);
        return bytes;
    }

    /// <summary>The hash from how it is stored.</summary>
    public static UInt128 FromBytes(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128LittleEndian(bytes);

    private static ulong MixK1(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong MixK2(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;
}
