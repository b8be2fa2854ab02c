using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Driftline.Storage.Sqlite;

/// <summary>Makes contexts on one database file.</summary>
internal sealed class SqliteContextFactory : IDbContextFactory<DriftlineContext>
{
    private readonly DbContextOptions<DriftlineContext> _options;

    public SqliteContextFactory(string path)
    {
        ConnectionString = SqliteFile.ConnectionString(path);
        _options = Options(ConnectionString);
    }

    /// <summary>How connections are opened.</summary>
    public string ConnectionString { get; }

    /// <summary>The options of contexts.</summary>
    public static DbContextOptions<DriftlineContext> Options(string connectionString) =>
        new DbContextOptionsBuilder<DriftlineContext>()
            .UseSqlite(connectionString, sqlite => sqlite.MigrationsAssembly(typeof(SqliteContextFactory).Assembly))
            .ReplaceService<IMigrationsSqlGenerator, WithoutRowIdSqlGenerator>()
            .AddInterceptors(ConnectionSettings.Instance)
            .Options;

    /// <inheritdoc/>
    public DriftlineContext CreateDbContext() => new(_options);

    /// <summary>Lets go of the pooled connections, so that the file can be moved or removed.</summary>
    public void ClearPool()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }
}
