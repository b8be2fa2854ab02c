using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Sqlite.Safety;

/// <summary>Copies a database as it is at one moment, while others read and write it.</summary>
internal static class DatabaseCopy
{
    /// <summary>Copies a database to a file, which appears when it is whole and takes the place of one that was there.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="path">The copy: one file that needs no other beside it, readable by its user only.</param>
    /// <param name="cancellationToken">Looked at before and after the copying, which is one step.</param>
    /// <exception cref="StorageException">The copy cannot be written.</exception>
    public static async Task WriteAsync(string connectionString, string path, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new StorageException(StorageProblem.NotWritable, $"{path} cannot be written: there is no folder {folder}.");
        }

        var draft = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (new FileStream(draft, options))
            {
            }

            await Task.Run(() => Copy(connectionString, draft), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await using (var written = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (SqliteFile.Cause(e) is { } cause)
        {
            throw SqliteFile.Explain(cause, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageProblem.NotWritable, $"{path} cannot be written ({e.Message}); choose another place for it.", e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Copy(string connectionString, string path)
    {
        using var from = SqliteFile.Open(connectionString);
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        to.Open();

        // One step: in several, every write in between would begin it anew.
        from.BackupDatabase(to);
        to.Execute("PRAGMA journal_mode=DELETE");
    }
}
