using Driftline.Core.Alerts;
using Driftline.Core.Figures;
using Driftline.Storage.Alerts;
using Driftline.Web.Api.Figures;

namespace Driftline.Web.Alerts;

/// <summary>What charts show of the alerts on one series.</summary>
public static class SeriesAlerts
{
    /// <summary>The thresholds of rules that are on, and of the one that is being made.</summary>
    public static IReadOnlyList<FigureThreshold> Thresholds(LineageAlerts alerts, SeriesKey key, DraftThreshold? draft)
    {
        var saved = alerts.Rules
            .Select(rule => rule.Current.Rule)
            .Where(rule => rule.Enabled && rule.Series == Watched(key) && rule.Id != draft?.Rule)
            .SelectMany(rule => DraftThreshold.Lines(rule.Condition, rule.Threshold, rule.Name, rule.Severity, draft: false));
        return [.. saved, .. draft is null ? [] : DraftThreshold.Lines(draft.Condition, draft.Value, "new threshold", draft.Severity, draft: true)];
    }

    /// <summary>The points at which alerts began, the gravest of each.</summary>
    public static IReadOnlyDictionary<(AlertLine Line, int Generation), FigureAlert> Fired(LineageAlerts alerts, SeriesKey key) => alerts.History
        .Where(occurrence => occurrence.Event.Kind == AlertEventKind.Fired && occurrence.Rule.Series == Watched(key))
        .GroupBy(occurrence => (occurrence.Event.Test.Line, occurrence.Event.Test.Generation))
        .ToDictionary(
            point => point.Key,
            point => new FigureAlert(
                point.Max(occurrence => occurrence.Event.Severity),
                string.Join("; ", point.Select(occurrence => $"{occurrence.Rule.Name}: {AlertWords.Condition(occurrence.Rule)}{(occurrence.Event.Revised ? ", revised since" : "")}"))));

    /// <summary>What fires on a series now, in words, with the gravest severity; null when nothing does.</summary>
    public static FigureAlert? Firing(LineageAlerts alerts, SeriesKey key)
    {
        var firing = alerts.Standings.Where(standing => standing.IsFiring && standing.Rule.Series == Watched(key)).OrderByDescending(standing => standing.Rule.Severity).ToList();
        return firing is [var first, ..]
            ? new FigureAlert(
                first.Rule.Severity,
                $"{first.Rule.Severity.ToString().ToLowerInvariant()} on {first.Line} since generation {first.Since}: {AlertWords.Condition(first.Rule)}{(firing.Count > 1 ? $", and {firing.Count - 1} more" : "")}")
            : null;
    }

    /// <summary>The series as rules name it.</summary>
    public static WatchedSeries Watched(SeriesKey key) => new(key.Measure, key.Suite, key.Slice, key.Baseline);
}
