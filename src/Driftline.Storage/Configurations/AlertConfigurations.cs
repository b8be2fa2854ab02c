using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Driftline.Storage.Configurations;

internal sealed class AlertSummaryConfiguration : IEntityTypeConfiguration<AlertSummaryRow>
{
    public void Configure(EntityTypeBuilder<AlertSummaryRow> builder)
    {
        builder.ToTable("alert_summaries");
        builder.HasKey(s => s.LineageId);
        builder.Property(s => s.LineageId).ValueGeneratedNever();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(s => s.LineageId);
    }
}

internal sealed class AlertRuleVersionConfiguration : IEntityTypeConfiguration<AlertRuleVersionRow>
{
    public void Configure(EntityTypeBuilder<AlertRuleVersionRow> builder)
    {
        builder.ToTable("alert_rule_versions");
        builder.HasKey(v => new { v.LineageId, v.RuleId, v.Version });
        builder.WithoutRowId();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(v => v.LineageId);
    }
}

internal sealed class AlertClosureConfiguration : IEntityTypeConfiguration<AlertClosureRow>
{
    public void Configure(EntityTypeBuilder<AlertClosureRow> builder)
    {
        builder.ToTable("alert_closures");
        builder.HasKey(c => new { c.LineageId, c.Branch, c.Seed, c.Generation });
        builder.WithoutRowId();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(c => c.LineageId);
    }
}

internal sealed class AlertTestConfiguration : IEntityTypeConfiguration<AlertTestRow>
{
    public void Configure(EntityTypeBuilder<AlertTestRow> builder)
    {
        builder.ToTable("alert_tests");
        builder.HasKey(t => new { t.LineageId, t.RuleId, t.Branch, t.Seed, t.Generation });
        builder.WithoutRowId();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(t => t.LineageId);
    }
}

internal sealed class AlertStateConfiguration : IEntityTypeConfiguration<AlertStateRow>
{
    public void Configure(EntityTypeBuilder<AlertStateRow> builder)
    {
        builder.ToTable("alert_states");
        builder.HasKey(s => new { s.LineageId, s.RuleId, s.Branch, s.Seed });
        builder.WithoutRowId();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(s => s.LineageId);
    }
}

internal sealed class AlertEventConfiguration : IEntityTypeConfiguration<AlertEventRow>
{
    public void Configure(EntityTypeBuilder<AlertEventRow> builder)
    {
        builder.ToTable("alert_events");
        builder.HasKey(e => new { e.LineageId, e.RuleId, e.Branch, e.Seed, e.Generation, e.Kind });
        builder.WithoutRowId();
        builder.HasOne<LineageRow>().WithMany().HasForeignKey(e => e.LineageId);
    }
}
