using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Storage.Queries;
using Driftline.Web.Components.Shared;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>A generation of one line, as a column of the list.</summary>
/// <param name="Node">The generation.</param>
/// <param name="Evaluation">Its current evaluation of the suite.</param>
/// <param name="Baseline">The evaluation that it is compared with; null where there is none.</param>
public sealed record SampleColumn(NodeSummary Node, EvaluationSummary Evaluation, EvaluationSummary? Baseline)
{
    /// <summary>Most columns at a time: more do not fit beside a prompt.</summary>
    public const int Most = 12;

    /// <summary>The generation.</summary>
    public int Generation => Node.Key.Generation;

    /// <summary>
    /// The generations of a line that have samples of the suite and lie in the view's range, each with what it is compared with. The
    /// origin stands first even where the range leaves it out, if it is the baseline.
    /// </summary>
    /// <param name="scope">The lineage and the view of it.</param>
    /// <param name="snapshot">Its evaluations.</param>
    /// <param name="suite">The suite.</param>
    /// <param name="lane">The line.</param>
    public static IReadOnlyList<SampleColumn> Of(LineageScope scope, LineageSnapshot snapshot, SuiteSummary suite, Lane lane)
    {
        var byKey = scope.Nodes.ToDictionary(node => node.Key);
        return
        [
            .. (lane.Joint is { } joint ? lane.Nodes.Prepend(joint) : lane.Nodes)
                .Select(node => byKey.GetValueOrDefault(node.Key))
                .OfType<NodeSummary>()
                .Where(node => scope.View.Shows(node.Key.Generation) || (scope.View.Baseline.Kind == BaselineKind.Origin && node.OriginId == node.Id))
                .Select(node => (Node: node, Evaluation: snapshot.Current(node.Id, suite.Id)))
                .Where(column => column.Evaluation is { Samples: > 0 })
                .Select(column => new SampleColumn(column.Node, column.Evaluation!, BaselineOf(scope, snapshot, suite, column.Node))),
        ];
    }

    /// <summary>Those that fit: the first, the chosen ones and the last; all where they fit.</summary>
    /// <param name="columns">In order of generation.</param>
    /// <param name="chosen">Generations that must be among them.</param>
    public static IReadOnlyList<SampleColumn> Fitting(IReadOnlyList<SampleColumn> columns, IReadOnlyCollection<int> chosen)
    {
        if (columns.Count <= Most)
        {
            return columns;
        }

        var kept = columns.Where(column => chosen.Contains(column.Generation)).Take(Most - 1).Prepend(columns[0]).ToHashSet();
        foreach (var column in columns.Reverse())
        {
            if (kept.Count < Most)
            {
                kept.Add(column);
            }
        }

        return [.. columns.Where(kept.Contains)];
    }

    private static EvaluationSummary? BaselineOf(LineageScope scope, LineageSnapshot snapshot, SuiteSummary suite, NodeSummary node) =>
        snapshot.Baseline(node, scope.View.Baseline)?.Node is { } baseline ? snapshot.Current(baseline.Id, suite.Id) : null;
}
