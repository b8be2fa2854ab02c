using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Driftline.Ingest.Archives;

namespace Driftline.Ingest.Tests.Inspect;

/// <summary>Writes <c>.eval</c> archives byte by byte, so that they can be as odd as real ones and worse.</summary>
internal sealed class EvalArchive
{
    private readonly ArrayBufferWriter<byte> _file = new();
    private readonly ArrayBufferWriter<byte> _directory = new();
    private int _members;

    /// <summary>Whether the directory's end is written in the ZIP64 form, with offsets in extra fields.</summary>
    public bool Zip64 { get; init; }

    /// <summary>A log with a header and samples with id and score, members deflated.</summary>
    public static EvalArchive Of(string header, params IEnumerable<(string Name, string Text)> members)
    {
        var archive = new EvalArchive().Add("header.json", header);
        foreach (var (name, text) in members)
        {
            archive.Add(name, text);
        }

        return archive;
    }

    public static string Header(string eval = "", string rest = "") =>
        $$"""{"version":2,"status":"success","eval":{"eval_id":"e1","task":"t","model":"m-gen3","created":"2026-01-02T03:04:05+00:00"{{eval}}}{{rest}}}""";

    public static string Sample(string id, string score = "\"C\"", string rest = "") =>
        $$$"""{"id":"{{{id}}}","epoch":1,"input":"q {{{id}}}","target":"a","output":{"completion":"out {{{id}}}"},"scores":{"match":{"value":{{{score}}}}}{{{rest}}}}""";

    public EvalArchive Add(string name, string text) => Add(name, 8, Deflated(Encoding.UTF8.GetBytes(text)), Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a member whose compressed bytes are given, with the checksum and length of what they should be.</summary>
    public EvalArchive Add(string name, ushort method, byte[] compressed, byte[] text, ushort flags = 0)
    {
        var offset = _file.WrittenCount;
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var local = new byte[30];
        "PK\u0003\u0004"u8.CopyTo(local);
        BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(8), method);
        BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(26), (ushort)nameBytes.Length);
        _file.Write(local);
        _file.Write(nameBytes);
        _file.Write(compressed);
        var header = new byte[46];
        "PK\u0001\u0002"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), method);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc32.Append(0, text));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), (uint)compressed.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), (uint)text.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)nameBytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), (uint)offset);
        var extra = Array.Empty<byte>();
        if (Zip64)
        {
            header.AsSpan(20, 8).Fill(0xFF);
            header.AsSpan(42, 4).Fill(0xFF);
            extra = new byte[28];
            extra[0] = 1;
            extra[2] = 24;
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), text.Length);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(12), compressed.Length);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(20), offset);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(30), (ushort)extra.Length);
        }

        _directory.Write(header);
        _directory.Write(nameBytes);
        _directory.Write(extra);
        _members++;
        return this;
    }

    public byte[] ToBytes(string comment = "")
    {
        var start = _file.WrittenCount;
        _file.Write(_directory.WrittenSpan);
        if (Zip64)
        {
            var end64At = _file.WrittenCount;
            var end64 = new byte[56];
            "PK\u0006\u0006"u8.CopyTo(end64);
            BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(4), 44);
            BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(24), _members);
            BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(32), _members);
            BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(40), _directory.WrittenCount);
            BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(48), start);
            _file.Write(end64);
            var locator = new byte[20];
            "PK\u0006\u0007"u8.CopyTo(locator);
            BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), end64At);
            locator[16] = 1;
            _file.Write(locator);
        }

        var end = new byte[22];
        "PK\u0005\u0006"u8.CopyTo(end);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), Zip64 ? ushort.MaxValue : (ushort)_members);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), Zip64 ? uint.MaxValue : (uint)_directory.WrittenCount);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), Zip64 ? uint.MaxValue : (uint)start);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(20), (ushort)comment.Length);
        _file.Write(end);
        _file.Write(Encoding.ASCII.GetBytes(comment));
        return _file.WrittenSpan.ToArray();
    }

    public static byte[] Deflated(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.SmallestSize))
        {
            deflate.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>One Zstandard frame of raw blocks, as the format's description (RFC 8878) has it: no compressor is needed for that.</summary>
    public static byte[] ZstandardFrame(byte[] bytes)
    {
        const int MaxBlock = 100_000;
        using var frame = new MemoryStream();
        frame.Write([0x28, 0xB5, 0x2F, 0xFD]);

        // Frame header: a window of 128 KiB, no content size, no checksum.
        frame.Write([0x00, 0x38]);
        for (var at = 0; at < bytes.Length || at == 0; at += MaxBlock)
        {
            var length = Math.Min(MaxBlock, bytes.Length - at);
            var header = (length << 3) | (at + length >= bytes.Length ? 1 : 0);
            frame.Write([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
            frame.Write(bytes, at, length);
        }

        return frame.ToArray();
    }
}
