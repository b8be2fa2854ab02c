using System.Text.Json.Serialization;

namespace Driftline.Core.Alerts;

/// <summary>Where a rule stands on a line.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertState>))]
public enum AlertState
{
    /// <summary>It cannot be told: nothing was tested yet, or the last closed generation has no value.</summary>
    [JsonStringEnumMemberName("no_data")] NoData,

    /// <summary>On the harmless side.</summary>
    [JsonStringEnumMemberName("normal")] Normal,

    /// <summary>Beyond the threshold, for fewer generations than the rule waits.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    /// <summary>Firing.</summary>
    [JsonStringEnumMemberName("firing")] Firing,

    /// <summary>Still firing, but back on the harmless side, for fewer generations than the rule waits.</summary>
    [JsonStringEnumMemberName("recovering")] Recovering,
}

/// <summary>What became of a generation.</summary>
public enum StepVerdict
{
    /// <summary>The rule was made or edited after it: what it shows is exploratory.</summary>
    BeforeRule,

    /// <summary>The rule was turned off.</summary>
    Off,

    /// <summary>It is not closed yet.</summary>
    Open,

    /// <summary>It is closed, but there is nothing to compare with the threshold.</summary>
    NoData,

    /// <summary>It was tested.</summary>
    Tested,
}

/// <summary>One generation of a line as a rule saw it.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="State">Where the rule stood after it.</param>
/// <param name="Test">The test; null unless there was one.</param>
/// <param name="Reason">One sentence: why it was not tested, and the way out; null when it was.</param>
public sealed record AlertStep(int Generation, StepVerdict Verdict, AlertState State, AlertTest? Test, string? Reason);

/// <summary>A rule on a line.</summary>
public sealed record RuleOnLine
{
    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The line.</summary>
    public required AlertLine Line { get; init; }

    /// <summary>Where it stands.</summary>
    public required AlertState State { get; init; }

    /// <summary>The generation with which the state began; null before the first test.</summary>
    public int? Since { get; init; }

    /// <summary>The last test of what the rule asks now; null before the first.</summary>
    public AlertTest? Last { get; init; }

    /// <summary>One sentence about what is not known, and the way out; null when all is.</summary>
    public string? Reason { get; init; }

    /// <summary>Every generation of the line, oldest first.</summary>
    public required IReadOnlyList<AlertStep> Steps { get; init; }

    /// <summary>Whether it fires, also while it recovers.</summary>
    public bool IsFiring => State is AlertState.Firing or AlertState.Recovering;
}

/// <summary>What happened.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertEventKind>))]
public enum AlertEventKind
{
    /// <summary>It began to fire.</summary>
    [JsonStringEnumMemberName("fired")] Fired,

    /// <summary>It was resolved.</summary>
    [JsonStringEnumMemberName("resolved")] Resolved,
}

/// <summary>An alert that began or ended. There is at most one of a kind for a rule, line and generation.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Severity">How grave, by the version of the rule that asked.</param>
/// <param name="Test">The measurement as it was when it was tested.</param>
/// <param name="Threshold">The threshold of that version.</param>
/// <param name="Revised">Whether later imports have changed the measurement since; it is not tested again.</param>
public sealed record AlertEvent(AlertEventKind Kind, AlertSeverity Severity, AlertTest Test, double Threshold, bool Revised);

/// <summary>What an evaluation of a lineage gives. Equal inputs give equal outcomes, whatever the order of their parts.</summary>
public sealed record AlertOutcome
{
    /// <summary>All tests, those made before and now, by rule, line and generation.</summary>
    public required IReadOnlyList<AlertTest> Tests { get; init; }

    /// <summary>Rules that are on, on each line that they watch, by rule and line.</summary>
    public required IReadOnlyList<RuleOnLine> States { get; init; }

    /// <summary>Events by generation, rule and line.</summary>
    public required IReadOnlyList<AlertEvent> Events { get; init; }
}
