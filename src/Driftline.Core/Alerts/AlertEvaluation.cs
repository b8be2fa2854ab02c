using Driftline.Core.Measures;
using Driftline.Core.Records;

namespace Driftline.Core.Alerts;

/// <summary>
/// Decides alerts: a pure function of measurements, rules, closed generations and the tests made before. A generation is tested by a
/// rule once, when it is closed and has a value; what follows (states, events) is a fold over the tests in order of generation, so
/// that a replay of a lineage ends with the same whatever the order of import.
/// </summary>
public static class AlertEvaluation
{
    /// <summary>Evaluates all rules of a lineage.</summary>
    public static AlertOutcome Run(AlertInput input)
    {
        var prior = input.Tests.ToDictionary(test => (test.Rule, test.Line, test.Generation));
        var points = input.Points.ToDictionary(
            series => series.Key, series => series.Value.ToDictionary(point => (new AlertLine(point.Branch, point.Seed), point.Generation)));
        var tests = new List<AlertTest>();
        var states = new List<RuleOnLine>();
        var events = new List<AlertEvent>();
        foreach (var history in input.Rules.OrderBy(rule => rule.Id, StringComparer.Ordinal))
        {
            foreach (var line in input.Lines.OrderBy(line => line.Line.Branch, StringComparer.Ordinal).ThenBy(line => line.Line.Seed, StringComparer.Ordinal))
            {
                var fold = new RuleFold(history, line.Line);
                foreach (var generation in line.Generations.OrderBy(generation => generation.Generation))
                {
                    fold.Take(Look(generation, history, line.Line));
                }

                tests.AddRange(fold.Tests);
                events.AddRange(fold.Events.Select(raised => raised with { Revised = IsRevised(raised.Test, history) }));
                if (history.Current.IsOn && history.Current.Rule.Covers(line.Line))
                {
                    states.Add(fold.Finish());
                }
            }
        }

        return new AlertOutcome
        {
            Tests = tests,
            States = states,
            Events = [.. events.OrderBy(raised => raised.Test.Generation)],
        };

        Sight Look(LineGeneration generation, RuleHistory history, AlertLine line)
        {
            var at = generation.Generation;
            if (history.InForce(line, at) is not { } version)
            {
                return new Sight(at, StepVerdict.BeforeRule, null, null, $"rule \"{history.Current.Rule.Name}\" was made after generation {at}: what it shows there is exploratory");
            }

            if (!version.IsOn || !version.Rule.Covers(line))
            {
                return new Sight(at, StepVerdict.Off, version, null, null);
            }

            if (prior.TryGetValue((history.Id, line, at), out var done))
            {
                return new Sight(at, StepVerdict.Tested, version, done, null);
            }

            if (Unfinished(generation, line, input.Rules) is { } open)
            {
                return new Sight(at, StepVerdict.Open, version, null, open);
            }

            var point = points.GetValueOrDefault(version.Rule.Series)?.GetValueOrDefault((line, at));
            return WhyNot(point, version.Rule, generation, line) is { } missing
                ? new Sight(at, StepVerdict.NoData, version, null, missing)
                : new Sight(at, StepVerdict.Tested, version, TestOf(point!, version, line), null);
        }

        bool IsRevised(AlertTest test, RuleHistory history)
        {
            var series = history.InForce(test.Line, test.Generation)!.Rule.Series;
            var now = points.GetValueOrDefault(series)?.GetValueOrDefault((test.Line, test.Generation))?.Estimate;
            return (now?.Value, now?.Lo, now?.Hi) != (test.Value, test.Lo, test.Hi);
        }
    }

    /// <summary>
    /// Why a generation is still open: a suite of a rule that applies to it has no complete evaluation. Null when it is closed.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="line">Its line.</param>
    /// <param name="rules">All rules of the lineage.</param>
    public static string? Unfinished(LineGeneration generation, AlertLine line, IEnumerable<RuleHistory> rules)
    {
        if (generation.ClosedByHand)
        {
            return null;
        }

        var missing = rules
            .Select(rule => rule.InForce(line, generation.Generation))
            .Where(version => version is { IsOn: true } && version.Rule.Covers(line))
            .Select(version => version!.Rule.Series.Suite)
            .Distinct(StringComparer.Ordinal)
            .Where(suite => !generation.Suites.TryGetValue(suite, out var status) || status != EvaluationStatus.Success)
            .Order(StringComparer.Ordinal)
            .ToList();
        return missing.Count == 0
            ? null
            : $"generation {generation.Generation} of {line} is still open: {string.Join(", ", missing)} {(missing.Count == 1 ? "has" : "have")} no complete evaluation there; import it, or close the generation by hand";
    }

    private static string? WhyNot(SeriesPoint? point, AlertRule rule, LineGeneration generation, AlertLine line)
    {
        var place = $"generation {generation.Generation} of {line}";
        return point?.Estimate switch
        {
            null => $"{place} has no {rule.Series.Measure} of {rule.Series.Suite}",
            { Status: MeasureStatus.Provisional } when !generation.ClosedByHand => $"{place} is provisional: {Lower(point.Estimate.Reason ?? "what it compares with is not complete")}",
            { Value: null } estimate => $"{place} {(estimate.Status == MeasureStatus.NotComparable ? "is not comparable" : "has no value")}: {Lower(estimate.Reason ?? estimate.Status.ToString())}",
            { } estimate when rule.Badness(estimate.Value, estimate.Lo, estimate.Hi) is null => $"{place} has no interval of {rule.Series.Measure}; let the rule test the point instead (\"on\": \"point\")",
            _ => null,
        };
    }

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    private static AlertTest TestOf(SeriesPoint point, RuleVersion version, AlertLine line) => new()
    {
        Rule = version.Rule.Id,
        Line = line,
        Generation = point.Generation,
        Version = version.Number,
        Model = point.Model,
        Value = point.Estimate.Value!.Value,
        Lo = point.Estimate.Lo,
        Hi = point.Estimate.Hi,
        StdErr = point.Estimate.StdErr,
        N = point.Estimate.N,
    };
}

/// <summary>What a rule sees at a generation, before it is folded into the state.</summary>
internal sealed record Sight(int Generation, StepVerdict Verdict, RuleVersion? Version, AlertTest? Test, string? Reason);
