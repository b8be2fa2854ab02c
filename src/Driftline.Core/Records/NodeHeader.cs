using Driftline.Core.Lineages;

namespace Driftline.Core.Records;

/// <summary>What a log says about the model that it evaluates.</summary>
public sealed record NodeHeader
{
    /// <summary>The model's name where neither the log nor who imports it says one. It never takes the place of a name.</summary>
    public const string UnknownModel = "unknown";

    /// <summary>Which node of which lineage.</summary>
    public required NodeKey Key { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Declared parents; empty when the log declares none (the resolver then applies the default rule).</summary>
    public IReadOnlyList<DeclaredParent> Parents { get; init; } = [];

    /// <summary>How the generation was found, when it is not an explicit field of the log ("folder name gen_3").</summary>
    public string? Guess { get; init; }

    /// <summary>
    /// How lineage, branch, seed and generation were found where the log does not state them in fields ("generation from tag gen:3",
    /// "generation as given"), guesses among them; null when it states all of them.
    /// </summary>
    public string? Evidence { get; init; }

    /// <summary>Whether a name had to be asked. A field, a tag and what a person says are no guesses.</summary>
    public bool IsGuess { get; init; }

    /// <summary>
    /// Whether a person's correction put it there. The model, parents and evidence that its log states are then those of another place, and
    /// say nothing of a node that is there already.
    /// </summary>
    public bool IsMoved { get; init; }
}
