using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Driftline.Storage.Configurations;

internal sealed class MeasureRunConfiguration : IEntityTypeConfiguration<MeasureRunRow>
{
    public void Configure(EntityTypeBuilder<MeasureRunRow> builder)
    {
        builder.ToTable("measure_runs");
        builder.HasKey(r => new { r.LineageId, r.Id });
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => new { r.LineageId, r.SuiteId, r.Measure, r.Baseline, r.NodeId }).IsUnique();
        builder.HasOne<NodeRow>().WithMany().HasForeignKey(r => new { r.LineageId, r.NodeId });
        builder.HasOne<SuiteRow>().WithMany().HasForeignKey(r => new { r.LineageId, r.SuiteId });
    }
}

internal sealed class MeasurementConfiguration : IEntityTypeConfiguration<MeasurementRow>
{
    public void Configure(EntityTypeBuilder<MeasurementRow> builder)
    {
        builder.ToTable("measurements");
        builder.HasKey(m => new { m.LineageId, m.RunId, m.Slice });
        builder.WithoutRowId();
        builder.HasOne<MeasureRunRow>().WithMany().HasForeignKey(m => new { m.LineageId, m.RunId });
    }
}

internal sealed class EmbedderConfiguration : IEntityTypeConfiguration<EmbedderRow>
{
    public void Configure(EntityTypeBuilder<EmbedderRow> builder)
    {
        builder.ToTable("embedders");
        builder.HasKey(e => new { e.LineageId, e.Name });
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(e => e.LineageId);
    }
}
