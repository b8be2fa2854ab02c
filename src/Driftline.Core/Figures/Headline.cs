using Driftline.Core.Measures;
using Driftline.Core.Suites;

namespace Driftline.Core.Figures;

/// <summary>What a tile says of one series: the line that stands out most (for the worse, if any does), its value, and one computed sentence.</summary>
public sealed record Headline
{
    /// <summary>The line that moved most beyond what its interval or noise floor explains.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The generation of the value, the last one that the line has.</summary>
    public required int Generation { get; init; }

    /// <summary>The value in the unit that people say: ".875", "−3.3 points".</summary>
    public required string Value { get; init; }

    /// <summary>What the value must not stand without: its interval or its noise floor.</summary>
    public required string Beside { get; init; }

    /// <summary>Units of analysis.</summary>
    public required int N { get; init; }

    /// <summary>How far it stands out: 1 is the edge of its interval or noise floor.</summary>
    public required double Strength { get; init; }

    /// <summary>What the numbers say, in words.</summary>
    public required string Sentence { get; init; }

    /// <summary>Makes the headline of a series.</summary>
    /// <param name="input">The series. A level is judged by <see cref="LineFigureInput.SinceOrigin"/>, where there is one.</param>
    /// <returns>The headline; null when no shown line has a value beyond its origin.</returns>
    public static Headline? Of(LineFigureInput input)
    {
        input = input.ForInterval();
        var scale = MeasureScale.Of(input.Series, input.Definition);
        var judged = input.Series.Baseline == Baseline.None ? input.SinceOrigin ?? input.Series : input.Series;
        var levels = new LanePoints(input, scale);
        var verdicts = input.Lanes.All
            .Where(lane => !lane.IsReference && input.View.Shows(lane))
            .Select(lane => Verdict.Of(lane, judged, scale, input.View))
            .OfType<Verdict>()
            .ToList();
        if (verdicts.Count == 0)
        {
            return null;
        }

        // What gets worse is news before what gets better.
        var lead = verdicts
            .OrderByDescending(verdict => verdict.Stands && verdict.Floor is null && IsWorse(judged.Worse, verdict.Sign))
            .ThenByDescending(verdict => verdict.Strength)
            .First();
        var level = levels.Line(lead.Lane).Points.LastOrDefault(point => point.Generation == lead.Last.Generation && point.Value is not null);
        if (level is null)
        {
            return null;
        }

        return new Headline
        {
            Lane = lead.Lane,
            Generation = level.Generation,
            Value = scale.Text(level.Value),
            Beside = lead.Floor is { } floor ? $"noise floor {NumberFormat.Number(floor)}" : IntervalOf(level, scale),
            N = level.N,
            Strength = lead.Strength,
            Sentence = Sentences(input, judged, scale, lead, [.. verdicts.Where(verdict => verdict != lead)]),
        };
    }

    private static string IntervalOf(FigurePoint point, MeasureScale scale) =>
        scale is { IsDifference: true, IsShare: true } ? NumberFormat.PointsInterval(point.Lo, point.Hi) : NumberFormat.Interval(point.Lo, point.Hi);

    private static string Sentences(LineFigureInput input, MeasureSeries judged, MeasureScale scale, Verdict lead, List<Verdict> others)
    {
        if (scale.IsDistance && lead.Floor is null)
        {
            return $"No noise floor at generation {lead.Last.Generation}: nothing says how much of it is sampling.";
        }

        var first = lead.Floor is not null ? FloorSentence(lead, judged.Baseline)
            : judged == input.Series && judged.Baseline == Baseline.None ? PlainSentence(lead, scale)
            : ChangeSentence(judged == input.Series, judged, scale, lead);
        return string.Join(' ', new[] { first, TrainingSentence(input, lead), others.Count == 0 ? null : OthersSentence(lead, others) }.Where(sentence => sentence is not null));
    }

    private static string FloorSentence(Verdict lead, Baseline baseline)
    {
        if (!lead.Stands)
        {
            return $"Within its noise floor at generation {lead.Last.Generation}.";
        }

        var side = lead.Last.Estimate is { FloorMean: { } expected, FloorP95: { } far } && far < expected ? "Below" : "Above";
        return baseline == Baseline.Parent || lead.Since is not { } since || since == lead.Last.Generation
            ? $"{side} its noise floor at generation {lead.Last.Generation}."
            : $"{side} its noise floor since generation {since}.";
    }

    private static string ChangeSentence(bool valueIsChange, MeasureSeries judged, MeasureScale scale, Verdict lead)
    {
        var estimate = lead.Last.Estimate;
        var change = estimate.Value!.Value - lead.Neutral;
        var since = judged.Baseline.Kind switch
        {
            BaselineKind.None or BaselineKind.Origin => "since generation 0",
            BaselineKind.Parent => $"since generation {lead.Last.Generation - 1}",
            _ => judged.Baseline.InWords(),
        };
        var moved = valueIsChange
            ? ""
            : $"{Direction(change)} {Magnitude(change, scale)} {(scale.IsShare ? NumberFormat.PointsInterval(estimate.Lo, estimate.Hi) : NumberFormat.Interval(estimate.Lo, estimate.Hi))}".TrimEnd()
                + $" {since}";
        if (!lead.Stands)
        {
            return moved.Length == 0 ? "Within its interval: no change shown." : moved + ": within the interval.";
        }

        var start = lead.Since is { } from && from < lead.Last.Generation && judged.Baseline != Baseline.Parent
            ? $"beyond its interval since generation {from}"
            : "beyond its interval";
        var verdict = start + Judgement(judged.Worse, change);
        return moved.Length == 0 ? Capitalised(verdict) : $"{moved}: {verdict}.";
    }

    /// <summary>Whether another seed could have done it, where that is known and the intervals do not hold it already.</summary>
    private static string? TrainingSentence(LineFigureInput input, Verdict lead) =>
        !lead.Stands || !lead.KnowsTraining || input.View.Interval != IntervalKind.Model ? null
        : lead.SinceTraining is not { } since ? "No more than training noise explains."
        : since == lead.Last.Generation ? "More than training noise explains."
        : $"More than training noise explains since generation {since}.";

    private static string PlainSentence(Verdict lead, MeasureScale scale)
    {
        var change = lead.Last.Estimate.Value!.Value - lead.Neutral;
        return $"{Direction(change)} {Magnitude(change, scale)} since generation {lead.FirstGeneration}.";
    }

    private static string OthersSentence(Verdict lead, List<Verdict> others)
    {
        var standing = others.Where(verdict => verdict.Stands).ToList();
        var judge = lead.Floor is not null ? "noise floor" : "interval";
        if (lead.Last.Estimate is { Lo: null, FloorP95: null })
        {
            return $"{Names(others)} moved less.";
        }

        if (standing.Count == 0)
        {
            return $"{Names(others)} {(others.Count == 1 ? "stays" : "stay")} within {(others.Count == 1 ? "its" : "their")} {judge}{(others.Count == 1 ? "" : "s")}.";
        }

        var same = standing.Where(verdict => lead.Floor is not null || verdict.Sign == lead.Sign).ToList();
        var against = standing.Except(same).ToList();
        var parts = new List<string>();
        if (against.Count > 0)
        {
            parts.Add($"{Names(against)} moved the other way");
        }

        if (same.Count > 0)
        {
            parts.Add($"{Names(same)} {(lead.Floor is not null ? (same.Count == 1 ? "is beyond its floor" : "are beyond their floors") : "moved the same way")} too");
        }

        return string.Join("; ", parts) + ".";
    }

    private static string Names(List<Verdict> verdicts) => verdicts.Count switch
    {
        <= 2 => string.Join(" and ", verdicts.Select(verdict => verdict.Lane.Label)),
        _ => NumberFormat.Count(verdicts.Count, "other line"),
    };

    private static string Judgement(WorseDirection? worse, double change) =>
        worse is null ? "" : IsWorse(worse, change) ? ", for the worse" : ", for the better";

    private static bool IsWorse(WorseDirection? worse, double change) =>
        worse switch { WorseDirection.Higher => change > 0, WorseDirection.Lower => change < 0, _ => false };

    private static string Direction(double change) => change > 0 ? "Up" : change < 0 ? "Down" : "Changed by";

    private static string Magnitude(double change, MeasureScale scale) =>
        scale.IsShare ? NumberFormat.Points(Math.Abs(change)).TrimStart('+') : NumberFormat.Number(Math.Abs(change));

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
