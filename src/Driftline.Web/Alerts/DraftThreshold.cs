using System.Globalization;
using Driftline.Core.Alerts;
using Driftline.Core.Figures;

namespace Driftline.Web.Alerts;

/// <summary>The threshold of a rule that is being made, as its editor draws it on the chart: <c>above:0.3:page</c>, with the id of the rule that is edited behind.</summary>
/// <param name="Condition">On which side it fires.</param>
/// <param name="Value">The threshold.</param>
/// <param name="Severity">How grave.</param>
/// <param name="Rule">The rule that is edited, whose own line gives way; null for a new one.</param>
public sealed record DraftThreshold(AlertCondition Condition, double Value, AlertSeverity Severity, string? Rule)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DraftThreshold Parse(string text)
    {
        return text.Split(':', 4) is [var condition, var value, var severity, .. var rule]
            && Enum.TryParse<AlertCondition>(condition, ignoreCase: true, out var side) && Enum.IsDefined(side)
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            && Enum.TryParse<AlertSeverity>(severity, ignoreCase: true, out var gravity) && Enum.IsDefined(gravity)
            ? new DraftThreshold(side, number, gravity, rule.Length > 0 ? rule[0] : null)
            : throw new FormatException($"The parameter \"draft\" must be such as above:0.3:page, not \"{text}\".");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Condition.ToString().ToLowerInvariant()}:{Value:R}:{Severity.ToString().ToLowerInvariant()}{(Rule is null ? "" : ":" + Rule)}");

    /// <summary>The line or lines of a threshold.</summary>
    public static IEnumerable<FigureThreshold> Lines(AlertCondition condition, double value, string label, AlertSeverity severity, bool draft)
    {
        yield return new FigureThreshold(value, label, severity, draft);
        if (condition == AlertCondition.Outside && value != 0)
        {
            yield return new FigureThreshold(-value, label, severity, draft);
        }
    }
}
