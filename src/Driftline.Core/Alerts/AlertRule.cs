using System.Text.Json.Serialization;
using Driftline.Core.Measures;

namespace Driftline.Core.Alerts;

/// <summary>What a rule promises about false alarms.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertTier>))]
public enum AlertTier
{
    /// <summary>A bare threshold: no promise about false alarms.</summary>
    [JsonStringEnumMemberName("plain")] Plain,
}

/// <summary>How grave an alert is; <c>check</c> exits 10 or 20 for it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertSeverity>))]
public enum AlertSeverity
{
    /// <summary>To be looked at; amber.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>The loop should stop; red.</summary>
    [JsonStringEnumMemberName("page")] Page,
}

/// <summary>On which side of its threshold a measure fires.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertCondition>))]
public enum AlertCondition
{
    /// <summary>Above the threshold.</summary>
    [JsonStringEnumMemberName("above")] Above,

    /// <summary>Below the threshold.</summary>
    [JsonStringEnumMemberName("below")] Below,

    /// <summary>Further from 0 than the threshold, on either side.</summary>
    [JsonStringEnumMemberName("outside")] Outside,
}

/// <summary>What of a measurement must lie beyond the threshold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertBasis>))]
public enum AlertBasis
{
    /// <summary>
    /// The near end of its 95 % interval: the lower end for "above", the upper for "below". One-sided, that end is a 97.5 % bound.
    /// </summary>
    [JsonStringEnumMemberName("bound")] Bound,

    /// <summary>The value itself, whatever its interval.</summary>
    [JsonStringEnumMemberName("point")] Point,
}

/// <summary>A line of a lineage: one branch, or one seed of it.</summary>
/// <param name="Branch">The branch.</param>
/// <param name="Seed">The seed; null where the branch has one.</param>
public sealed record AlertLine(string Branch, string? Seed)
{
    /// <summary>As people read it: "replace s1".</summary>
    public override string ToString() => Figures.LineageLanes.LabelOf(Branch, Seed);
}

/// <summary>The measurements that a rule watches.</summary>
/// <param name="Measure">The measure's id.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Slice">The slice; null is the whole suite.</param>
/// <param name="Baseline">What its values compare with.</param>
public sealed record WatchedSeries(string Measure, string Suite, string? Slice, Baseline Baseline);

/// <summary>One measure, one threshold, one tier, on the lines of a lineage.</summary>
public sealed record AlertRule
{
    /// <summary>Tells it from the lineage's other rules; stays when it is edited.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique in the lineage.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is tested at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What it promises.</summary>
    public AlertTier Tier { get; init; }

    /// <summary>How grave its alerts are.</summary>
    public AlertSeverity Severity { get; init; }

    /// <summary>What it watches.</summary>
    public required WatchedSeries Series { get; init; }

    /// <summary>Branches that it watches; empty is all.</summary>
    public IReadOnlyList<string> Branches { get; init; } = [];

    /// <summary>Lines that it watches of the branches named here; of other branches it watches all seeds.</summary>
    public IReadOnlyList<AlertLine> Seeds { get; init; } = [];

    /// <summary>On which side of the threshold it fires.</summary>
    public AlertCondition Condition { get; init; }

    /// <summary>In the measure's unit (a share of .1 for 10 points); at least 0 for <see cref="AlertCondition.Outside"/>.</summary>
    public required double Threshold { get; init; }

    /// <summary>What of the measurement must lie beyond it.</summary>
    public AlertBasis Basis { get; init; }

    /// <summary>Successive tested generations beyond the threshold until it fires; at least 1.</summary>
    public int For { get; init; } = 1;

    /// <summary>Where it counts as recovered, on the harmless side of the threshold; null is the threshold itself.</summary>
    public double? Recovery { get; init; }

    /// <summary>Successive tested generations on the harmless side until it is resolved; at least 1.</summary>
    public int RecoveryFor { get; init; } = 1;

    /// <summary>The owner's note: who looks after it, what to do when it fires.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it watches a line.</summary>
    public bool Covers(AlertLine line) =>
        (Branches.Count == 0 || Branches.Contains(line.Branch, StringComparer.Ordinal))
        && (line.Seed is null || !Seeds.Any(seed => seed.Branch == line.Branch) || Seeds.Contains(line));

    /// <summary>Whether another version of the rule asks the same question: an answer to one is an answer to the other.</summary>
    public bool TestsTheSame(AlertRule other) =>
        Series == other.Series
        && (Tier, Condition, Threshold, Basis, For, Recovery, RecoveryFor)
            == (other.Tier, other.Condition, other.Threshold, other.Basis, other.For, other.Recovery, other.RecoveryFor);

    /// <summary>
    /// The number that is compared with the threshold, turned so that more is worse; null where the measurement lacks it (no value, or
    /// no interval although the rule tests its bound).
    /// </summary>
    public double? Badness(double? value, double? lo, double? hi)
    {
        var low = Basis == AlertBasis.Point ? value : lo;
        var high = Basis == AlertBasis.Point ? value : hi;
        return value is null ? null : Condition switch
        {
            AlertCondition.Above => low,
            AlertCondition.Below => -high,
            _ => low is { } l && high is { } h ? Math.Max(l, -h) : null,
        };
    }

    /// <summary>Whether a number of <see cref="Badness"/> is beyond the threshold.</summary>
    public bool Crosses(double badness) => badness > Turned(Threshold);

    /// <summary>Whether a number of <see cref="Badness"/> counts as recovered.</summary>
    public bool Recovers(double badness) => badness <= Turned(Recovery ?? Threshold);

    private double Turned(double threshold) => Condition == AlertCondition.Below ? -threshold : threshold;
}
