using Driftline.Core.Alerts;

namespace Driftline.Storage.Alerts;

/// <summary>One edit of a rule.</summary>
/// <param name="Version">The rule as the edit left it.</param>
/// <param name="When">When, UTC.</param>
/// <param name="Author">Who: ui, command line, api.</param>
public sealed record RuleEdit(RuleVersion Version, DateTime When, string Author);

/// <summary>What is kept of a lineage's alerts for the next evaluation.</summary>
/// <param name="Rules">Rules with all their versions, deleted ones too.</param>
/// <param name="Tests">Tests that were made.</param>
/// <param name="Closed">Generations that a person closed.</param>
public sealed record StoredAlerts(IReadOnlyList<RuleHistory> Rules, IReadOnlyList<AlertTest> Tests, IReadOnlySet<(AlertLine Line, int Generation)> Closed);

/// <summary>Where a rule stands on a line, as of the last evaluation.</summary>
/// <param name="Rule">The rule as it is now.</param>
/// <param name="Line">The line.</param>
/// <param name="State">The state.</param>
/// <param name="Since">The generation with which it began.</param>
/// <param name="Last">The last test; null before the first.</param>
/// <param name="Reason">What is not known, and the way out.</param>
public sealed record AlertStanding(AlertRule Rule, AlertLine Line, AlertState State, int? Since, AlertTest? Last, string? Reason)
{
    /// <summary>Whether it fires, also while it recovers.</summary>
    public bool IsFiring => State is AlertState.Firing or AlertState.Recovering;
}

/// <summary>An event of the history.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Rule">The rule by which it was tested.</param>
/// <param name="RuleDeleted">Whether the rule is gone.</param>
/// <param name="When">When it was evaluated, UTC.</param>
/// <param name="Acknowledged">When somebody acknowledged it, UTC; null when nobody did.</param>
/// <param name="AcknowledgedBy">Who did: ui, command line, api.</param>
public sealed record AlertOccurrence(AlertEvent Event, AlertRule Rule, bool RuleDeleted, DateTime When, DateTime? Acknowledged, string? AcknowledgedBy);

/// <summary>The alerts of a lineage as pages and commands list them.</summary>
/// <param name="Rules">Rules that are there, by name.</param>
/// <param name="Standings">Rules that are on, on each line.</param>
/// <param name="History">Events, newest generation first.</param>
public sealed record LineageAlerts(IReadOnlyList<RuleHistory> Rules, IReadOnlyList<AlertStanding> Standings, IReadOnlyList<AlertOccurrence> History)
{
    /// <summary>Nothing is watched.</summary>
    public static LineageAlerts None { get; } = new([], [], []);
}
