namespace Driftline.Core.Lineages;

/// <summary>The finished models of a lineage by place and by name.</summary>
internal sealed class NodeLookup
{
    private readonly IReadOnlyList<LineageNode> _nodes;
    private readonly Dictionary<(string Branch, string? Seed, int Generation), int> _byPlace = [];
    private readonly Dictionary<string, List<int>> _byModel = [];
    private readonly Dictionary<string, List<int>> _origins = [];

    public NodeLookup(IReadOnlyList<LineageNode> nodes)
    {
        _nodes = nodes;
        for (var index = 0; index < nodes.Count; index++)
        {
            var (key, model, _) = nodes[index];
            if (key.Checkpoint is not null)
            {
                continue;
            }

            _byPlace[(key.Branch, key.Seed, key.Generation)] = index;
            (_byModel.TryGetValue(model, out var named) ? named : _byModel[model] = []).Add(index);
            if (key.Generation == 0)
            {
                (_origins.TryGetValue(key.Branch, out var list) ? list : _origins[key.Branch] = []).Add(index);
            }
        }

        foreach (var list in _origins.Values)
        {
            // null, the seed of a model that all seeds share, sorts first
            list.Sort((a, b) => string.CompareOrdinal(nodes[a].Key.Seed, nodes[b].Key.Seed));
        }

        SharedRoot = FindSharedRoot();
    }

    /// <summary>The generation 0 of branches that have none of their own.</summary>
    public int? SharedRoot { get; }

    /// <summary>Generation 0 of the node's own branch: of its seed, else without a seed, else of any.</summary>
    public int? OwnOrigin(NodeKey key)
    {
        if (_byPlace.TryGetValue((key.Branch, key.Seed, 0), out var exact))
        {
            return exact;
        }

        return _origins.TryGetValue(key.Branch, out var list) ? list[0] : null;
    }

    /// <summary>The generation before, by the default rule.</summary>
    public int? Predecessor(NodeKey key)
    {
        if (key.Generation == 0)
        {
            return null;
        }

        return AtPlace(key.Branch, key.Seed, key.Generation - 1) ?? (key.Generation == 1 ? SharedRoot : null);
    }

    /// <summary>The node that a declaration means; null when it is not there (yet).</summary>
    public int? Find(NodeKey child, int self, DeclaredParent declared)
    {
        if (declared.Generation is not { } generation)
        {
            return declared.Model is null ? null : ByName(child, self, declared);
        }

        var found = AtPlace(declared.Branch ?? child.Branch, declared.Seed ?? child.Seed, generation, declared.Seed is null);
        if (Fits(found, declared, self))
        {
            return found;
        }

        if (generation == 0 && declared.Branch is null && declared.Seed is null && Fits(SharedRoot, declared, self))
        {
            return SharedRoot;
        }

        // a model's name that is unique in the generation says enough
        if (declared.Model is not null && _byModel.TryGetValue(declared.Model, out var named))
        {
            var fitting = named.FindAll(i => i != self && _nodes[i].Key.Generation == generation
                && (declared.Branch is null || declared.Branch == _nodes[i].Key.Branch)
                && (declared.Seed is null || declared.Seed == _nodes[i].Key.Seed));
            return fitting.Count == 1 ? fitting[0] : null;
        }

        return null;
    }

    private int? AtPlace(string branch, string? seed, int generation, bool orWithoutSeed = true)
    {
        if (_byPlace.TryGetValue((branch, seed, generation), out var exact))
        {
            return exact;
        }

        return orWithoutSeed && _byPlace.TryGetValue((branch, null, generation), out var shared) ? shared : null;
    }

    private bool Fits(int? index, DeclaredParent declared, int self) =>
        index is { } i && i != self && (declared.Model is null || declared.Model == _nodes[i].Model);

    private int? ByName(NodeKey child, int self, DeclaredParent declared)
    {
        if (!_byModel.TryGetValue(declared.Model!, out var named))
        {
            return null;
        }

        var best = named
            .Where(i => i != self
                && (_nodes[i].Key.Generation < child.Generation || declared.Role == ParentRole.Reference)
                && (declared.Branch is null || declared.Branch == _nodes[i].Key.Branch)
                && (declared.Seed is null || declared.Seed == _nodes[i].Key.Seed))
            .OrderBy(i => Distance(child, _nodes[i].Key))
            .ThenBy(i => Math.Abs(child.Generation - _nodes[i].Key.Generation))
            .ThenBy(i => _nodes[i].Key.Branch, StringComparer.Ordinal)
            .ThenBy(i => _nodes[i].Key.Seed, StringComparer.Ordinal)
            .Take(1)
            .ToList();
        return best.Count == 0 ? null : best[0];
    }

    /// <summary>How far apart two places are: 0 for the same branch and seed, 1 for the branch without a seed, 2 for another seed, 3 for another branch.</summary>
    private static int Distance(NodeKey child, NodeKey parent)
    {
        if (child.Branch != parent.Branch)
        {
            return 3;
        }

        return child.Seed == parent.Seed ? 0 : parent.Seed is null ? 1 : 2;
    }

    private int? FindSharedRoot()
    {
        if (_origins.TryGetValue(NodeKey.DefaultBranch, out var main))
        {
            return main.Count == 1 || _nodes[main[0]].Key.Seed is null ? main[0] : null;
        }

        var references = DeclaredReferences();
        var candidates = _origins.Values.SelectMany(list => list).Where(i => !references.Contains(i)).Take(2).ToList();
        return candidates.Count == 1 ? candidates[0] : null;
    }

    private HashSet<int> DeclaredReferences()
    {
        var references = new HashSet<int>();
        for (var index = 0; index < _nodes.Count; index++)
        {
            foreach (var declared in _nodes[index].Parents)
            {
                // SharedRoot is still null here, so that only what is declared is found
                if (declared.Role == ParentRole.Reference && Find(_nodes[index].Key, index, declared) is { } reference)
                {
                    references.Add(reference);
                }
            }
        }

        return references;
    }
}
