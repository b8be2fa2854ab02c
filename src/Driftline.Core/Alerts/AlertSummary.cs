using System.Text.Json.Serialization;

namespace Driftline.Core.Alerts;

/// <summary>The alert state of a whole lineage.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LineageAlert>))]
public enum LineageAlert
{
    /// <summary>Nothing is watched.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>All that is watched is on the harmless side.</summary>
    [JsonStringEnumMemberName("normal")] Normal,

    /// <summary>Something cannot be told.</summary>
    [JsonStringEnumMemberName("no_data")] NoData,

    /// <summary>Something is beyond its threshold, for fewer generations than its rule waits.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    /// <summary>A warning fires.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>A page fires.</summary>
    [JsonStringEnumMemberName("page")] Page,
}

/// <summary>The alerts of a lineage in a glance.</summary>
/// <param name="State">The gravest that there is.</param>
/// <param name="Firing">How many fire: a rule on a line is one.</param>
public sealed record AlertSummary(LineageAlert State, int Firing)
{
    /// <summary>Nothing is watched.</summary>
    public static AlertSummary None { get; } = new(LineageAlert.None, 0);

    /// <summary>Sums up.</summary>
    /// <param name="states">Rules on lines.</param>
    /// <param name="rules">The rules as they are now, whose severity counts.</param>
    public static AlertSummary Of(IReadOnlyCollection<RuleOnLine> states, IReadOnlyCollection<RuleHistory> rules)
    {
        if (!rules.Any(rule => rule.Current.IsOn))
        {
            return None;
        }

        var severity = rules.ToDictionary(rule => rule.Id, rule => rule.Current.Rule.Severity);
        var firing = states.Where(state => state.IsFiring).ToList();
        var gravest = firing.Exists(state => severity[state.Rule] == AlertSeverity.Page) ? LineageAlert.Page
            : firing.Count > 0 ? LineageAlert.Warn
            : states.Any(state => state.State == AlertState.Pending) ? LineageAlert.Pending
            : states.Count == 0 || states.Any(state => state.State == AlertState.NoData) ? LineageAlert.NoData
            : LineageAlert.Normal;
        return new AlertSummary(gravest, firing.Count);
    }
}
