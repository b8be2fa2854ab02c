using Driftline.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Storage.Tests;

public sealed class DriftlineDatabaseTests
{
    [Fact]
    public async Task OpenAsync_NoFolder_MakesADatabaseWithItsSettings()
    {
        var folder = Path.Combine(TestDatabase.NewFolder(), "deep", "down");
        using var database = await DriftlineDatabase.OpenAsync(folder);

        Assert.Empty(await database.Lineages.LineagesAsync(default));
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "driftline.db")};Pooling=False");
        connection.Open();
        Assert.Equal(2L, Scalar(connection, "PRAGMA auto_vacuum"));
        Assert.Equal("wal", Scalar(connection, "PRAGMA journal_mode"));
        Assert.Contains("WITHOUT ROWID", (string)Scalar(connection, "SELECT sql FROM sqlite_master WHERE name = 'samples'"), StringComparison.Ordinal);
        Assert.Equal("ok", Scalar(connection, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task OpenAsync_AllMigrationsThere_NeedsNoWriterAndChangesNothing()
    {
        await using var test = await TestDatabase.OpenAsync();
        using var held = await test.Database.HoldWriterLockAsync(TimeSpan.Zero);
        var before = test.Scalar("PRAGMA schema_version");

        using var second = await DriftlineDatabase.OpenAsync(test.Folder, TimeSpan.Zero);

        Assert.Equal(before, test.Scalar("PRAGMA schema_version"));
        Assert.Empty(await second.Lineages.LineagesAsync(default));
    }

    [Fact]
    public async Task OpenAsync_AMigrationIsMissing_AppliesIt()
    {
        await using var test = await TestDatabase.OpenAsync();
        var folder = TestDatabase.NewFolder();
        using (var empty = new SqliteConnection($"Data Source={Path.Combine(folder, "driftline.db")};Pooling=False"))
        {
            // a file that was made but whose first migration never ran, with the lock that EF Core left behind
            empty.Open();
            Execute(empty, "CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01');");
        }

        await using var migrated = await TestDatabase.OpenAsync(folder);

        Assert.Equal(test.Count("__EFMigrationsHistory"), migrated.Count("__EFMigrationsHistory"));
        Assert.Empty(await migrated.Database.Imports.ListAsync(0, 1, default));
    }

    [Fact]
    public async Task OpenAsync_ADatabaseOfANewerVersion_IsRefusedInOneLine()
    {
        await using var test = await TestDatabase.OpenAsync();
        using (var connection = new SqliteConnection($"Data Source={test.Path};Pooling=False"))
        {
            connection.Open();
            Execute(connection, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')");
        }

        var error = await Assert.ThrowsAsync<StorageException>(() => DriftlineDatabase.OpenAsync(test.Folder));

        Assert.Equal(StorageProblem.Newer, error.Problem);
        Assert.Contains("29990101000000_FromTheFuture", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task OpenAsync_NoDatabaseAtAll_SaysThatItIsDamaged()
    {
        var folder = TestDatabase.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "driftline.db"), new string('x', 5000));

        var error = await Assert.ThrowsAsync<StorageException>(() => DriftlineDatabase.OpenAsync(folder));

        Assert.Equal(StorageProblem.Damaged, error.Problem);
    }

    [Fact]
    public async Task OpenAsync_TheFolderIsAFile_SaysThatItCannotBeMade()
    {
        var path = Path.Combine(TestDatabase.NewFolder(), "taken");
        await File.WriteAllTextAsync(path, "");

        var error = await Assert.ThrowsAsync<StorageException>(() => DriftlineDatabase.OpenAsync(path));

        Assert.Equal(StorageProblem.NotWritable, error.Problem);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BeginAsync_AnotherProcessWrites_WaitsAndThenSaysWhatToDo()
    {
        await using var test = await TestDatabase.OpenAsync();
        using var other = await DriftlineDatabase.OpenAsync(test.Folder, TimeSpan.FromMilliseconds(100));
        using (await test.Database.HoldWriterLockAsync(TimeSpan.Zero))
        {
            var error = await Assert.ThrowsAsync<StorageException>(() => other.Imports.BeginAsync(TestDatabase.Start(), default));
            Assert.Equal(StorageProblem.Busy, error.Problem);
            Assert.Contains("stop it", error.Message, StringComparison.Ordinal);
        }

        await using var session = await other.Imports.BeginAsync(TestDatabase.Start(), default);
        Assert.Null(WriterLock.TryAcquire(test.Folder));
    }

    [Fact]
    public async Task WriterLock_IsLetGoWithItsHolder()
    {
        var folder = TestDatabase.NewFolder();
        using (await WriterLock.AcquireAsync(folder, TimeSpan.Zero, default))
        {
            await Assert.ThrowsAsync<StorageException>(() => WriterLock.AcquireAsync(folder, TimeSpan.Zero, default));
        }

        using var again = WriterLock.TryAcquire(folder);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task OpenAsync_WhileAnotherImports_LeavesItsRowsAlone()
    {
        await using var test = await TestDatabase.OpenAsync();
        await using var session = await test.Database.Imports.BeginAsync(TestDatabase.Start(), default);
        await session.WriteAsync(Logs.Prompts(Logs.Run(), 0, 10), default);

        using var reader = await DriftlineDatabase.OpenAsync(test.Folder, TimeSpan.Zero);
        var published = await session.PublishAsync(TestDatabase.Outcome(10), default);

        Assert.Equal(10, published.RowsWritten);
        Assert.Equal(10, Assert.Single(await reader.Lineages.LineagesAsync(default)).Samples);
    }

    [Fact]
    public async Task AddDriftlineSqlite_GivesTheSameStoresToAll()
    {
        var folder = TestDatabase.NewFolder();
        await using var services = new ServiceCollection().AddDriftlineSqlite(folder).BuildServiceProvider();

        var database = services.GetRequiredService<DriftlineDatabase>();
        Assert.Same(database.Lineages, services.GetRequiredService<LineageQueries>());
        Assert.Same(database.Imports, services.GetRequiredService<ImportStore>());
        Assert.Same(database.Measurements, services.GetRequiredService<MeasurementStore>());
        await using var context = await services.GetRequiredService<IDbContextFactory<DriftlineContext>>().CreateDbContextAsync();
        Assert.False(context.Database.HasPendingModelChanges());
    }

    private static object Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
