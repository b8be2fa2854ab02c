using Driftline.Core.Measures;
using Driftline.Core.Records;

namespace Driftline.Core.Alerts;

/// <summary>What a rule would have done on the measurements that are there: exploratory, since whoever chose the threshold could see them.</summary>
public static class AlertPreview
{
    /// <summary>Tries a rule.</summary>
    /// <param name="rule">The rule; its name and id do not matter.</param>
    /// <param name="points">The measurements of what it watches.</param>
    /// <param name="lines">The lines to try it on.</param>
    /// <returns>The alerts that would have begun, by generation; how many generations have something to test; and why others do not.</returns>
    public static AlertTrial Of(AlertRule rule, IReadOnlyList<SeriesPoint> points, IReadOnlyCollection<AlertLine> lines)
    {
        var complete = new Dictionary<string, EvaluationStatus>(StringComparer.Ordinal) { [rule.Series.Suite] = EvaluationStatus.Success };
        var outcome = AlertEvaluation.Run(new AlertInput
        {
            Lines = [.. lines.Select(line => new LineHistory(
                line,
                [.. points
                    .Where(point => point.Branch == line.Branch && point.Seed == line.Seed)
                    .Select(point => new LineGeneration(point.Generation, complete, ClosedByHand: true))]))],
            Rules = [new RuleHistory([RuleVersion.Next(null, rule with { Enabled = true }, deleted: false, Nothing, Nothing)])],
            Points = new Dictionary<WatchedSeries, IReadOnlyList<SeriesPoint>> { [rule.Series] = points },
        });
        return new AlertTrial(
            [.. outcome.Events.Where(raised => raised.Kind == AlertEventKind.Fired)],
            outcome.Tests.Count,
            outcome.States.SelectMany(state => state.Steps).FirstOrDefault(step => step.Verdict == StepVerdict.NoData)?.Reason);
    }

    private static readonly IReadOnlyDictionary<AlertLine, int> Nothing = new Dictionary<AlertLine, int>();
}

/// <summary>How a rule would have fared.</summary>
/// <param name="Fired">Alerts that would have begun, by generation.</param>
/// <param name="Tested">Generations with something to test, over all lines.</param>
/// <param name="Untested">Why the first of the others has nothing to test; null when there is none.</param>
public sealed record AlertTrial(IReadOnlyList<AlertEvent> Fired, int Tested, string? Untested);
