using Driftline.Core.Lineages;

namespace Driftline.Core.Figures;

/// <summary>A node of the lineage graph as figures need it.</summary>
/// <param name="Key">Its identity.</param>
/// <param name="Model">Its model's name.</param>
/// <param name="Parent">The parent that it is compared with: the heaviest data parent, else the init parent; null for an origin.</param>
/// <param name="IsReference">Whether it is shown for comparison only.</param>
public sealed record LaneNode(NodeKey Key, string Model, NodeKey? Parent, bool IsReference = false);

/// <summary>One line of every chart and one row of the lineage strip: a branch, or one seed of it.</summary>
public sealed record Lane
{
    /// <summary>The branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The seed; null where the branch has one.</summary>
    public string? Seed { get; init; }

    /// <summary>The branch's place in the palette, from 0, the same in every figure of the lineage; −1 for a reference, which is grey.</summary>
    public required int BranchIndex { get; init; }

    /// <summary>The seed's place within the branch, from 0: later ones are drawn thinner and lighter.</summary>
    public required int SeedRank { get; init; }

    /// <summary>Whether it is shown for comparison only.</summary>
    public bool IsReference => BranchIndex < 0;

    /// <summary>Its branch's colour, dash and marker; null for a reference.</summary>
    public BranchStyle? Style => IsReference ? null : BranchPalette.At(BranchIndex);

    /// <summary>As written beside its line: "replace s1", or the branch alone.</summary>
    public required string Label { get; init; }

    /// <summary>Its nodes by generation; finished models only.</summary>
    public required IReadOnlyList<LaneNode> Nodes { get; init; }

    /// <summary>The node of another lane, or the shared root, where it begins; null when it begins by itself.</summary>
    public LaneNode? Joint { get; init; }
}

/// <summary>
/// The lanes of a lineage: which lines there are, in which order and colour, and where each one starts. Branches and seeds share
/// their ancestors; a root that only others descend from is no lane of its own, each of its descendants starts there.
/// </summary>
public sealed class LineageLanes
{
    private LineageLanes(IReadOnlyList<Lane> all, IReadOnlyList<LaneNode> roots)
    {
        All = all;
        Roots = roots;
    }

    /// <summary>Lanes in order of branch, then seed; references last.</summary>
    public IReadOnlyList<Lane> All { get; }

    /// <summary>Nodes that are nobody's lane because other lanes start at them: the shared generation 0.</summary>
    public IReadOnlyList<LaneNode> Roots { get; }

    /// <summary>Highest generation; 0 when there are no nodes.</summary>
    public int LastGeneration =>
        All.SelectMany(lane => lane.Nodes).Concat(Roots).Select(node => node.Key.Generation).DefaultIfEmpty(0).Max();

    /// <summary>Finds the lanes of a graph.</summary>
    /// <param name="nodes">All nodes of one lineage; checkpoints inside a generation are left out.</param>
    /// <param name="branchOrder">Branches in the order that gives them their colours; branches that it lacks follow by name.</param>
    public static LineageLanes From(IEnumerable<LaneNode> nodes, IReadOnlyList<string> branchOrder)
    {
        var finished = nodes.Where(node => node.Key.Checkpoint is null).ToList();
        var byKey = finished.ToDictionary(node => node.Key);
        var groups = finished.GroupBy(node => (node.Key.Branch, node.Key.Seed)).ToList();
        var joints = groups.ToDictionary(group => group.Key, group => JointOf(group, byKey));
        var startingPoints = joints.Values.OfType<LaneNode>().Select(node => node.Key).ToHashSet();

        // A root that others start at is drawn as their start. It keeps a lane where it goes on by itself.
        var stubs = groups
            .Where(group => group.Count() == 1 && group.First().Parent is null && startingPoints.Contains(group.First().Key))
            .ToList();
        var lines = groups.Except(stubs).ToList();

        var order = branchOrder.Concat(lines.Select(group => group.Key.Branch).Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        var references = lines.Where(group => group.All(node => node.IsReference)).Select(group => group.Key.Branch).ToHashSet(StringComparer.Ordinal);
        var coloured = order.Where(branch => !references.Contains(branch) && lines.Exists(group => group.Key.Branch == branch)).ToList();

        var lanes = lines
            .OrderBy(group => references.Contains(group.Key.Branch))
            .ThenBy(group => order.IndexOf(group.Key.Branch))
            .ThenBy(group => group.Key.Seed, SeedOrder.Instance)
            .GroupBy(group => group.Key.Branch)
            .SelectMany(branch => branch.Select((group, rank) => new Lane
            {
                Branch = group.Key.Branch,
                Seed = group.Key.Seed,
                BranchIndex = coloured.IndexOf(group.Key.Branch),
                SeedRank = rank,
                Label = LabelOf(group.Key.Branch, group.Key.Seed),
                Nodes = [.. group.OrderBy(node => node.Key.Generation)],
                Joint = joints[group.Key],
            }))
            .ToList();
        return new LineageLanes(lanes, [.. stubs.Select(group => group.First())]);
    }

    /// <summary>The lane of a branch and seed; null when the lineage has none (a shared root has none).</summary>
    public Lane? Find(string branch, string? seed) => All.FirstOrDefault(lane => lane.Branch == branch && lane.Seed == seed);

    /// <summary>A lane's name in words.</summary>
    public static string LabelOf(string branch, string? seed) => seed is null ? branch : $"{branch} s{seed}";

    private static LaneNode? JointOf(IGrouping<(string Branch, string? Seed), LaneNode> group, Dictionary<NodeKey, LaneNode> byKey)
    {
        var first = group.MinBy(node => node.Key.Generation)!;
        return first.Parent is { } parent && byKey.TryGetValue(parent, out var joint) && (joint.Key.Branch, joint.Key.Seed) != group.Key
            ? joint
            : null;
    }

    /// <summary>Seeds that are numbers in the order of numbers (s2 before s10), then the others by name.</summary>
    private sealed class SeedOrder : IComparer<string?>
    {
        public static readonly SeedOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            var xIsNumber = long.TryParse(x, out var left);
            var yIsNumber = long.TryParse(y, out var right);
            return (xIsNumber, yIsNumber) switch
            {
                (true, true) => left.CompareTo(right),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(x, y),
            };
        }
    }
}
