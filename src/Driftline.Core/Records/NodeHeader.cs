using Driftline.Core.Lineages;

namespace Driftline.Core.Records;

/// <summary>What a log says about the model that it evaluates.</summary>
public sealed record NodeHeader
{
    /// <summary>Which node of which lineage.</summary>
    public required NodeKey Key { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Declared parents; empty when the log declares none (the resolver then applies the default rule).</summary>
    public IReadOnlyList<DeclaredParent> Parents { get; init; } = [];

    /// <summary>How the generation was found, when it is not an explicit field of the log ("folder name gen_3").</summary>
    public string? Guess { get; init; }
}
