using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Driftline.Storage.Configurations;

internal sealed class SuiteConfiguration : IEntityTypeConfiguration<SuiteRow>
{
    public void Configure(EntityTypeBuilder<SuiteRow> builder)
    {
        builder.ToTable("suites");
        builder.HasKey(s => new { s.LineageId, s.Id });
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => new { s.LineageId, s.Name }).IsUnique();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(s => s.LineageId);
    }
}

internal sealed class SuiteMetadataConfiguration : IEntityTypeConfiguration<SuiteMetadataRow>
{
    public void Configure(EntityTypeBuilder<SuiteMetadataRow> builder)
    {
        builder.ToTable("suite_metadata");
        builder.HasKey(m => new { m.LineageId, m.SuiteId, m.Key, m.Value });
        builder.WithoutRowId();
        builder.HasOne<SuiteRow>().WithMany().HasForeignKey(m => new { m.LineageId, m.SuiteId });
    }
}

internal sealed class PromptConfiguration : IEntityTypeConfiguration<PromptRow>
{
    public void Configure(EntityTypeBuilder<PromptRow> builder)
    {
        builder.ToTable("prompts");
        builder.HasKey(p => new { p.LineageId, p.Id });
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.HasIndex(p => new { p.LineageId, p.KeyHash }).IsUnique();
        builder.WithoutRowId();
    }
}

internal sealed class TextConfiguration : IEntityTypeConfiguration<TextRow>
{
    public void Configure(EntityTypeBuilder<TextRow> builder)
    {
        builder.ToTable("texts");
        builder.HasKey(t => new { t.LineageId, t.Id });
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.HasIndex(t => new { t.LineageId, t.Hash }).IsUnique();
        builder.WithoutRowId();
    }
}
