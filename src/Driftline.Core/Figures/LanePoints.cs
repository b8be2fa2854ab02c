using Driftline.Core.Alerts;
using Driftline.Core.Lineages;
using Driftline.Core.Measures;

namespace Driftline.Core.Figures;

/// <summary>The points of one series, lane by lane, joined to the nodes where lanes start.</summary>
internal sealed class LanePoints
{
    /// <summary>Marks the points that no measurement stands behind.</summary>
    internal const string ItselfReason = "The origin itself: no change by definition.";

    private readonly LineFigureInput _input;
    private readonly MeasureScale _scale;
    private readonly Dictionary<(string, string?, int), SeriesPoint> _points;
    private readonly Dictionary<(string, string?, int), SeriesPoint> _sinceOrigin;
    private readonly Dictionary<(string, string?, int), SeriesPoint> _sinceParent;
    private readonly bool _isLevel;

    public LanePoints(LineFigureInput input, MeasureScale scale)
    {
        _input = input;
        _scale = scale;
        _points = ByNode(input.Series);
        _sinceOrigin = ByNode(input.SinceOrigin);
        _sinceParent = ByNode(input.SinceParent);
        _isLevel = input.Series.Baseline == Baseline.None;
    }

    /// <summary>The lane's line: its joint first, then its own points; generations that were not measured are left out.</summary>
    public FigureLine Line(Lane lane)
    {
        var points = new List<FigurePoint>();
        var breaks = new List<LineBreak>();
        SeriesPoint? last = null;
        string? skipped = null;
        foreach (var (measured, joint) in Measured(lane))
        {
            if (!_input.View.Shows(measured.Generation))
            {
                continue;
            }

            points.Add(Point(lane, measured, joint, last));
            if (measured.Estimate.Value is null)
            {
                skipped ??= measured.Estimate.Reason ?? $"Generation {measured.Generation} has no value.";
                continue;
            }

            if (last is not null
                && LineBreaks.Between(last.Generation, measured.Generation, last.Comparability, measured.Comparability, skipped) is { } reason)
            {
                breaks.Add(new LineBreak(last.Generation, measured.Generation, reason));
            }

            (last, skipped) = (measured, null);
        }

        return new FigureLine
        {
            Branch = lane.Branch,
            Seed = lane.Seed,
            Label = lane.Label,
            Style = LineStyle.Of(lane),
            SeedRank = lane.SeedRank,
            Points = points,
            Breaks = breaks,
        };
    }

    /// <summary>The dashed mark at generation 0, where the shown lanes share one and the measure is a level.</summary>
    public IEnumerable<FigureMark> OriginMarks(IReadOnlyList<Lane> lanes)
    {
        if (!_isLevel)
        {
            return [];
        }

        // Branches that logged a generation 0 each, with the same answers, still have one mark.
        var origins = lanes.Select(OriginOf).OfType<NodeKey>().Distinct()
            .Select(origin => (origin.Generation, Find(origin)?.Estimate.Value))
            .Distinct()
            .ToList();
        return origins is [(var generation, { } value)] ? [new FigureMark(value, $"generation {generation}", "origin")] : [];
    }

    private IEnumerable<(SeriesPoint Measured, bool Joint)> Measured(Lane lane)
    {
        // Where nothing of its own was measured, a start that others share, or that holds by definition, is no line.
        if (!lane.Nodes.Any(node => Find(node.Key) is not null))
        {
            yield break;
        }

        if (lane.Joint is { } joint && (Find(joint.Key) ?? ByDefinition(joint)) is { } start)
        {
            yield return (start, true);
        }

        foreach (var node in lane.Nodes)
        {
            if ((Find(node.Key) ?? ByDefinition(node)) is { } point)
            {
                yield return (point, false);
            }
        }
    }

    /// <summary>
    /// A change is not measured at the origin itself: there it has its neutral value by definition. A distance is not drawn there,
    /// because even without change it would not be zero.
    /// </summary>
    private SeriesPoint? ByDefinition(LaneNode node) =>
        _input.Series.Baseline == Baseline.Origin && _scale.Neutral is { } neutral && node is { Parent: null, IsReference: false }
        && _points.Count > 0
            ? new SeriesPoint(
                node.Key.Branch,
                node.Key.Seed,
                node.Key.Generation,
                node.Model,
                new Estimate { Value = neutral, Lo = neutral, Hi = neutral, Reason = ItselfReason })
            : null;

    private FigurePoint Point(Lane lane, SeriesPoint measured, bool joint, SeriesPoint? previous)
    {
        var estimate = measured.Estimate;
        return new FigurePoint
        {
            Generation = measured.Generation,
            Value = estimate.Value,
            Lo = estimate.Value is null ? null : estimate.Lo,
            Hi = estimate.Value is null ? null : estimate.Hi,
            N = estimate.N,
            Model = measured.Model,
            Status = estimate.Status,
            Reason = estimate.Reason,
            Text = estimate.Reason == ItselfReason ? _scale.Text(estimate.Value) : _scale.Text(estimate),
            SinceOrigin = joint ? null : SinceOrigin(lane, measured),
            SinceParent = joint ? null : SinceParent(measured, previous),
            Alert = joint ? null : _input.Alerts.GetValueOrDefault((new AlertLine(measured.Branch, measured.Seed), measured.Generation)),
            Provisional = estimate.Status == MeasureStatus.Provisional,
            Joint = joint,
        };
    }

    private string? SinceOrigin(Lane lane, SeriesPoint measured)
    {
        if (!_isLevel || measured.Estimate.Value is not { } value || OriginOf(lane) is not { } origin)
        {
            return null;
        }

        if (_sinceOrigin.TryGetValue(Key(measured), out var paired))
        {
            return ChangeText(paired.Estimate);
        }

        return origin.Generation != measured.Generation && Find(origin)?.Estimate.Value is { } start ? _scale.ChangeText(value - start) : null;
    }

    private string? SinceParent(SeriesPoint measured, SeriesPoint? previous)
    {
        if (!_isLevel || measured.Estimate.Value is not { } value)
        {
            return null;
        }

        if (_sinceParent.TryGetValue(Key(measured), out var paired))
        {
            return ChangeText(paired.Estimate);
        }

        return previous is not null && previous.Generation == measured.Generation - 1 && previous.Estimate.Value is { } before
            && LineBreaks.Differences(previous.Comparability, measured.Comparability).Count == 0
            ? _scale.ChangeText(value - before)
            : null;
    }

    private string? ChangeText(Estimate change) => change.Value is null
        ? change.Reason
        : _scale.IsShare
            ? NumberFormat.PointsWithInterval(change.Value, change.Lo, change.Hi)
            : NumberFormat.SignedWithInterval(change.Value, change.Lo, change.Hi);

    /// <summary>The node at the very start of a lane's ancestry.</summary>
    private NodeKey? OriginOf(Lane lane)
    {
        // Lanes start at other lanes, never at their own descendants; the bound only guards against a log that declares a circle.
        for (var depth = 0; depth <= _input.Lanes.All.Count; depth++)
        {
            if (lane.Joint is not { } joint)
            {
                return lane.Nodes[0].Key;
            }

            if (_input.Lanes.Find(joint.Key.Branch, joint.Key.Seed) is not { } next)
            {
                return joint.Key;
            }

            lane = next;
        }

        return null;
    }

    private SeriesPoint? Find(NodeKey node) => _points.GetValueOrDefault((node.Branch, node.Seed, node.Generation));

    private static (string, string?, int) Key(SeriesPoint point) => (point.Branch, point.Seed, point.Generation);

    private static Dictionary<(string, string?, int), SeriesPoint> ByNode(MeasureSeries? series)
    {
        var byNode = new Dictionary<(string, string?, int), SeriesPoint>();
        foreach (var point in series?.Points ?? [])
        {
            byNode[Key(point)] = point;
        }

        return byNode;
    }
}
