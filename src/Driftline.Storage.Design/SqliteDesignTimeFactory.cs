using Driftline.Storage.Sqlite;
using Microsoft.EntityFrameworkCore.Design;

namespace Driftline.Storage.Design;

/// <summary>What `dotnet ef` makes contexts with; it only looks at the model and opens no file.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<DriftlineContext>
{
    /// <inheritdoc/>
    public DriftlineContext CreateDbContext(string[] args) => new(SqliteContextFactory.Options("Data Source=design.db"));
}
