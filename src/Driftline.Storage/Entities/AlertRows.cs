using Driftline.Core.Alerts;

namespace Driftline.Storage.Entities;

/// <summary>The alerts of a lineage in a glance, and how often they have changed.</summary>
internal sealed class AlertSummaryRow
{
    public long LineageId { get; set; }

    /// <summary>Grows with every change of rules, states or events.</summary>
    public long Revision { get; set; }

    public LineageAlert State { get; set; }

    public int Firing { get; set; }
}

/// <summary>A rule as one edit left it. Rows are only added, so that every edit is kept.</summary>
internal sealed class AlertRuleVersionRow
{
    public long LineageId { get; set; }

    public required string RuleId { get; set; }

    public int Version { get; set; }

    /// <summary>The rule as JSON, the same that files and the API have.</summary>
    public required string Rule { get; set; }

    /// <summary>The first generation of each line that it applies to, as JSON.</summary>
    public required string AppliesFrom { get; set; }

    public bool Deleted { get; set; }

    public DateTime Created { get; set; }

    /// <summary>Who edited: ui, command line, api.</summary>
    public required string Author { get; set; }
}

/// <summary>A generation that a person closed.</summary>
internal sealed class AlertClosureRow
{
    public long LineageId { get; set; }

    public required string Branch { get; set; }

    /// <summary>Empty where the branch has one seed.</summary>
    public required string Seed { get; set; }

    public int Generation { get; set; }

    public DateTime Created { get; set; }

    public required string Author { get; set; }
}

/// <summary>A test of a rule at a generation, with the measurement as it was.</summary>
internal sealed class AlertTestRow
{
    public long LineageId { get; set; }

    public required string RuleId { get; set; }

    public required string Branch { get; set; }

    public required string Seed { get; set; }

    public int Generation { get; set; }

    public int Version { get; set; }

    public required string Model { get; set; }

    public double Value { get; set; }

    public double? Lo { get; set; }

    public double? Hi { get; set; }

    public double? StdErr { get; set; }

    public int N { get; set; }

    public DateTime Created { get; set; }
}

/// <summary>Where a rule stands on a line.</summary>
internal sealed class AlertStateRow
{
    public long LineageId { get; set; }

    public required string RuleId { get; set; }

    public required string Branch { get; set; }

    public required string Seed { get; set; }

    public AlertState State { get; set; }

    public int? Since { get; set; }

    /// <summary>The generation of the last test.</summary>
    public int? Tested { get; set; }

    public string? Reason { get; set; }
}

/// <summary>An alert that began or ended; its measurement is in the test of the same generation.</summary>
internal sealed class AlertEventRow
{
    public long LineageId { get; set; }

    public required string RuleId { get; set; }

    public required string Branch { get; set; }

    public required string Seed { get; set; }

    public int Generation { get; set; }

    public AlertEventKind Kind { get; set; }

    public AlertSeverity Severity { get; set; }

    public double Threshold { get; set; }

    public bool Revised { get; set; }

    public DateTime Created { get; set; }

    public DateTime? Acknowledged { get; set; }

    public string? AcknowledgedBy { get; set; }
}
