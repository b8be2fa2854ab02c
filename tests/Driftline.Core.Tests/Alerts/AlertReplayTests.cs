using System.Collections.Immutable;
using System.Text.Json;
using Driftline.Core.Alerts;
using Driftline.Core.Measures;
using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Alerts;

/// <summary>Imports in any order, each followed by an evaluation that remembers the tests before it, end with the same bytes.</summary>
public sealed class AlertReplayTests
{
    private const int Generations = 8;
    private static readonly AlertLine[] Lines = [new("replace", "1"), new("replace", "2"), new("accumulate", null)];

    private static readonly ImmutableArray<RuleHistory> Rules =
    [
        Loop.Made(Loop.Rule(.25) with { Id = "origin", For = 2, Recovery = .2, RecoveryFor = 2 }),
        Loop.Made(Loop.Rule(.12) with { Id = "parent", Series = Loop.Drift with { Baseline = Baseline.Parent }, Basis = AlertBasis.Point }),
        Loop.Made(Loop.Rule(.4) with { Id = "level", Series = Loop.Drift with { Measure = "rate", Baseline = Baseline.None }, Branches = ["replace"] }),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_replay_ends_with_the_same_whatever_the_order_of_import(int seed)
    {
        var inOrder = Logs().ToList();
        var shuffled = inOrder.ToArray();
        var random = new SeededRandom((ulong)seed);
        random.DrawToFront(shuffled.AsSpan(), shuffled.Length - 1);

        var expected = Replay(inOrder);

        Assert.Contains("fired", expected, StringComparison.Ordinal);
        Assert.Contains("resolved", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Replay(shuffled));
        Assert.Equal(expected, Replay([.. inOrder.AsEnumerable().Reverse()]));
    }

    /// <summary>One log a generation, and the shared generation 0.</summary>
    private static IEnumerable<(AlertLine Line, int Generation)> Logs() =>
        Enumerable.Range(1, Generations).SelectMany(generation => Lines.Select(line => (line, generation))).Prepend((new AlertLine("root", null), 0));

    private static string Replay(IReadOnlyList<(AlertLine Line, int Generation)> logs)
    {
        var outcome = AlertEvaluation.Run(Known([], []));
        for (var count = 1; count <= logs.Count; count++)
        {
            outcome = AlertEvaluation.Run(Known(logs.Take(count).ToHashSet(), outcome.Tests));
        }

        return JsonSerializer.Serialize(outcome);
    }

    private static AlertInput Known(HashSet<(AlertLine Line, int Generation)> logs, IReadOnlyList<AlertTest> tests) => new()
    {
        Lines = [.. Lines
            .Select(line => new LineHistory(line, [.. logs.Where(log => log.Line == line).Select(log => Loop.Closed(log.Generation))]))
            .Where(line => line.Generations.Count > 0)],
        Rules = Rules,
        Points = Rules.Select(rule => rule.Current.Rule.Series).ToDictionary(
            series => series,
            series => (IReadOnlyList<SeriesPoint>)[.. logs.Where(log => log.Generation > 0).Select(log => Point(series, log.Line, log.Generation, logs))]),
        Tests = tests,
    };

    /// <summary>As the measures have it: no value as long as what it compares with was not imported.</summary>
    private static SeriesPoint Point(WatchedSeries series, AlertLine line, int generation, HashSet<(AlertLine Line, int Generation)> logs)
    {
        var level = Level(line, generation);
        var parent = generation == 1 ? (new AlertLine("root", null), 0) : (line, generation - 1);
        return series.Baseline.Kind switch
        {
            BaselineKind.Origin => Loop.Point(line, generation, logs.Contains((new AlertLine("root", null), 0)) ? level : null, MeasureStatusOf(logs.Contains((new AlertLine("root", null), 0)))),
            BaselineKind.Parent => Loop.Point(line, generation, logs.Contains(parent) ? level - Level(line, generation - 1) : null, MeasureStatusOf(logs.Contains(parent))),
            _ => Loop.Point(line, generation, .2 + level),
        };
    }

    private static MeasureStatus MeasureStatusOf(bool known) => known ? MeasureStatus.Ok : MeasureStatus.NoData;

    private static double Level(AlertLine line, int generation) =>
        generation == 0 ? 0 : .25 + (.25 * Math.Sin((generation * .9) + line.Branch.Length + (line.Seed?.Length ?? 0)));
}
