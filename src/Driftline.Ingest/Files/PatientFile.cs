using System.Buffers;

namespace Driftline.Ingest.Files;

/// <summary>
/// A file that is read in blocks, in a buffer of its own: a read that hangs is left behind with that buffer (see <see cref="PatientCall"/>).
/// Used by one thread at a time.
/// </summary>
internal sealed class PatientFile : IDisposable
{
    private const int LeastBlock = 64 << 10;
    private const int MostBlock = 1 << 20;

    private readonly string _path;
    private readonly FileStream _file;
    private byte[] _buffer = [];
    private long _start;
    private int _filled;
    private int _block = LeastBlock;
    private long _next;

    private PatientFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Opens a file; others may go on writing, as a training run does to its log.</summary>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public static PatientFile Open(string path) =>
        new(path, PatientCall.Run(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan)));

    /// <summary>Reads what is there at once.</summary>
    /// <returns>How many bytes, at least one; 0 at the end of the file.</returns>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public int Read(Span<byte> bytes, long offset)
    {
        if (offset < _start || offset >= _start + _filled)
        {
            Fill(bytes.Length, offset);
        }

        var at = (int)(offset - _start);
        var count = Math.Min(bytes.Length, _filled - at);
        _buffer.AsSpan(at, count).CopyTo(bytes);
        return count;
    }

    /// <summary>Reads until the bytes are full.</summary>
    /// <returns>How many were read; fewer only at the end of the file.</returns>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public int ReadAll(Span<byte> bytes, long offset)
    {
        var read = 0;
        while (read < bytes.Length && Read(bytes[read..], offset + read) is > 0 and var count)
        {
            read += count;
        }

        return read;
    }

    public void Dispose()
    {
        Return(_buffer);
        _buffer = [];
        _filled = 0;

        // While a call that was left behind uses it, it is closed only when that comes back.
        _file.Dispose();
    }

    private void Fill(int wanted, long offset)
    {
        // Whoever reads on and on is given larger blocks.
        _block = offset == _start + _filled && _filled > 0 ? Math.Min(_block * 2, MostBlock) : LeastBlock;
        wanted = Math.Clamp(wanted, _block, MostBlock);
        var buffer = _buffer;
        (_buffer, _start, _filled) = ([], offset, 0);
        if (buffer.Length < wanted)
        {
            Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(wanted);
        }

        if (offset != _next)
        {
            _file.Position = offset;
        }

        _filled = PatientCall.Run(_path, () => _file.Read(buffer, 0, wanted));
        _next = offset + _filled;

        // Not where the call was left behind: it may write into the buffer still.
        _buffer = buffer;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
