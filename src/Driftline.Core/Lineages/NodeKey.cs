namespace Driftline.Core.Lineages;

/// <summary>
/// The identity of a node of the lineage graph: one model after one self-training round, or a checkpoint inside it.
/// The model's name is an attribute, not part of the identity: served names repeat across generations.
/// </summary>
/// <param name="Lineage">The experiment.</param>
/// <param name="Branch">The arm of the experiment; "main" where the log does not say.</param>
/// <param name="Seed">The training seed that tells sibling retrains of one arm apart; null where there is one.</param>
/// <param name="Generation">The round as logged, 0 or more.</param>
/// <param name="Checkpoint">A point inside the generation; null is the finished model.</param>
public sealed record NodeKey(string Lineage, string Branch, string? Seed, int Generation, string? Checkpoint = null)
{
    /// <summary>The branch of a log that names none.</summary>
    public const string DefaultBranch = "main";

    /// <summary>Branch, seed, generation and checkpoint as people read them: "replace-s2 generation 7".</summary>
    public override string ToString() =>
        $"{Branch}{(Seed is null ? "" : "-s" + Seed)} generation {Generation}{(Checkpoint is null ? "" : " checkpoint " + Checkpoint)}";
}
