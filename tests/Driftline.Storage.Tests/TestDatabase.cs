using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Storage.Sqlite;

namespace Driftline.Storage.Tests;

/// <summary>A database in a folder of its own, which goes with it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string folder, DriftlineDatabase database)
    {
        Folder = folder;
        Database = database;
    }

    public string Folder { get; }

    public string Path => System.IO.Path.Combine(Folder, "driftline.db");

    public DriftlineDatabase Database { get; }

    public static string NewFolder() => Directory.CreateTempSubdirectory("driftline-storage-").FullName;

    public static async Task<TestDatabase> OpenAsync(string? folder = null)
    {
        folder ??= NewFolder();
        return new TestDatabase(folder, await DriftlineDatabase.OpenAsync(folder, TimeSpan.FromSeconds(5)));
    }

    public static ImportStart Start(string source = "log.jsonl", string? key = null) =>
        new() { Source = source, Format = "native", ContentKey = key ?? source, Bytes = 100 };

    public static ImportOutcome Outcome(long rows = 1) =>
        new() { RowsRead = rows, RowsRejected = 0, Errors = [], BytesConsumed = 0, LinesConsumed = 0, Seconds = 0.5 };

    public async Task<PublishedImport> ImportAsync(string source, params object[] records)
    {
        await using var session = await Database.Imports.BeginAsync(Start(source), default);
        foreach (var record in records)
        {
            await WriteAsync(session, record);
        }

        return await session.PublishAsync(Outcome(records.Length), default);
    }

    public static ValueTask WriteAsync(IImportSession session, object record) => record switch
    {
        SampleBatch batch => session.WriteAsync(batch, default),
        MetricRecord metric => session.WriteAsync(metric, default),
        GenerationRecord generation => session.WriteAsync(generation, default),
        RunEndRecord end => session.WriteAsync(end, default),
        _ => throw new ArgumentException("No record.", nameof(record)),
    };

    /// <summary>Counts rows with a connection of its own, invisible ones too.</summary>
    public long Count(string table) => Scalar($"SELECT count(*) FROM {table}");

    public long Scalar(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        Database.Dispose();
        await Task.Yield();
        Directory.Delete(Folder, recursive: true);
    }
}
