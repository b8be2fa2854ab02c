using Driftline.Core.Imports;
using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Sqlite.Bulk;

/// <summary>Begins imports, one after the other.</summary>
internal sealed class SqliteBulkImports(SqliteContextFactory contexts, WriteGate gate, string path) : IBulkImports, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly InternerPool _interners = new();

    /// <inheritdoc/>
    public async Task<IImportSession> BeginAsync(ImportStart start, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        IDisposable? hold = null;
        SqliteConnection? connection = null;
        try
        {
            hold = await gate.HoldAsync(cancellationToken);
            connection = OpenForWriting();
            long id;
            using (await gate.EnterAsync(cancellationToken))
            {
                // an import that could not clean up behind itself (a full disk) would hold numbers that this one takes
                UnpublishedRows.Sweep(connection);
                id = Insert(connection, start);
            }

            return new SqliteImportSession(
                connection,
                new PendingImport(id),
                _interners,
                gate,
                new ImportPublisher(contexts, gate),
                path,
                new SessionTurn(hold, _turn));
        }
        catch (Exception e) when (SqliteFile.Cause(e) is { } cause)
        {
            LetGo(connection, hold);
            throw SqliteFile.Explain(cause, path);
        }
        catch
        {
            LetGo(connection, hold);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IDisposable> PauseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        IDisposable? hold = null;
        try
        {
            hold = await gate.HoldAsync(cancellationToken);
            using var connection = OpenForWriting();
            using (await gate.EnterAsync(cancellationToken))
            {
                UnpublishedRows.Sweep(connection);
            }

            return new Pause(_interners, new SessionTurn(hold, _turn));
        }
        catch (Exception e)
        {
            LetGo(connection: null, hold);
            if (SqliteFile.Cause(e) is { } cause)
            {
                throw SqliteFile.Explain(cause, path);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void LetGo(SqliteConnection? connection, IDisposable? hold)
    {
        connection?.Dispose();
        hold?.Dispose();
        _turn.Release();
    }

    private SqliteConnection OpenForWriting()
    {
        // Rows that are not published need not outlast a loss of power; the publication's own commit syncs the log with all of them in it.
        var connection = SqliteFile.Open(contexts.ConnectionString);
        connection.Execute(
            """
            PRAGMA synchronous=NORMAL;
            PRAGMA cache_size=-16384;
            PRAGMA wal_autocheckpoint=4000;
            PRAGMA journal_size_limit=16777216;
            """);
        return connection;
    }

    private static long Insert(SqliteConnection connection, ImportStart start)
    {
        var row = ImportStore.Row(start, ImportStatus.Writing);
        return connection.ReadLong(
            """
            INSERT INTO imports (source, file_name, format, content_key, status, created, bytes, rows_read, rows_written, rows_replaced,
                rows_rejected, values_dropped, seconds, continues, bytes_consumed, lines_consumed)
            VALUES (@source, @name, @format, @key, @status, @created, @bytes, 0, 0, 0, 0, 0, 0, @continues, 0, 0) RETURNING id
            """,
            ("@source", row.Source),
            ("@name", row.FileName),
            ("@format", row.Format),
            ("@key", row.ContentKey),
            ("@status", row.Status),
            ("@created", row.Created),
            ("@bytes", row.Bytes),
            ("@continues", (object?)row.Continues ?? DBNull.Value))!.Value;
    }

    /// <summary>Forgets what may not be true any more, then lets imports go on.</summary>
    private sealed class Pause(InternerPool interners, SessionTurn turn) : IDisposable
    {
        public void Dispose()
        {
            interners.Clear();
            turn.Dispose();
        }
    }

    /// <summary>Lets the next import begin.</summary>
    private sealed class SessionTurn(IDisposable hold, SemaphoreSlim turn) : IDisposable
    {
        public void Dispose()
        {
            hold.Dispose();
            turn.Release();
        }
    }
}
