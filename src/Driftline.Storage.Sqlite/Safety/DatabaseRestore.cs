using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Sqlite.Safety;

/// <summary>Puts a backup in the place of a database that nobody has open. The replaced one stays beside it.</summary>
public static class DatabaseRestore
{
    /// <summary>Restores a backup.</summary>
    /// <param name="folder">The data folder; nobody serves it.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="now">The time that names the replaced database.</param>
    /// <param name="wait">How long to wait for another process that writes.</param>
    /// <param name="cancellationToken">Ends it early; the database stays as it is.</param>
    /// <returns>Where the replaced database lies now; null when there was none.</returns>
    /// <exception cref="StorageException">The backup is damaged, no Driftline database or a newer one's, or the folder cannot be written.</exception>
    public static async Task<string?> RunAsync(string folder, string backup, DateTime now, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!File.Exists(backup))
        {
            throw new StorageException(StorageProblem.NotWritable, $"{backup} does not exist; check the path.");
        }

        Directory.CreateDirectory(folder);
        using var writer = await WriterLock.AcquireAsync(folder, wait, cancellationToken);
        var path = Path.Combine(folder, SqliteFile.Name);
        var arriving = path + ".restoring";
        try
        {
            // The copy is verified, not the backup: it is in the right journal mode, and the backup may lie where nothing can be written.
            await CopyAsync(backup, arriving, cancellationToken);
            await VerifyAsync(arriving, backup, cancellationToken);
            var replaced = MoveAway(path, now);
            File.Move(arriving, path);
            return replaced;
        }
        finally
        {
            foreach (var suffix in new[] { "", "-wal", "-shm", "-journal" })
            {
                File.Delete(arriving + suffix);
            }
        }
    }

    private static async Task CopyAsync(string backup, string arriving, CancellationToken cancellationToken)
    {
        // A backup is one file. A database that was copied by hand has what it wrote last in a second one.
        foreach (var suffix in new[] { "", "-wal" })
        {
            if (File.Exists(backup + suffix))
            {
                await using var from = new FileStream(backup + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                await using var to = new FileStream(arriving + suffix, FileMode.Create, FileAccess.Write);
                await from.CopyToAsync(to, cancellationToken);
                to.Flush(flushToDisk: true);
            }
        }
    }

    private static async Task VerifyAsync(string arriving, string backup, CancellationToken cancellationToken)
    {
        try
        {
            var contexts = new SqliteContextFactory(arriving);
            try
            {
                using (var connection = SqliteFile.Open(contexts.ConnectionString))
                {
                    connection.Execute("PRAGMA journal_mode=WAL");
                    if (!Schema.IsOurs(connection))
                    {
                        throw new StorageException(StorageProblem.Damaged, $"{backup} is no backup of a Driftline database.");
                    }

                    if (!Schema.IsCurrent(connection, backup))
                    {
                        // An older one is migrated when it is opened; until then only its structure can be looked at.
                        var structure = connection.ReadText("PRAGMA integrity_check(1)");
                        if (structure != "ok")
                        {
                            throw new StorageException(StorageProblem.Damaged, $"{backup} is damaged ({structure}); take another backup. Nothing was changed.");
                        }

                        return;
                    }
                }

                var report = await new DatabaseVerification(contexts).RunAsync(cancellationToken);
                if (!report.IsSound)
                {
                    throw new StorageException(
                        StorageProblem.Damaged,
                        string.Create(CultureInfo.InvariantCulture, $"{backup} is damaged ({report.Faults[0]}{(report.FaultCount > 1 ? $", and {report.FaultCount - 1} more" : "")}); take another backup. Nothing was changed."));
                }
            }
            finally
            {
                contexts.ClearPool();
                using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = arriving, Pooling = false }.ToString());
                connection.Open();
                connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }
        catch (Exception e) when (SqliteFile.Cause(e) is { } cause)
        {
            throw SqliteFile.Explain(cause, backup);
        }
    }

    private static string? MoveAway(string path, DateTime now)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"driftline-replaced-{now:yyyyMMdd-HHmmss}");
        var replaced = Path.Combine(Path.GetDirectoryName(path)!, name + ".db");
        for (var i = 2; File.Exists(replaced); i++)
        {
            replaced = Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $"{name}-{i}.db"));
        }

        // What it wrote last may lie in the second file, which must keep its company.
        if (File.Exists(path + "-wal"))
        {
            File.Move(path + "-wal", replaced + "-wal");
        }

        File.Delete(path + "-shm");
        File.Move(path, replaced);
        return replaced;
    }
}
