using Driftline.Core.Measures;
using Driftline.Core.Records;

namespace Driftline.Core.Alerts;

/// <summary>All that alerts are decided from.</summary>
public sealed record AlertInput
{
    /// <summary>The lineage's lines with their generations.</summary>
    public required IReadOnlyList<LineHistory> Lines { get; init; }

    /// <summary>Its rules, deleted ones too: what they fired stays in the history.</summary>
    public required IReadOnlyList<RuleHistory> Rules { get; init; }

    /// <summary>Measurements of all that a version of a rule watches.</summary>
    public required IReadOnlyDictionary<WatchedSeries, IReadOnlyList<SeriesPoint>> Points { get; init; }

    /// <summary>The tests that were made before: the prior state. They are never made again.</summary>
    public IReadOnlyList<AlertTest> Tests { get; init; } = [];
}

/// <summary>A line with its own generations.</summary>
/// <param name="Line">Which.</param>
/// <param name="Generations">By generation.</param>
public sealed record LineHistory(AlertLine Line, IReadOnlyList<LineGeneration> Generations);

/// <summary>A generation of a line.</summary>
/// <param name="Generation">Its ordinal.</param>
/// <param name="Suites">How complete the current evaluation of each suite is.</param>
/// <param name="ClosedByHand">Whether a person closed it.</param>
public sealed record LineGeneration(int Generation, IReadOnlyDictionary<string, EvaluationStatus> Suites, bool ClosedByHand = false);

/// <summary>One test of one rule: made once, when its generation is closed, with the measurement as it was then.</summary>
public sealed record AlertTest
{
    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The line.</summary>
    public required AlertLine Line { get; init; }

    /// <summary>The generation.</summary>
    public required int Generation { get; init; }

    /// <summary>The version of the rule that asked.</summary>
    public required int Version { get; init; }

    /// <summary>The generation's model.</summary>
    public required string Model { get; init; }

    /// <summary>The value.</summary>
    public required double Value { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public double? Lo { get; init; }

    /// <summary>Upper end.</summary>
    public double? Hi { get; init; }

    /// <summary>Its standard error, where known.</summary>
    public double? StdErr { get; init; }

    /// <summary>Units of analysis.</summary>
    public int N { get; init; }

    /// <summary>The measurement as an estimate.</summary>
    public Estimate Estimate => new() { Value = Value, Lo = Lo, Hi = Hi, StdErr = StdErr, N = N };
}
