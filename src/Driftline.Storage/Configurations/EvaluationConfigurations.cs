using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Driftline.Storage.Configurations;

internal sealed class EvaluationConfiguration : IEntityTypeConfiguration<EvaluationRow>
{
    public void Configure(EntityTypeBuilder<EvaluationRow> builder)
    {
        builder.ToTable("evaluations");
        builder.HasKey(e => new { e.LineageId, e.Id });
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.LineageId, e.NodeId, e.SuiteId, e.RunId, e.Config }).IsUnique();
        builder.HasOne<NodeRow>().WithMany().HasForeignKey(e => new { e.LineageId, e.NodeId });
        builder.HasOne<SuiteRow>().WithMany().HasForeignKey(e => new { e.LineageId, e.SuiteId });
    }
}

internal sealed class PartConfiguration : IEntityTypeConfiguration<PartRow>
{
    public void Configure(EntityTypeBuilder<PartRow> builder)
    {
        builder.ToTable("parts");
        builder.HasKey(p => new { p.LineageId, p.Id });
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.HasIndex(p => new { p.LineageId, p.EvaluationId });
        builder.HasOne<ImportRow>().WithMany().HasForeignKey(p => p.ImportId);
    }
}

internal sealed class PartColumnConfiguration : IEntityTypeConfiguration<PartColumnRow>
{
    public void Configure(EntityTypeBuilder<PartColumnRow> builder)
    {
        builder.ToTable("part_columns");
        builder.HasKey(c => new { c.LineageId, c.PartId, c.Kind, c.Name, c.Variant });
        builder.Property(c => c.Kind).HasConversion<int>();
        builder.HasOne<PartRow>().WithMany().HasForeignKey(c => new { c.LineageId, c.PartId });
    }
}

internal sealed class WordBlockConfiguration : IEntityTypeConfiguration<WordBlockRow>
{
    public void Configure(EntityTypeBuilder<WordBlockRow> builder)
    {
        // No foreign key: blocks are written while their part is still collected, which comes after them.
        builder.ToTable("word_blocks");
        builder.HasKey(b => new { b.LineageId, b.PartId, b.FirstRow });
    }
}

internal sealed class SampleConfiguration : IEntityTypeConfiguration<SampleRow>
{
    public void Configure(EntityTypeBuilder<SampleRow> builder)
    {
        // No foreign key: a check for each of millions of rows would cost more than writing them.
        builder.ToTable("samples");
        builder.HasKey(s => new { s.LineageId, s.PartId, s.Ordinal });
        builder.WithoutRowId();
    }
}

internal sealed class ReportedMetricConfiguration : IEntityTypeConfiguration<ReportedMetricRow>
{
    public void Configure(EntityTypeBuilder<ReportedMetricRow> builder)
    {
        builder.ToTable("reported_metrics");
        builder.HasKey(m => new { m.LineageId, m.NodeId, m.SuiteId, m.RunId, m.Metric });
        builder.WithoutRowId();
        builder.HasOne<NodeRow>().WithMany().HasForeignKey(m => new { m.LineageId, m.NodeId });
        builder.HasOne<SuiteRow>().WithMany().HasForeignKey(m => new { m.LineageId, m.SuiteId });
        builder.HasOne<ImportRow>().WithMany().HasForeignKey(m => m.ImportId);
    }
}

internal sealed class ReplacedMetricConfiguration : IEntityTypeConfiguration<ReplacedMetricRow>
{
    public void Configure(EntityTypeBuilder<ReplacedMetricRow> builder)
    {
        builder.ToTable("replaced_metrics");
        builder.HasKey(m => new { m.LineageId, m.NodeId, m.SuiteId, m.RunId, m.Metric, m.ImportId });
        builder.WithoutRowId();
        builder.HasOne<NodeRow>().WithMany().HasForeignKey(m => new { m.LineageId, m.NodeId });
        builder.HasOne<SuiteRow>().WithMany().HasForeignKey(m => new { m.LineageId, m.SuiteId });
        builder.HasOne<ImportRow>().WithMany().HasForeignKey(m => m.ImportId);
    }
}
