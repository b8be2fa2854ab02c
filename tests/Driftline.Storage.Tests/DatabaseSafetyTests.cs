using Driftline.Core.Measures;
using Driftline.Core.Records;
using Driftline.Storage.Sqlite;
using Driftline.Storage.Sqlite.Safety;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Driftline.Storage.Tests;

public sealed class DatabaseSafetyTests
{
    private static readonly DateTime Now = new(2026, 3, 2, 14, 5, 6, DateTimeKind.Utc);

    [Fact]
    public async Task A_whole_database_verifies_with_what_was_looked_at()
    {
        await using var test = await FilledAsync();

        var report = await test.Database.VerifyAsync();

        Assert.True(report.IsSound, string.Join('\n', report.Faults));
        Assert.Equal((2, 80, 1), (report.Checked["evaluations"], report.Checked["samples"], report.Checked["lineages"]));
    }

    [Theory]
    [InlineData("UPDATE word_blocks SET (rows, body) = (SELECT rows, body FROM word_blocks WHERE part_id = 3) WHERE part_id = 1", "text of row 3")]
    [InlineData("UPDATE word_blocks SET (rows, body) = (SELECT rows, body FROM word_blocks WHERE part_id = 2) WHERE part_id = 1", "30 texts of 50")]
    [InlineData("UPDATE word_blocks SET body = substr(body, 1, length(body) / 2) WHERE part_id = 1", "cannot be unpacked")]
    [InlineData("UPDATE word_blocks SET rows = 5000 WHERE part_id = 1", "cannot be unpacked")]
    [InlineData("UPDATE word_blocks SET rows = 2 WHERE part_id = 1", "cannot be unpacked")]
    [InlineData("DELETE FROM word_blocks WHERE part_id = 1", "0 texts of 50")]
    [InlineData("UPDATE part_columns SET body = substr(body, 1, length(body) - 3) WHERE part_id = 1 AND kind = 5", "cannot be read")]
    [InlineData("UPDATE part_columns SET body = zeroblob(length(body)) WHERE part_id = 1 AND kind = 5", "other values than were imported")]
    [InlineData("DELETE FROM part_columns WHERE part_id = 1 AND kind = 4", "other values than were imported")]
    [InlineData("UPDATE evaluations SET samples = 7 WHERE id = 1", "but says 7")]
    [InlineData("DELETE FROM prompts WHERE id = 5", "cannot be read")]
    [InlineData("PRAGMA foreign_keys=OFF; DELETE FROM suites", "refers to a row of suites")]
    public async Task What_is_damaged_is_named(string damage, string part)
    {
        await using var test = await FilledAsync();
        Execute(test.Path, damage);

        var report = await test.Database.VerifyAsync();

        Assert.False(report.IsSound);
        Assert.Contains(report.Faults, fault => fault.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_while_an_import_writes_holds_what_is_published_and_nothing_else()
    {
        await using var test = await FilledAsync();
        await using var session = await test.Database.Imports.BeginAsync(TestDatabase.Start("more"), default);
        await session.WriteAsync(Logs.Prompts(Logs.Run(2), 0, 70_000), default);
        var folder = TestDatabase.NewFolder();

        await test.Database.BackUpAsync(Path.Combine(folder, "driftline.db"));

        Assert.Equal(["driftline.db"], Directory.GetFiles(folder).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "driftline.db")));
        }

        await using var copy = await TestDatabase.OpenAsync(folder);
        Assert.Equal(2, (await copy.Database.Lineages.EvaluationsAsync(1, default)).Count);
        Assert.True((await copy.Database.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_backup_onto_the_database_itself_or_nowhere_is_refused()
    {
        await using var test = await FilledAsync();

        await Assert.ThrowsAsync<StorageException>(() => test.Database.BackUpAsync(test.Path));
        var missing = await Assert.ThrowsAsync<StorageException>(() => test.Database.BackUpAsync(Path.Combine(test.Folder, "no", "such", "folder.db")));

        Assert.Contains("folder.db", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_restored_and_what_it_replaced_is_kept()
    {
        var folder = TestDatabase.NewFolder();
        var backup = Path.Combine(TestDatabase.NewFolder(), "monday.db");
        await using (var test = await FilledAsync(folder))
        {
            await test.Database.BackUpAsync(backup);
            await test.ImportAsync("later", Logs.Prompts(Logs.Run(5), 0, 3));
            test.Database.Dispose();

            var replaced = await DatabaseRestore.RunAsync(folder, backup, Now, TimeSpan.Zero, default);

            Assert.Equal(Path.Combine(folder, "driftline-replaced-20260302-140506.db"), replaced);
            using (var restored = await DriftlineDatabase.OpenAsync(folder))
            {
                Assert.Equal(2, (await restored.Lineages.EvaluationsAsync(1, default)).Count);
                Assert.True((await restored.VerifyAsync()).IsSound);
            }

            Assert.Equal(3L, Scalar(replaced!, "SELECT count(*) FROM evaluations"));
            Assert.Equal("wal", Scalar(test.Path, "PRAGMA journal_mode"));
        }
    }

    [Theory]
    [InlineData("UPDATE evaluations SET samples = 7", "damaged")]
    [InlineData("DROP TABLE __EFMigrationsHistory", "no backup of a Driftline database")]
    [InlineData("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')", "newer Driftline")]
    public async Task A_backup_that_cannot_be_used_changes_nothing(string damage, string part)
    {
        var folder = TestDatabase.NewFolder();
        var backup = Path.Combine(TestDatabase.NewFolder(), "monday.db");
        await using var test = await FilledAsync(folder);
        await test.Database.BackUpAsync(backup);
        Execute(backup, damage);
        test.Database.Dispose();
        var before = Directory.GetFiles(folder).Order();

        var refused = await Assert.ThrowsAsync<StorageException>(() => DatabaseRestore.RunAsync(folder, backup, Now, TimeSpan.Zero, default));

        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.Contains("monday.db", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder).Order());
        Assert.Equal(2L, Scalar(test.Path, "SELECT count(*) FROM evaluations"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_not_restored()
    {
        var folder = TestDatabase.NewFolder();
        var file = Path.Combine(folder, "notes.txt");
        await File.WriteAllTextAsync(file, new string('x', 5000));

        var refused = await Assert.ThrowsAsync<StorageException>(() => DatabaseRestore.RunAsync(folder, file, Now, TimeSpan.Zero, default));

        Assert.Contains("notes.txt", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "driftline.db")));
    }

    [Fact]
    public async Task An_older_database_is_backed_up_before_it_is_migrated()
    {
        var folder = TestDatabase.NewFolder();
        var path = Path.Combine(folder, "driftline.db");
        string first, second;
        await using (var older = new DriftlineContext(new DbContextOptionsBuilder<DriftlineContext>()
            .UseSqlite($"Data Source={path};Pooling=False", sqlite => sqlite.MigrationsAssembly(typeof(DriftlineDatabase).Assembly)).Options))
        {
            var migrations = older.Database.GetMigrations().ToArray();
            (first, second) = (migrations[0], migrations[1]);
            await older.GetService<IMigrator>().MigrateAsync(first);
        }

        using (await DriftlineDatabase.OpenAsync(folder))
        {
        }

        var backup = Path.Combine(folder, $"driftline-before-{second}.db");
        Assert.Equal(first, Scalar(backup, "SELECT max(MigrationId) FROM __EFMigrationsHistory"));
        Assert.NotEqual(first, Scalar(path, "SELECT max(MigrationId) FROM __EFMigrationsHistory"));
    }

    [Fact]
    public async Task A_database_of_the_version_before_imports_knew_their_nodes_keeps_its_contents_and_learns_them()
    {
        var folder = TestDatabase.NewFolder();
        using (var database = await DriftlineDatabase.OpenAsync(folder))
        {
            await using var session = await database.Imports.BeginAsync(TestDatabase.Start("0"), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(0), 0, 5), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(1), 0, 5), default);
            await session.PublishAsync(TestDatabase.Outcome(10), default);
        }

        await OlderDatabase.MakeAsync(folder, "20261122001136_Alerts");

        await using var test = await TestDatabase.OpenAsync(folder);

        Assert.Equal(2, test.Scalar("SELECT count(*) FROM import_nodes n JOIN imports i ON i.id = n.import_id WHERE i.source = '0'"));
        Assert.Equal(10, (await test.Database.Lineages.EvaluationsAsync(null, default)).Sum(evaluation => evaluation.Samples));
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task A_database_of_the_version_before_horizons_kept_their_curves_keeps_its_measurements()
    {
        var folder = TestDatabase.NewFolder();
        using (var database = await DriftlineDatabase.OpenAsync(folder))
        {
            await using var session = await database.Imports.BeginAsync(TestDatabase.Start("0"), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(0), 0, 5), default);
            await session.PublishAsync(TestDatabase.Outcome(5), default);
            var node = (await database.Lineages.NodesAsync(1, default))[0];
            var suite = Assert.Single(await database.Lineages.SuitesAsync(1, default));
            var run = new MeasureRun(new MeasureRunKey(node.Id, suite.Id, "horizon", Baseline.None), "hash", 1, null, [new SlicedEstimate("tau=0.5", new Estimate { Value = 3.5, N = 50 })]);
            await database.Measurements.SaveAsync(1, [run], default);
        }

        await OlderDatabase.MakeAsync(folder, "20261122031341_ImportNodes");

        Assert.DoesNotContain("curve", (string)Scalar(Path.Combine(folder, "driftline.db"), "SELECT sql FROM sqlite_master WHERE name = 'measurements'")!, StringComparison.Ordinal);
        await using var test = await TestDatabase.OpenAsync(folder);

        var point = Assert.Single(await test.Database.Measurements.PointsAsync(1, "horizon", Assert.Single(await test.Database.Lineages.SuitesAsync(1, default)).Definition.Name, "tau=0.5", Baseline.None, default));
        Assert.Equal(3.5, point.Estimate.Value);
        Assert.Null(point.Estimate.Curve);
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task A_database_of_the_version_before_imports_kept_names_of_models_keeps_its_contents_and_takes_a_new_name_back()
    {
        var folder = TestDatabase.NewFolder();
        using (var database = await DriftlineDatabase.OpenAsync(folder))
        {
            await using var session = await database.Imports.BeginAsync(TestDatabase.Start("0"), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(0, model: "before"), 0, 5), default);
            await session.PublishAsync(TestDatabase.Outcome(5), default);
        }

        await OlderDatabase.MakeAsync(folder, "20261122092320_WordBlocks");

        await using var test = await TestDatabase.OpenAsync(folder);
        var other = await test.ImportAsync("other", Logs.Prompts(Logs.Run(0, suite: "other", model: "after"), 0, 5));
        Assert.Equal("after", Assert.Single(await test.Database.Lineages.NodesAsync(1, default)).Model);
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = other.Id }, default);

        Assert.Equal("before", Assert.Single(await test.Database.Lineages.NodesAsync(1, default)).Model);
        Assert.Equal(5, (await test.Database.Lineages.EvaluationsAsync(null, default)).Single().Samples);
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task A_database_of_the_version_before_replaced_metrics_were_kept_keeps_its_contents()
    {
        var folder = TestDatabase.NewFolder();
        using (var database = await DriftlineDatabase.OpenAsync(folder))
        {
            await using var session = await database.Imports.BeginAsync(TestDatabase.Start("0"), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(0), 0, 5), default);
            await session.WriteAsync(new MetricRecord { Run = Logs.Run(0), Metric = "loss", Value = 2 }, default);
            await session.PublishAsync(TestDatabase.Outcome(6), default);
        }

        await OlderDatabase.MakeAsync(folder, "20261122061059_MeasurementCurves");

        await using var test = await TestDatabase.OpenAsync(folder);
        var again = await test.ImportAsync("again", new MetricRecord { Run = Logs.Run(0), Metric = "loss", Value = 3 });
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = again.Id }, default);

        var kept = (await test.Database.Lineages.EvaluationsAsync(null, default)).Single();
        Assert.Equal((5L, 2d), (kept.Samples, kept.Reported["loss"].Value));
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }

    private static async Task<TestDatabase> FilledAsync(string? folder = null)
    {
        var test = await TestDatabase.OpenAsync(folder);
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(0), 0, 50));
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(1), 0, 30, output: "said"));
        await test.ImportAsync("1 again", Logs.Prompts(Logs.Run(1), 10, 10, output: "corrected"));
        return test;
    }

    private static void Execute(string path, string sql) => Scalar(path, sql);

    private static object? Scalar(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
