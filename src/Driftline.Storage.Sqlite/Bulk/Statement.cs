using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Driftline.Storage.Sqlite.Bulk;

/// <summary>A prepared statement that takes UTF-8 as it is, without a string in between.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>Sets the parameter at a 1-based place.</summary>
    public Statement Bind(int place, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, place, value));
        return this;
    }

    /// <summary>Sets the parameter at a 1-based place.</summary>
    public Statement BindNull(int place)
    {
        Check(raw.sqlite3_bind_null(_statement, place));
        return this;
    }

    /// <summary>Sets the parameter at a 1-based place.</summary>
    public Statement BindText(int place, ReadOnlySpan<byte> utf8)
    {
        // an empty span has no address, and SQLite takes no address for NULL
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, place, "") : raw.sqlite3_bind_text(_statement, place, utf8));
        return this;
    }

    /// <summary>Sets the parameter at a 1-based place.</summary>
    public Statement BindBlob(int place, ReadOnlySpan<byte> bytes)
    {
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, place, 0) : raw.sqlite3_bind_blob(_statement, place, bytes));
        return this;
    }

    /// <summary>Runs to the end.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }

    /// <summary>Runs and returns the first column of the first row; null for no row.</summary>
    public long? RunScalar()
    {
        var code = raw.sqlite3_step(_statement);
        long? value = code == raw.SQLITE_ROW ? raw.sqlite3_column_int64(_statement, 0) : null;
        raw.sqlite3_reset(_statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
