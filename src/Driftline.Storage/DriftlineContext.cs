using System.Text;
using Driftline.Core.Alerts;
using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Core.Records;
using Driftline.Storage.Entities;
using Driftline.Storage.Measurements;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Driftline.Storage;

/// <summary>
/// The schema and ordinary queries. Use it through <see cref="IDbContextFactory{TContext}"/>, one short context for one
/// operation; the import's hot path does not go through it.
/// </summary>
public sealed class DriftlineContext(DbContextOptions<DriftlineContext> options) : DbContext(options)
{
    internal DbSet<LineageRow> Lineages => Set<LineageRow>();

    internal DbSet<NodeRow> Nodes => Set<NodeRow>();

    internal DbSet<NodeParentRow> NodeParents => Set<NodeParentRow>();

    internal DbSet<TrainingTextsRow> TrainingTexts => Set<TrainingTextsRow>();

    internal DbSet<SuiteRow> Suites => Set<SuiteRow>();

    internal DbSet<SuiteMetadataRow> SuiteMetadata => Set<SuiteMetadataRow>();

    internal DbSet<PromptRow> Prompts => Set<PromptRow>();

    internal DbSet<TextRow> Texts => Set<TextRow>();

    internal DbSet<EvaluationRow> Evaluations => Set<EvaluationRow>();

    internal DbSet<PartRow> Parts => Set<PartRow>();

    internal DbSet<PartColumnRow> PartColumns => Set<PartColumnRow>();

    internal DbSet<WordBlockRow> WordBlocks => Set<WordBlockRow>();

    internal DbSet<SampleRow> Samples => Set<SampleRow>();

    internal DbSet<ReportedMetricRow> ReportedMetrics => Set<ReportedMetricRow>();

    internal DbSet<ReplacedMetricRow> ReplacedMetrics => Set<ReplacedMetricRow>();

    internal DbSet<ImportRow> Imports => Set<ImportRow>();

    internal DbSet<ImportLineageRow> ImportLineages => Set<ImportLineageRow>();

    internal DbSet<ImportNodeRow> ImportNodes => Set<ImportNodeRow>();

    internal DbSet<ImportErrorRow> ImportErrors => Set<ImportErrorRow>();

    internal DbSet<MeasureRunRow> MeasureRuns => Set<MeasureRunRow>();

    internal DbSet<MeasurementRow> Measurements => Set<MeasurementRow>();

    internal DbSet<EmbedderRow> Embedders => Set<EmbedderRow>();

    internal DbSet<EmbeddingVectorRow> EmbeddingVectors => Set<EmbeddingVectorRow>();

    internal DbSet<SettingRow> Settings => Set<SettingRow>();

    internal DbSet<LineageSettingRow> LineageSettings => Set<LineageSettingRow>();

    internal DbSet<AlertSummaryRow> AlertSummaries => Set<AlertSummaryRow>();

    internal DbSet<AlertRuleVersionRow> AlertRuleVersions => Set<AlertRuleVersionRow>();

    internal DbSet<AlertClosureRow> AlertClosures => Set<AlertClosureRow>();

    internal DbSet<AlertTestRow> AlertTests => Set<AlertTestRow>();

    internal DbSet<AlertStateRow> AlertStates => Set<AlertStateRow>();

    internal DbSet<AlertEventRow> AlertEvents => Set<AlertEventRow>();

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<ParentRole>().HaveConversion<string>();
        configurationBuilder.Properties<EvaluationStatus>().HaveConversion<string>();
        configurationBuilder.Properties<Baseline>().HaveConversion<BaselineColumn>();
        configurationBuilder.Properties<MeasureStatus>().HaveConversion<string>();
        configurationBuilder.Properties<LineageAlert>().HaveConversion<string>();
        configurationBuilder.Properties<AlertState>().HaveConversion<string>();
        configurationBuilder.Properties<AlertEventKind>().HaveConversion<string>();
        configurationBuilder.Properties<AlertSeverity>().HaveConversion<string>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DriftlineContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var key in entity.GetForeignKeys())
            {
                // What the sweep removes it names; nothing else is ever deleted along.
                key.DeleteBehavior = DeleteBehavior.Restrict;
            }

            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
            }
        }
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>SQLite forgets that a time is UTC.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        time => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time,
        time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
