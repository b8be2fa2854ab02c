namespace Driftline.Core.Lineages;

/// <summary>A node as logs describe it, before its parents are looked up.</summary>
/// <param name="Key">Which node.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Parents">Declared parents; empty when the log declares none.</param>
public sealed record LineageNode(NodeKey Key, string Model, IReadOnlyList<DeclaredParent> Parents);

/// <summary>An edge of the lineage graph, seen from the child.</summary>
/// <param name="Parent">Index of the parent among the nodes that were given.</param>
/// <param name="Role">What it gave.</param>
/// <param name="Weight">Its share, if stated.</param>
public sealed record ResolvedParent(int Parent, ParentRole Role, double? Weight);

/// <summary>Where a node stands in the lineage graph.</summary>
/// <param name="Parents">Its parents, in the order of their declaration.</param>
/// <param name="Origin">Index of its generation 0; null when that is not there. An origin is its own.</param>
/// <param name="IsReference">Whether it only serves others as a reference.</param>
public sealed record ResolvedNode(IReadOnlyList<ResolvedParent> Parents, int? Origin, bool IsReference);
