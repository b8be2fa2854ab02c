using System.Buffers.Binary;
using System.Text;
using Driftline.Ingest.Files;

namespace Driftline.Ingest.Archives;

/// <summary>
/// Reads the directory at the end of a zip archive, ZIP64 included (APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16), a member at a time:
/// an archive may have more of them than memory should hold.
/// </summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int HeaderBytes = 46;
    private const ushort Zip64Extra = 1;

    /// <summary>Reads all members in the order of the directory; one name may come several times, and the last counts.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="length">Its length; nothing behind it is read.</param>
    /// <param name="maxMembers">More are refused.</param>
    /// <exception cref="InvalidDataException">There is no whole directory; the message is the rest of a sentence that begins with the archive's name.</exception>
    public static IEnumerable<ZipMember> Read(PatientFile file, long length, int maxMembers)
    {
        var (offset, size, count, shift) = Find(file, length);
        if (count > maxMembers)
        {
            throw new InvalidDataException($"has {count} members, more than the {maxMembers} that are read");
        }

        var buffer = new byte[1 << 16];
        int filled = 0, at = 0;
        long read = 0, members = 0;
        while (read + at < size)
        {
            if (members++ == maxMembers)
            {
                throw new InvalidDataException($"has more than the {maxMembers} members that are read");
            }

            if (!Ensure(HeaderBytes) || !buffer.AsSpan(at).StartsWith("PK\u0001\u0002"u8))
            {
                throw new InvalidDataException($"has a damaged directory: member {members} of {count} cannot be read");
            }

            var names = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 28));
            var extras = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 30));
            var total = HeaderBytes + names + extras + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 32));
            if (total > buffer.Length)
            {
                Array.Resize(ref buffer, total);
            }

            if (!Ensure(total))
            {
                throw new InvalidDataException($"has a damaged directory: it ends inside member {members} of {count}");
            }

            yield return Member(buffer.AsSpan(at, total), names, extras, shift);
            at += total;
        }

        bool Ensure(int wanted)
        {
            if (filled - at >= wanted)
            {
                return true;
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            read += at;
            filled -= at;
            at = 0;
            while (filled < wanted)
            {
                var block = (int)Math.Min(buffer.Length - filled, size - read - filled);
                var got = block <= 0 ? 0 : file.Read(buffer.AsSpan(filled, block), offset + read + filled);
                if (got == 0)
                {
                    return false;
                }

                filled += got;
            }

            return true;
        }
    }

    private static ZipMember Member(ReadOnlySpan<byte> header, int names, int extras, long shift)
    {
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        var rest = header.Slice(HeaderBytes + names, extras);
        while (rest.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]), rest.Length - 4);
            if (id == Zip64Extra)
            {
                // Only the fields that do not fit into 32 bits are there, in this order.
                var wide = rest.Slice(4, length);
                size = Wide(size, ref wide);
                compressed = Wide(compressed, ref wide);
                offset = Wide(offset, ref wide);
            }

            rest = rest[(4 + length)..];
        }

        // Python marks names that are not ASCII as UTF-8, and an old writer's code page cannot be told.
        return new ZipMember(
            Encoding.UTF8.GetString(header.Slice(HeaderBytes, names)),
            BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) & 1) != 0,
            BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            compressed,
            size,
            offset + shift);
    }

    private static long Wide(long narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue || wide.Length < 8)
        {
            return narrow;
        }

        var value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return value;
    }

    private static (long Offset, long Size, long Count, long Shift) Find(PatientFile file, long length)
    {
        // The end record is followed by a comment of up to 65,535 bytes.
        var tail = new byte[(int)Math.Min(length, EndBytes + ushort.MaxValue + LocatorBytes)];
        var start = length - tail.Length;
        if (!TryRead(file, start, tail) || tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8) is not (var at and >= 0) || tail.Length - at < EndBytes)
        {
            throw new InvalidDataException("is cut off or damaged: it has no end-of-central-directory, which ends every zip archive");
        }

        var end = tail.AsSpan(at);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        var directoryEnd = start + at;
        if (at >= LocatorBytes && tail.AsSpan(at - LocatorBytes).StartsWith("PK\u0006\u0007"u8))
        {
            var end64At = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(at - LocatorBytes + 8));
            var end64 = new byte[End64Bytes];
            if (end64At < 0 || end64At > length - End64Bytes || !TryRead(file, end64At, end64) || !end64.AsSpan().StartsWith("PK\u0006\u0006"u8))
            {
                throw new InvalidDataException("has a damaged ZIP64 directory: its end record is not where it is said to be");
            }

            count = BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(32));
            size = BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(40));
            offset = BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(48));
            directoryEnd = end64At;
        }

        if (count < 0 || size < 0 || offset < 0 || size > directoryEnd || offset > directoryEnd - size)
        {
            throw new InvalidDataException("has a damaged directory: it says that it lies outside of the file");
        }

        // Bytes put before the archive move everything by their number.
        var shift = directoryEnd - size - offset;
        return (offset + shift, size, count, shift);
    }

    private static bool TryRead(PatientFile file, long offset, Span<byte> bytes) => file.ReadAll(bytes, offset) == bytes.Length;
}
