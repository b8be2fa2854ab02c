using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Driftline.Storage.Sqlite;

/// <summary>Gives the connections of contexts their settings (<see cref="SqliteFile.Settle"/>).</summary>
internal sealed class ConnectionSettings : DbConnectionInterceptor
{
    public static readonly ConnectionSettings Instance = new();

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SqliteFile.Settle(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SqliteFile.Settle(connection);
        return Task.CompletedTask;
    }
}
