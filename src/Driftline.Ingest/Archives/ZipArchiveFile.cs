using System.Buffers.Binary;
using System.IO.Compression;
using Driftline.Ingest.Files;

namespace Driftline.Ingest.Archives;

/// <summary>
/// A zip archive that is read member by member, within the limits of what it may unfold to. The framework's own does not know
/// Zstandard (method 93) and holds the whole directory.
/// </summary>
internal sealed class ZipArchiveFile : IDisposable
{
    private const int LocalHeaderBytes = 30;
    private const ushort Stored = 0;
    private const ushort Deflate = 8;
    private const ushort Zstandard = 93;

    private readonly PatientFile _file;
    private readonly LogSource _source;
    private readonly ImportLimits _limits;
    private readonly UnfoldingGuard _guard;
    private long _unfolded;

    /// <summary>Opens an archive.</summary>
    public ZipArchiveFile(LogSource source, ImportLimits limits)
    {
        _source = source;
        _limits = limits;
        _guard = new UnfoldingGuard(source, limits);
        _file = PatientFile.Open(source.Path);
    }

    /// <summary>Reads the directory.</summary>
    /// <exception cref="LogRejectedException">There is no whole one.</exception>
    public IEnumerable<ZipMember> Members()
    {
        using var members = ZipDirectory.Read(_file, _source.Bytes, _limits.MaxArchiveMembers).GetEnumerator();
        while (true)
        {
            try
            {
                if (!members.MoveNext())
                {
                    yield break;
                }
            }
            catch (InvalidDataException e)
            {
                throw new LogRejectedException($"{_source.Name} {e.Message}. Copy it again; a run that crashed while writing is mended by inspect log recover.", e);
            }

            yield return members.Current;
        }
    }

    /// <summary>Opens a member for reading once; its checksum is looked at when its end is reached.</summary>
    /// <exception cref="InvalidDataException">The member cannot be read; also thrown while it is read.</exception>
    /// <exception cref="LogRejectedException">The machine cannot decompress it, or (while it is read) the archive unfolds to too much.</exception>
    public Stream Open(ZipMember member)
    {
        if (member.IsEncrypted)
        {
            throw new InvalidDataException("it is encrypted");
        }

        Span<byte> header = stackalloc byte[LocalHeaderBytes];
        if (member.HeaderOffset < 0 || member.HeaderOffset > _source.Bytes - LocalHeaderBytes
            || _file.ReadAll(header, member.HeaderOffset) < LocalHeaderBytes || !header.StartsWith("PK\u0003\u0004"u8))
        {
            throw new InvalidDataException("its header is not where the directory says");
        }

        var start = member.HeaderOffset + LocalHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (member.CompressedBytes < 0 || member.Bytes < 0 || start > _source.Bytes - member.CompressedBytes)
        {
            throw new InvalidDataException("it ends outside of the file");
        }

        var slice = new FileSliceStream(_file, start, member.CompressedBytes);
        switch (member.Method)
        {
            case Stored:
                return new MemberStream(slice, member, this);
            case Deflate:
                return new MemberStream(new DeflateStream(slice, CompressionMode.Decompress), member, this);
            case Zstandard:
                ZstandardStream.Require(_source, "write it again with deflate (inspect log convert)");
                return new MemberStream(new ZstandardStream(slice), member, this);
            default:
                throw new InvalidDataException($"it is compressed with method {member.Method}, which no Inspect log uses");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Count(int bytes)
    {
        _unfolded += bytes;
        _guard.Check(_unfolded, _source.Bytes);
    }

    /// <summary>A piece of a file, whatever else reads it.</summary>
    private sealed class FileSliceStream(PatientFile file, long start, long length) : ReadOnlyStream
    {
        private long _read;

        public override int Read(Span<byte> buffer)
        {
            var wanted = (int)Math.Min(buffer.Length, length - _read);
            var count = wanted <= 0 ? 0 : file.Read(buffer[..wanted], start + _read);
            _read += count;
            return count;
        }
    }

    /// <summary>A decompressed member that is as long as it should be, with the checksum that it should have.</summary>
    private sealed class MemberStream(Stream text, ZipMember member, ZipArchiveFile archive) : ReadOnlyStream
    {
        private long _read;
        private uint _checksum;

        public override int Read(Span<byte> buffer)
        {
            var count = text.Read(buffer);
            archive.Count(count);
            _read += count;
            _checksum = Crc32.Append(_checksum, buffer[..count]);
            if (_read > member.Bytes || (count == 0 && !buffer.IsEmpty && (_read != member.Bytes || _checksum != member.Checksum)))
            {
                throw new InvalidDataException("its bytes are not those that its checksum was made of");
            }

            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                text.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
