using Driftline.Core.Alerts;
using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Core.Suites;

namespace Driftline.Web.Components.Alerts;

/// <summary>A rule while it is being edited. Numbers are in the unit of the chart's axis: differences of shares in percentage points.</summary>
public sealed class RuleDraft
{
    private readonly string _id;
    private readonly double _factor;

    private RuleDraft(string id, WatchedSeries series, double factor) => (_id, Series, _factor) = (id, series, factor);

    /// <summary>What it watches.</summary>
    public WatchedSeries Series { get; }

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>How grave.</summary>
    public AlertSeverity Severity { get; set; } = AlertSeverity.Warn;

    /// <summary>On which side it fires.</summary>
    public AlertCondition Condition { get; set; }

    /// <summary>The threshold, in the axis's unit; null while none is typed.</summary>
    public double? Threshold { get; set; }

    /// <summary>What must lie beyond it.</summary>
    public AlertBasis Basis { get; set; }

    /// <summary>Generations until it fires.</summary>
    public int For { get; set; } = 1;

    /// <summary>Where it counts as recovered, in the axis's unit; null is the threshold.</summary>
    public double? Recovery { get; set; }

    /// <summary>Generations until it is resolved.</summary>
    public int RecoveryFor { get; set; } = 1;

    /// <summary>Whether it is tested.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The owner's note.</summary>
    public string? Note { get; set; }

    /// <summary>The lines that it watches where those are not all; null is all, also those to come.</summary>
    public HashSet<AlertLine>? Lines { get; set; }

    /// <summary>A new rule on a series: it fires where the measure is worse, at the value that was pointed at.</summary>
    public static RuleDraft New(WatchedSeries watched, MeasureSeries series, MeasureScale scale, double? at)
    {
        var factor = Factor(scale);
        return new RuleDraft("", watched, factor)
        {
            Condition = series.Worse == WorseDirection.Lower ? AlertCondition.Below : AlertCondition.Above,
            Basis = series.Points.Any(point => point.Estimate is { Value: not null, Lo: not null }) ? AlertBasis.Bound : AlertBasis.Point,
            Threshold = at is { } value ? Rounded(value * factor) : null,
        };
    }

    /// <summary>A rule that is there.</summary>
    public static RuleDraft Of(AlertRule rule, MeasureScale scale, IEnumerable<AlertLine> lines)
    {
        var factor = Factor(scale);
        return new RuleDraft(rule.Id, rule.Series, factor)
        {
            Name = rule.Name,
            Severity = rule.Severity,
            Condition = rule.Condition,
            Threshold = rule.Threshold * factor,
            Basis = rule.Basis,
            For = rule.For,
            Recovery = rule.Recovery * factor,
            RecoveryFor = rule.RecoveryFor,
            Enabled = rule.Enabled,
            Note = rule.Note,
            Lines = rule.Branches.Count == 0 && rule.Seeds.Count == 0 ? null : [.. lines.Where(rule.Covers)],
        };
    }

    /// <summary>The rule as it stands, for a chart and a preview; null while no threshold is typed.</summary>
    public AlertRule? Rule() => Threshold is not { } threshold || !double.IsFinite(threshold) ? null : new AlertRule
    {
        Id = _id,
        Name = Name.Trim(),
        Enabled = Enabled,
        Severity = Severity,
        Series = Series,
        Branches = Lines is null ? [] : [.. Lines.Select(line => line.Branch).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Seeds = Lines is null ? [] : [.. Lines.Where(line => line.Seed is not null).OrderBy(line => line.Branch, StringComparer.Ordinal).ThenBy(line => line.Seed, StringComparer.Ordinal)],
        Condition = Condition,
        Threshold = threshold / _factor,
        Basis = Basis,
        For = For,
        Recovery = Recovery / _factor,
        RecoveryFor = RecoveryFor,
        Note = string.IsNullOrWhiteSpace(Note) ? null : Note.Trim(),
    };

    /// <summary>Shows or leaves out a line; all of them together are all, also those to come.</summary>
    public void Toggle(AlertLine line, IReadOnlyCollection<AlertLine> all)
    {
        var lines = Lines ?? [.. all];
        if (!lines.Remove(line))
        {
            lines.Add(line);
        }

        Lines = lines.Count == 0 || all.All(lines.Contains) ? null : lines;
    }

    private static double Factor(MeasureScale scale) => scale is { IsDifference: true, IsShare: true } ? 100 : 1;

    /// <summary>Three significant digits are what a person would type.</summary>
    private static double Rounded(double value) => value == 0 ? 0 : double.Parse(value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
