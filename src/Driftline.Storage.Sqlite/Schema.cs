using System.Reflection;
using Driftline.Storage.Sqlite.Safety;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Driftline.Storage.Sqlite;

/// <summary>Which migrations a database has had, and those that it lacks. Asked without EF Core, whose start costs a second.</summary>
internal static class Schema
{
    /// <summary>The migrations of this program, oldest first.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. typeof(Schema).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()
            .Order(StringComparer.Ordinal)];

    /// <summary>Whether the database is as this program needs it.</summary>
    /// <exception cref="StorageException">A newer program wrote it.</exception>
    public static bool IsCurrent(SqliteConnection connection, string path)
    {
        var applied = Applied(connection);
        var unknown = applied.Except(Known, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw new StorageException(
                StorageProblem.Newer,
                $"{path} was written by a newer Driftline (it has {unknown}, which this one does not know): use that version, or another data folder.");
        }

        return applied.Count == Known.Count;
    }

    /// <summary>Whether a Driftline of any version made the database.</summary>
    public static bool IsOurs(SqliteConnection connection) => Applied(connection).Contains(Known[0]);

    /// <summary>
    /// Brings the database up to date, after a backup of one that holds something already; the caller holds the writer lock.
    /// </summary>
    public static async Task MigrateAsync(SqliteContextFactory contexts, string path, CancellationToken cancellationToken)
    {
        var missing = "";
        using (var connection = SqliteFile.Open(contexts.ConnectionString))
        {
            var applied = Applied(connection);
            missing = applied.Count == 0 ? "" : Known.First(migration => !applied.Contains(migration));
        }

        if (missing.Length > 0)
        {
            await DatabaseCopy.WriteAsync(contexts.ConnectionString, Path.Combine(Path.GetDirectoryName(path)!, $"driftline-before-{missing}.db"), cancellationToken);
        }

        await using (var connection = SqliteFile.Open(contexts.ConnectionString))
        {
            // The first must come before the first page, the second stays with the file.
            connection.Execute("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;");
            if (Exists(connection, "__EFMigrationsLock"))
            {
                // Left by a process that died while it migrated; EF Core would wait for it for ever. We hold the writer lock, so no other migrates now.
                connection.Execute("DELETE FROM __EFMigrationsLock");
            }
        }

        await using var context = contexts.CreateDbContext();
        await context.Database.MigrateAsync(cancellationToken);
    }

    private static HashSet<string> Applied(SqliteConnection connection)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        if (Exists(connection, "__EFMigrationsHistory"))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                applied.Add(reader.GetString(0));
            }
        }

        return applied;
    }

    private static bool Exists(SqliteConnection connection, string table) =>
        connection.ReadLong("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @name", ("@name", table)) is not null;
}
