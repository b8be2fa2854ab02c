using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Driftline.Core.Embeddings;
using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Embeds outputs of which the log has no embeddings, with the built-in embedder: fitted once on generation 0 of the branch and kept
/// with the lineage, so that every later generation is seen in the same space.
/// </summary>
public sealed class FrozenEmbedder(EvaluationReader evaluations, EmbedderStore store)
{
    /// <summary>Embeds an evaluation; without an origin, or with too few texts there, it comes back as it is.</summary>
    /// <returns>The table, and the mean share of its texts' mass that the space of generation 0 does not hold.</returns>
    public async Task<(EvaluationTable Table, double? OutsideMass)> EmbedAsync(
        LineageSnapshot lineage, EvaluationSummary evaluation, EvaluationTable table, CancellationToken cancellationToken)
    {
        if (lineage.Node(evaluation.NodeId).OriginId is not { } originId || lineage.Current(originId, evaluation.SuiteId) is not { } origin)
        {
            return (table, null);
        }

        return await LoadAsync(lineage.LineageId, origin, cancellationToken) is { } embedder ? embedder.Embed(table) : (table, null);
    }

    private async Task<LexicalEmbedder?> LoadAsync(long lineageId, EvaluationSummary origin, CancellationToken cancellationToken)
    {
        var name = $"{LexicalEmbedder.Name}/{origin.Suite}/{origin.Node}";
        if (await store.GetAsync(lineageId, name, cancellationToken) is { } frozen)
        {
            return LexicalEmbedder.FromBytes(frozen);
        }

        var seed = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{origin.Node.Lineage}\n{name}")));
        var fit = LexicalEmbedder.Fit(await evaluations.LoadAsync(lineageId, origin.Id, cancellationToken), seed);
        if (fit.Embedder is null)
        {
            return null;
        }

        await store.SaveAsync(lineageId, name, fit.Embedder.ToBytes(), cancellationToken);
        return fit.Embedder;
    }
}
