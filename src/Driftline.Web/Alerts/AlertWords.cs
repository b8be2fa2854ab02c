using System.Globalization;
using Driftline.Core.Alerts;
using Driftline.Core.Figures;
using Driftline.Core.Measures;

namespace Driftline.Web.Alerts;

/// <summary>Rules and alerts as people say them.</summary>
public static class AlertWords
{
    /// <summary>What a plain threshold does not promise; stands wherever one is made or shown.</summary>
    public const string Plain = "plain threshold: no promise about false alarms";

    /// <summary>What a rule watches: "JS distance of values, dimension power, against generation 0".</summary>
    public static string Watched(WatchedSeries series)
    {
        var slice = series.Slice is null ? "" : string.Concat(Slice.Parse(series.Slice).Select(part => part.Key == Slice.AnswerKey ? $", “{part.Value}”" : $", {part.Key} {part.Value}"));
        var against = series.Baseline.Kind == BaselineKind.None ? "" : " " + series.Baseline.InWords();
        return $"{MeasureCatalogue.Find(series.Measure)?.Title ?? series.Measure} of {series.Suite}{slice}{against}";
    }

    /// <summary>When it fires: "lower bound above .3, for 2 generations".</summary>
    public static string Condition(AlertRule rule) =>
        $"{Side(rule)} {Limit(rule, rule.Threshold)}{(rule.For > 1 ? $", for {rule.For} generations" : "")}";

    /// <summary>Which lines it watches: "all branches", "replace s1, accumulate".</summary>
    public static string Lines(AlertRule rule)
    {
        if (rule.Branches.Count == 0 && rule.Seeds.Count == 0)
        {
            return "all branches";
        }

        var named = rule.Seeds.Select(seed => seed.ToString());
        var whole = rule.Branches.Where(branch => !rule.Seeds.Any(seed => seed.Branch == branch));
        return string.Join(", ", whole.Concat(named)) + (rule.Branches.Count == 0 ? " and all other branches" : "");
    }

    /// <summary>A state in one word or two.</summary>
    public static string State(AlertState state, bool tested) => state switch
    {
        AlertState.NoData => tested ? "no data" : "not tested yet",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>A test with its measurement: "generation 5: .41 [.38, .44], lower bound above .3".</summary>
    public static string Tested(AlertTest test, AlertRule rule, bool crossed)
    {
        var measured = NumberFormat.WithInterval(test.Value, test.Lo, test.Hi);
        return $"generation {test.Generation}: {measured}, {(crossed ? Side(rule) : $"{Subject(rule)} not {Relation(rule)}")} {Limit(rule, rule.Threshold)}";
    }

    /// <summary>Whether a test was beyond the threshold of a rule.</summary>
    public static bool Crossed(AlertTest test, AlertRule rule) => rule.Badness(test.Value, test.Lo, test.Hi) is { } badness && rule.Crosses(badness);

    private static string Side(AlertRule rule) => $"{Subject(rule)} {Relation(rule)}";

    private static string Subject(AlertRule rule) => (rule.Basis, rule.Condition) switch
    {
        (AlertBasis.Point, _) => "value",
        (_, AlertCondition.Above) => "lower bound",
        (_, AlertCondition.Below) => "upper bound",
        _ => "near bound",
    };

    private static string Relation(AlertRule rule) => rule.Condition.ToString().ToLowerInvariant();

    /// <summary>A threshold as it was typed, not in three significant digits.</summary>
    private static string Limit(AlertRule rule, double threshold)
    {
        var text = Math.Abs(threshold).ToString("G12", CultureInfo.InvariantCulture);
        var number = text.StartsWith("0.", StringComparison.Ordinal) ? text[1..] : text;
        return (rule.Condition == AlertCondition.Outside ? "±" : threshold < 0 ? "\u2212" : "") + number;
    }
}
