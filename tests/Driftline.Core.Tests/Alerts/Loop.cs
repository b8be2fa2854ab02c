using System.Collections.Immutable;
using Driftline.Core.Alerts;
using Driftline.Core.Measures;
using Driftline.Core.Records;

namespace Driftline.Core.Tests.Alerts;

/// <summary>A small loop to try rules on: one suite, values by line and generation, with intervals of ± .05.</summary>
internal static class Loop
{
    public static readonly AlertLine Replace = new("replace", "1");
    public static readonly AlertLine Accumulate = new("accumulate", null);
    public static readonly WatchedSeries Drift = new("js_distance", "values", null, Baseline.Origin);

    private static readonly Dictionary<string, EvaluationStatus> Complete = new(StringComparer.Ordinal) { ["values"] = EvaluationStatus.Success };

    public static AlertRule Rule(double threshold = .3) => new() { Id = "r1", Name = "values drift", Series = Drift, Threshold = threshold, Severity = AlertSeverity.Page };

    public static RuleHistory Made(AlertRule rule) => new([new RuleVersion(1, rule, ImmutableDictionary<AlertLine, int>.Empty)]);

    public static SeriesPoint Point(AlertLine line, int generation, double? value, MeasureStatus status = MeasureStatus.Ok) => new(
        line.Branch,
        line.Seed,
        generation,
        $"m{generation}",
        value is { } known ? new Estimate { Value = known, Lo = known - .05, Hi = known + .05, N = 100, Status = status } : Estimate.Without(status, "Nothing there."));

    public static LineGeneration Closed(int generation) => new(generation, Complete);

    public static LineGeneration Open(int generation, bool byHand = false) =>
        new(generation, new Dictionary<string, EvaluationStatus>(StringComparer.Ordinal) { ["values"] = EvaluationStatus.Started }, byHand);

    /// <summary>A line from generation 1 on with these values, all closed.</summary>
    public static AlertInput Of(RuleHistory rule, params double?[] values) => new()
    {
        Lines = [new LineHistory(Replace, [.. values.Select((_, index) => Closed(index + 1))])],
        Rules = [rule],
        Points = new Dictionary<WatchedSeries, IReadOnlyList<SeriesPoint>>
        {
            [rule.Current.Rule.Series] = [.. values.Select((value, index) => Point(Replace, index + 1, value, value is null ? MeasureStatus.NotComparable : MeasureStatus.Ok))],
        },
    };

    public static IEnumerable<string> Told(AlertOutcome outcome) =>
        outcome.Events.Select(raised => $"{raised.Kind} {raised.Test.Line} {raised.Test.Generation}{(raised.Revised ? " revised" : "")}");
}
