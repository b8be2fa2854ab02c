using System.Globalization;

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

    /// <summary>
    /// The node's name inside its lineage in commands and links: <c>BRANCH/sSEED/GENERATION/CHECKPOINT</c>, without the parts that it
    /// does not have: <c>replace/s1/3</c>, <c>main/0</c>. "/" and "%" inside a part are written %2F and %25.
    /// </summary>
    public string Id =>
        $"{Escape(Branch)}/{(Seed is null ? "" : $"s{Escape(Seed)}/")}{Generation.ToString(CultureInfo.InvariantCulture)}{(Checkpoint is null ? "" : $"/{Escape(Checkpoint)}")}";

    /// <summary>Reads an <see cref="Id"/>.</summary>
    /// <param name="lineage">The lineage that it is in.</param>
    /// <param name="id">The id.</param>
    /// <returns>The node's identity; null when the text is no id.</returns>
    public static NodeKey? FromId(string lineage, string id)
    {
        string[] parts = [.. id.Split('/').Select(Uri.UnescapeDataString)];
        var seed = parts.Length > 1 && parts[1].StartsWith('s') ? parts[1][1..] : null;
        var place = seed is null ? 1 : 2;
        return parts.Length > place && parts.Length <= place + 2 && parts.All(part => part.Length > 0) && seed is not ""
            && int.TryParse(parts[place], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new NodeKey(lineage, parts[0], seed, generation, parts.Length > place + 1 ? parts[place + 1] : null)
            : null;
    }

    /// <summary>Branch, seed, generation and checkpoint as people read them: "replace-s2 generation 7".</summary>
    public override string ToString() =>
        $"{Branch}{(Seed is null ? "" : "-s" + Seed)} generation {Generation}{(Checkpoint is null ? "" : " checkpoint " + Checkpoint)}";

    private static string Escape(string part) => part.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
