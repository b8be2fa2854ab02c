using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Driftline.Storage.Sqlite;

/// <summary>Lets SQLite itself wait for a lock: it looks again after milliseconds, where the provider sleeps 150 at a time.</summary>
internal sealed class BusyTimeoutInterceptor : DbConnectionInterceptor
{
    public static readonly BusyTimeoutInterceptor Instance = new();

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SqliteFile.SetBusyTimeout(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SqliteFile.SetBusyTimeout(connection);
        return Task.CompletedTask;
    }
}
