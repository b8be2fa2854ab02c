using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Storage.Queries;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Components.Shared;

/// <summary>
/// The lineage that the page is about, and the view of it. The layout cascades it to every page under <c>lineages/NAME</c>, which
/// is rendered only once it is there; a new instance comes whenever the address or the lineage's data have changed.
/// </summary>
/// <example><code>[CascadingParameter] public required LineageScope Scope { get; set; }</code></example>
public sealed class LineageScope
{
    private readonly Action<Func<LineageView, LineageView>> _change;

    /// <summary>Joins a lineage with the view of it.</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="nodes">All its nodes.</param>
    /// <param name="suites">All its suites.</param>
    /// <param name="view">The view in the address.</param>
    /// <param name="version">Grows with every load of the lineage's data.</param>
    /// <param name="change">Makes another view of the newest that was asked for, and puts it into the address.</param>
    public LineageScope(
        LineageSummary lineage,
        IReadOnlyList<NodeSummary> nodes,
        IReadOnlyList<SuiteSummary> suites,
        LineageView view,
        int version,
        Action<Func<LineageView, LineageView>> change)
    {
        Lineage = lineage;
        Nodes = nodes;
        Suites = suites;
        Version = version;
        _change = change;
        Branches = BranchLane.Of(nodes, lineage.Branches);
        View = view.Within(Branches);
        View = AskedBaselines.Fault(View.Baseline, nodes) is null ? View : View with { Baseline = Baseline.Origin };
        var generations = nodes.Where(node => !node.IsReference).Select(node => node.Key.Generation).DefaultIfEmpty(0).ToList();
        FirstGeneration = generations.Min();
        LastGeneration = generations.Max();
    }

    /// <summary>The lineage.</summary>
    public LineageSummary Lineage { get; }

    /// <summary>All its nodes, references too.</summary>
    public IReadOnlyList<NodeSummary> Nodes { get; }

    /// <summary>All its suites.</summary>
    public IReadOnlyList<SuiteSummary> Suites { get; }

    /// <summary>The branches that get a line, with their styles, in order.</summary>
    public IReadOnlyList<BranchLane> Branches { get; }

    /// <summary>What is shown, without what this lineage does not have.</summary>
    public LineageView View { get; }

    /// <summary>Grows with every load of the lineage's data: a page that keeps what it read reads again when it has grown.</summary>
    public int Version { get; }

    /// <summary>The last generation that the experiment is to have, as a person set it; null when it is not planned.</summary>
    public int? PlannedGenerations { get; init; }

    /// <summary>The lineage's first generation.</summary>
    public int FirstGeneration { get; }

    /// <summary>The lineage's last generation.</summary>
    public int LastGeneration { get; }

    /// <summary>The first generation shown.</summary>
    public int From => FromOf(View);

    /// <summary>The last generation shown.</summary>
    public int To => ToOf(View);

    /// <summary>The style of a branch; the shared generation 0 and references have none.</summary>
    public BranchStyle? StyleOf(string branch)
    {
        return Branches.FirstOrDefault(lane => lane.Name == branch)?.Style;
    }

    /// <summary>The first generation that a view of this lineage shows.</summary>
    public int FromOf(LineageView view) => Math.Clamp(view.From ?? FirstGeneration, FirstGeneration, LastGeneration);

    /// <summary>The last generation that a view of this lineage shows.</summary>
    public int ToOf(LineageView view) => Math.Clamp(view.To ?? LastGeneration, FirstGeneration, LastGeneration);

    /// <summary>
    /// Shows another view: its address takes the place of the present one in the browser's history. It is made of the newest view
    /// that was asked for, which on a slow connection is not shown yet: a second choice must not undo the first.
    /// </summary>
    public void Show(Func<LineageView, LineageView> change)
    {
        _change(view => change(view.Within(Branches)));
    }
}
