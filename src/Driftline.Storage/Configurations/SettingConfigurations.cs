using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Driftline.Storage.Configurations;

internal sealed class SettingConfiguration : IEntityTypeConfiguration<SettingRow>
{
    public void Configure(EntityTypeBuilder<SettingRow> builder)
    {
        builder.ToTable("settings");
        builder.HasKey(s => s.Key);
        builder.WithoutRowId();
    }
}

internal sealed class LineageSettingConfiguration : IEntityTypeConfiguration<LineageSettingRow>
{
    public void Configure(EntityTypeBuilder<LineageSettingRow> builder)
    {
        builder.ToTable("lineage_settings");
        builder.HasKey(s => new { s.LineageId, s.Key });
        builder.WithoutRowId();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(s => s.LineageId);
    }
}

internal sealed class EmbeddingVectorConfiguration : IEntityTypeConfiguration<EmbeddingVectorRow>
{
    public void Configure(EntityTypeBuilder<EmbeddingVectorRow> builder)
    {
        builder.ToTable("embedding_vectors");
        builder.HasKey(v => new { v.Model, v.TextHash });
        builder.WithoutRowId();
    }
}
