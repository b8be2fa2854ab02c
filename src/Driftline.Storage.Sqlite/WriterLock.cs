using System.Diagnostics;

namespace Driftline.Storage.Sqlite;

/// <summary>
/// The right to write to a data folder, which one process has at a time: the file <c>writer.lock</c>, held open for nobody else.
/// The operating system lets go of it when the process ends, however it ends. Readers need none.
/// </summary>
public sealed class WriterLock : IDisposable
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "writer.lock";

    // A lock of a file tells nobody when it is free: it is tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Takes the right to write if nobody has it; null when another process has.</summary>
    /// <exception cref="StorageException">The folder cannot be written.</exception>
    public static WriterLock? TryAcquire(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new WriterLock(new FileStream(path, options));
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(folder, e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw NotWritable(folder, e);
        }
        catch (IOException e) when (File.Exists(path) && !IsReadOnly(e))
        {
            return null;
        }
        catch (IOException e)
        {
            throw NotWritable(folder, e);
        }
    }

    /// <summary>Takes the right to write, waiting for it.</summary>
    /// <exception cref="StorageException">Another process still has it after the wait, or the folder cannot be written.</exception>
    public static async Task<WriterLock> AcquireAsync(string folder, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryAcquire(folder) is { } acquired)
            {
                return acquired;
            }

            if (Stopwatch.GetElapsedTime(started) >= wait)
            {
                throw new StorageException(
                    StorageProblem.Busy,
                    $"Another Driftline (a server, or an import) writes to {folder}: wait until it is done or stop it, then try again, or choose another data folder.");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static bool IsReadOnly(IOException error) => error.Message.Contains("Read-only", StringComparison.OrdinalIgnoreCase);

    private static StorageException NotWritable(string folder, Exception error) =>
        new(StorageProblem.NotWritable, $"The data folder {folder} cannot be written; allow writing to it or choose another one.", error);
}
