using Driftline.Core.Measures;

namespace Driftline.Core.Figures;

/// <summary>Whether what one lane shows at its last generation stands out from its interval or noise floor, and since when.</summary>
internal sealed record Verdict
{
    public required Lane Lane { get; init; }

    /// <summary>The last measurement with a value.</summary>
    public required SeriesPoint Last { get; init; }

    /// <summary>What "no change" would be: the neutral value, or the line's first value of a level without paired changes.</summary>
    public required double Neutral { get; init; }

    /// <summary>The line's first generation.</summary>
    public required int FirstGeneration { get; init; }

    /// <summary>The noise floor at the last generation, for a distance.</summary>
    public double? Floor { get; init; }

    /// <summary>How far it stands out: 1 is the edge of the interval or the floor. Without either, the plain size of the change.</summary>
    public required double Strength { get; init; }

    /// <summary>Whether it stands out; false where nothing says so.</summary>
    public required bool Stands { get; init; }

    /// <summary>Sign of the change.</summary>
    public required int Sign { get; init; }

    /// <summary>The first generation from which on every value stands out in the same direction.</summary>
    public int? Since { get; init; }

    /// <summary>Whether training noise is known at the last generation, so that <see cref="SinceTraining"/> says something.</summary>
    public required bool KnowsTraining { get; init; }

    /// <summary>The first generation from which on every value is farther from no change than prompts and training noise explain; null when the last one is not.</summary>
    public int? SinceTraining { get; init; }

    public static Verdict? Of(Lane lane, MeasureSeries series, MeasureScale scale, FigureView view)
    {
        var points = series.Points
            .Where(point => point.Branch == lane.Branch && point.Seed == lane.Seed && view.Shows(point.Generation) && point.Estimate.Value is not null)
            .OrderBy(point => point.Generation)
            .ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var last = points[^1];
        var first = StartOf(lane, series) ?? points[0];
        var neutral = series.Baseline == Baseline.None ? first.Estimate.Value!.Value : scale.Neutral ?? 0;
        if (series.Baseline == Baseline.None && last == first)
        {
            return null;
        }

        var since = FirstOf(points, neutral, point => StandsOut(point, neutral, series.Baseline, scale));
        return new Verdict
        {
            Lane = lane,
            Last = last,
            Neutral = neutral,
            FirstGeneration = first.Generation,
            Floor = last.Estimate.FloorP95,
            Strength = StrengthOf(last, neutral),
            Stands = since is not null,
            Sign = SignOf(last, neutral),
            Since = since,
            KnowsTraining = last.Recipe is not null && series.Baseline != Baseline.None && !scale.IsDistance && last.Estimate.FloorP95 is null,
            SinceTraining = FirstOf(points, neutral, point => point.Recipe is { } recipe && (recipe.Lo > neutral || recipe.Hi < neutral)),
        };
    }

    /// <summary>The first generation from which on every value stands out in the direction of the last one; null when that does not.</summary>
    private static int? FirstOf(List<SeriesPoint> points, double neutral, Func<SeriesPoint, bool> standsOut)
    {
        int? since = null;
        foreach (var point in Enumerable.Reverse(points))
        {
            if (!standsOut(point) || SignOf(point, neutral) != SignOf(points[^1], neutral))
            {
                break;
            }

            since = point.Generation;
        }

        return since;
    }

    private static SeriesPoint? StartOf(Lane lane, MeasureSeries series) => lane.Joint is { } joint
        ? series.Points.FirstOrDefault(point =>
            (point.Branch, point.Seed, point.Generation) == (joint.Key.Branch, joint.Key.Seed, joint.Key.Generation) && point.Estimate.Value is not null)
        : null;

    private static bool StandsOut(SeriesPoint point, double neutral, Baseline baseline, MeasureScale scale) => point.Estimate switch
    {
        { BeyondFloor: { } beyond } => beyond,
        // A distance is never 0, changed or not; without a floor nothing says how much of it is noise.
        _ when scale.IsDistance => false,
        // The interval of a level is about the level, not about its change.
        { Lo: { } lo, Hi: { } hi } when baseline != Baseline.None => lo > neutral || hi < neutral,
        _ => false,
    };

    private static double StrengthOf(SeriesPoint point, double neutral)
    {
        if (point.Estimate is { Value: { } value, FloorP95: { } low, FloorMean: { } expected } && low < expected)
        {
            return (expected - value) / (expected - low);
        }

        var change = Math.Abs(point.Estimate.Value!.Value - neutral);
        var yardstick = point.Estimate switch
        {
            { FloorP95: { } floor and > 0 } => floor,
            { Lo: { } lo, Hi: { } hi } when hi > lo => (hi - lo) / 2,
            _ => 1,
        };
        return change / yardstick;
    }

    private static int SignOf(SeriesPoint point, double neutral) =>
        point.Estimate.FloorP95 is not null ? 1 : Math.Sign(point.Estimate.Value!.Value - neutral);
}
