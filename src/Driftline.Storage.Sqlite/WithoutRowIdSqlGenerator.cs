using Driftline.Storage.Configurations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Driftline.Storage.Sqlite;

/// <summary>Writes WITHOUT ROWID for the tables that the model marks so, which EF Core has no word for.</summary>
internal sealed class WithoutRowIdSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    /// <inheritdoc/>
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        var marked = model?.GetEntityTypes().Any(e => e.GetTableName() == operation.Name && e.FindAnnotation(WithoutRowIdExtensions.Annotation) is not null) ?? false;
        base.Generate(operation, model, builder, terminate: terminate && !marked);
        if (marked)
        {
            builder.Append(" WITHOUT ROWID");
            if (terminate)
            {
                builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
                EndStatement(builder);
            }
        }
    }
}
