using Microsoft.Win32.SafeHandles;

namespace Driftline.Storage.Queries;

/// <summary>
/// A file of the data folder for what is needed only while the program runs and is too much for memory. Nothing of it is left, however
/// the program ends: it has no name there any more, or Windows deletes it with its last handle.
/// </summary>
internal sealed class ScratchFile
{
    private readonly SafeFileHandle _handle;
    private long _length;

    /// <summary>Creates one.</summary>
    /// <param name="folder">The folder that it lies in; it exists.</param>
    /// <exception cref="IOException">It cannot be created there.</exception>
    public ScratchFile(string folder)
    {
        var path = Path.Combine(folder, $"scratch-{Guid.NewGuid():N}.tmp");
        _handle = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.RandomAccess | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None));
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }
    }

    /// <summary>Adds bytes at the end; by one thread at a time.</summary>
    /// <returns>Where they begin.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        var start = _length;
        RandomAccess.Write(_handle, bytes, start);
        _length += bytes.Length;
        return start;
    }

    /// <summary>Reads bytes that were added; by any thread.</summary>
    /// <param name="start">Where they begin.</param>
    /// <param name="bytes">Is filled with them.</param>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public void Read(long start, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, bytes, start);
            if (read == 0)
            {
                throw new EndOfStreamException($"A scratch file ends at byte {start}.");
            }

            bytes = bytes[read..];
            start += read;
        }
    }
}
