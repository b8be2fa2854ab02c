using Driftline.Storage.Sqlite.Bulk;
using Driftline.Storage.Sqlite.Safety;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Sqlite;

/// <summary>An open database in a data folder, with all that reads and writes it. One for a folder and process; thread-safe.</summary>
public sealed class DriftlineDatabase : IDisposable
{
    /// <summary>How long a writer waits for another process by default.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    private readonly SqliteContextFactory _contexts;
    private readonly WriteGate _gate;
    private readonly SqliteBulkImports _bulk;
    private readonly ChangeStamp _changes;

    private DriftlineDatabase(string folder, SqliteContextFactory contexts, TimeSpan wait)
    {
        Folder = folder;
        _contexts = contexts;
        _gate = new WriteGate(folder, wait, Sweep);
        var path = System.IO.Path.Combine(folder, SqliteFile.Name);
        _bulk = new SqliteBulkImports(contexts, _gate, path);
        _changes = new ChangeStamp(path);
        Lineages = new LineageQueries(contexts);
        Imports = new ImportStore(contexts, _bulk, _gate);
        Evaluations = new EvaluationReader(contexts, folder);
        Scores = new ScoreReader(contexts);
        Samples = new SampleQueries(contexts);
        Usage = new UsageStore(contexts, _gate);
        Measurements = new MeasurementStore(contexts, _gate);
        Suites = new SuiteStore(contexts, _gate);
        Embedders = new EmbedderStore(contexts, _gate);
        Alerts = new AlertStore(contexts, _gate);
        EmbeddingVectors = new EmbeddingVectorStore(contexts, _gate);
        Retention = new RetentionStore(contexts, _gate, Shrink);
        Settings = new SettingsStore(contexts, _gate);
        Corrections = new CorrectionStore(contexts, _gate, _bulk, Size, Samples.Forget);
    }

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>Lists of lineages, nodes, suites and evaluations.</summary>
    public LineageQueries Lineages { get; }

    /// <summary>What came in, and how new things come in.</summary>
    public ImportStore Imports { get; }

    /// <summary>Reads evaluations for measures.</summary>
    public EvaluationReader Evaluations { get; }

    /// <summary>Reads only the scores of many evaluations, for measures over chains of generations.</summary>
    public ScoreReader Scores { get; }

    /// <summary>Reads single samples: prompts, answers, scores.</summary>
    public SampleQueries Samples { get; }

    /// <summary>What models used.</summary>
    public UsageStore Usage { get; }

    /// <summary>Measurements.</summary>
    public MeasurementStore Measurements { get; }

    /// <summary>Definitions of suites that a person sets.</summary>
    public SuiteStore Suites { get; }

    /// <summary>Removes what nothing shows any more.</summary>
    public RetentionStore Retention { get; }

    /// <summary>What embedding endpoints gave.</summary>
    public EmbeddingVectorStore EmbeddingVectors { get; }

    /// <summary>Fitted embedders.</summary>
    public EmbedderStore Embedders { get; }

    /// <summary>What people set, for the installation and for a lineage.</summary>
    public SettingsStore Settings { get; }

    /// <summary>Moves and removes what is stored.</summary>
    public CorrectionStore Corrections { get; }

    /// <summary>Alert rules and what followed from them.</summary>
    public AlertStore Alerts { get; }

    /// <summary>
    /// Another number than before when anything in the database has changed since, whoever changed it. It costs next to nothing: what was
    /// read of the database may be kept while it stays. Ask before reading.
    /// </summary>
    public long Stamp => _changes.Read();

    /// <summary>Contexts for queries of one's own.</summary>
    public IDbContextFactory<DriftlineContext> Contexts => _contexts;

    /// <summary>Opens the database of a data folder; makes it if there is none, and migrates it only if it lacks a migration.</summary>
    /// <exception cref="StorageException">The folder cannot be written, the file is damaged or of a newer Driftline, or another process keeps it.</exception>
    public static Task<DriftlineDatabase> OpenAsync(string folder, CancellationToken cancellationToken = default) =>
        OpenAsync(folder, DefaultWait, cancellationToken);

    /// <summary>Opens the database of a data folder, with the time that its writers wait for another process.</summary>
    /// <exception cref="StorageException">The folder cannot be written, the file is damaged or of a newer Driftline, or another process keeps it.</exception>
    public static async Task<DriftlineDatabase> OpenAsync(string folder, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        folder = System.IO.Path.GetFullPath(folder);
        var path = System.IO.Path.Combine(folder, SqliteFile.Name);
        try
        {
            Directory.CreateDirectory(folder);
            var contexts = new SqliteContextFactory(path);
            if (!File.Exists(path) || !IsCurrent(contexts, path))
            {
                using var writer = await WriterLock.AcquireAsync(folder, wait, cancellationToken);
                if (!File.Exists(path) || !IsCurrent(contexts, path))
                {
                    await Schema.MigrateAsync(contexts, path, cancellationToken);
                }
            }

            var database = new DriftlineDatabase(folder, contexts, wait);
            await database._gate.TryAsOnlyWriterAsync(cancellationToken);
            return database;
        }
        catch (Exception e) when (SqliteFile.Cause(e) is { } cause)
        {
            throw SqliteFile.Explain(cause, path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StorageException(StorageProblem.NotWritable, $"The data folder {folder} cannot be made or written ({e.Message}); choose another one.", e);
        }
    }

    /// <summary>
    /// Keeps other processes from writing to the folder until the result is disposed. A server holds it while it runs; everything
    /// that writes takes it for as long as it needs by itself.
    /// </summary>
    /// <exception cref="StorageException">Another process still writes after the wait.</exception>
    public Task<IDisposable> HoldWriterLockAsync(TimeSpan wait, CancellationToken cancellationToken = default) => _gate.HoldAsync(wait, cancellationToken);

    /// <summary>Writes a consistent copy while the database is in use; one that is there already is replaced when the new one is whole.</summary>
    /// <param name="path">The copy: one file, readable by its user only.</param>
    /// <param name="cancellationToken">Ends it early and leaves nothing.</param>
    /// <exception cref="StorageException">The copy cannot be written.</exception>
    public Task BackUpAsync(string path, CancellationToken cancellationToken = default) =>
        System.IO.Path.GetFullPath(path) == System.IO.Path.Combine(Folder, SqliteFile.Name)
            ? throw new StorageException(StorageProblem.NotWritable, $"{path} is the database itself; give the copy another name.")
            : DatabaseCopy.WriteAsync(_contexts.ConnectionString, path, cancellationToken);

    /// <summary>Looks whether the database is whole: its structure, its references, and that it holds what was imported.</summary>
    public Task<VerifyReport> VerifyAsync(CancellationToken cancellationToken = default) => new DatabaseVerification(_contexts).RunAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _changes.Dispose();
        _bulk.Dispose();
        _gate.Dispose();
        _contexts.ClearPool();
    }

    private static bool IsCurrent(SqliteContextFactory contexts, string path)
    {
        using var connection = SqliteFile.Open(contexts.ConnectionString);
        return Schema.IsCurrent(connection, path);
    }

    private void Shrink()
    {
        using var connection = SqliteFile.Open(_contexts.ConnectionString);
        connection.Shrink();
    }

    /// <summary>Bytes of the database file, after giving free pages back where asked to.</summary>
    private long Size(bool shrink)
    {
        using var connection = SqliteFile.Open(_contexts.ConnectionString);
        if (shrink)
        {
            connection.Shrink();
        }

        return (connection.ReadLong("PRAGMA page_count") ?? 0) * (connection.ReadLong("PRAGMA page_size") ?? 0);
    }

    private void Sweep()
    {
        using var connection = SqliteFile.Open(_contexts.ConnectionString);
        UnpublishedRows.Sweep(connection);
    }
}
