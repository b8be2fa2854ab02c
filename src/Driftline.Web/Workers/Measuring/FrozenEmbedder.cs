using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Driftline.Core.Embeddings;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Workers.Embedding;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Embeds outputs of which the log has no embeddings, with the embedder that the lineage was first measured with: an endpoint, or the
/// built-in one, which is fitted once on generation 0 of the branch and kept, so that every later generation is seen in the same space.
/// </summary>
public sealed class FrozenEmbedder(
    EvaluationReader evaluations, EmbedderStore store, SettingsStore settings, MeasurementStore measurements, EndpointEmbedder endpoints)
{
    /// <summary>The name of a lineage's embedder: the one that it was measured with, else the one that new lineages get.</summary>
    public async Task<string> OfAsync(long lineageId, CancellationToken cancellationToken)
    {
        if (await settings.GetAsync<string>(lineageId, SettingKeys.FrozenEmbedder, cancellationToken) is { } frozen)
        {
            return frozen;
        }

        // A lineage that was measured before there was a choice stays with the built-in embedder.
        return await settings.GetAsync<EmbeddingEndpoint>(SettingKeys.Embedder, cancellationToken) is { ForNewLineages: true } endpoint
            && EmbeddingClient.Fault(endpoint) is null
            && !await store.AnyAsync(lineageId, cancellationToken)
                ? EndpointEmbedder.NameOf(endpoint.Model)
                : LexicalEmbedder.Name;
    }

    /// <summary>Keeps the embedder that a lineage is being measured with, unless one is kept already.</summary>
    public Task FreezeAsync(long lineageId, string embedder, CancellationToken cancellationToken) =>
        settings.UpdateAsync<string>(lineageId, SettingKeys.FrozenEmbedder, frozen => frozen ?? embedder, cancellationToken);

    /// <summary>
    /// Gives a lineage another embedder. What the one before it made is removed at once, so that no chart mixes the two while measures
    /// are computed again; the caller sees to that.
    /// </summary>
    public async Task ChangeAsync(long lineageId, string embedder, CancellationToken cancellationToken)
    {
        await settings.SetAsync(lineageId, SettingKeys.FrozenEmbedder, embedder, cancellationToken);
        var embedding = MeasureCatalogue.Definitions.Where(measure => measure.Needs.HasFlag(MeasureNeeds.Embedding)).Select(measure => measure.Id).ToHashSet();
        var runs = await measurements.RunsAsync(lineageId, cancellationToken);
        await measurements.DeleteAsync(lineageId, [.. runs.Keys.Where(run => embedding.Contains(run.Measure) || run.Measure == PlanStamps.Measure)], cancellationToken);
    }

    /// <summary>Embeds an evaluation, or the part of it whose outputs are read; without an origin, or with too few texts there, the built-in embedder leaves it as it is.</summary>
    /// <returns>The table, and for the built-in embedder the mean share of its texts' mass that the space of generation 0 does not hold.</returns>
    /// <exception cref="EmbedderFailedException">The endpoint gave no embeddings.</exception>
    public async Task<(EvaluationTable Table, double? OutsideMass)> EmbedAsync(
        LineageSnapshot lineage, EvaluationSummary evaluation, EvaluationTable table, CancellationToken cancellationToken)
    {
        if (EndpointEmbedder.ModelOf(lineage.Embedder) is { } model)
        {
            var endpoint = await settings.GetAsync<EmbeddingEndpoint>(SettingKeys.Embedder, cancellationToken);
            return (await endpoints.EmbedAsync(model, endpoint?.Model == model ? endpoint : null, table, cancellationToken), null);
        }

        if (lineage.Node(evaluation.NodeId).OriginId is not { } originId || lineage.Current(originId, evaluation.SuiteId) is not { } origin)
        {
            return (table, null);
        }

        var embedder = await LoadAsync(lineage.LineageId, origin, origin.Id == evaluation.Id ? table : null, cancellationToken);
        return embedder is null ? (table, null) : embedder.Embed(table);
    }

    private async Task<LexicalEmbedder?> LoadAsync(long lineageId, EvaluationSummary origin, EvaluationTable? loaded, CancellationToken cancellationToken)
    {
        var name = $"{LexicalEmbedder.Name}/{origin.Suite}/{origin.Node}";
        if (await store.GetAsync(lineageId, name, cancellationToken) is { } frozen)
        {
            return LexicalEmbedder.FromBytes(frozen);
        }

        var seed = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{origin.Node.Lineage}\n{name}")));
        var fit = LexicalEmbedder.Fit(loaded ?? Read(await evaluations.LoadAsync(lineageId, origin.Id, cancellationToken)), seed);
        if (fit.Embedder is null)
        {
            return null;
        }

        await store.SaveAsync(lineageId, name, fit.Embedder.ToBytes(), cancellationToken);
        return fit.Embedder;

        static EvaluationTable Read(EvaluationTable whole) => TextSample.Of(whole, TextSample.Halvings(whole, readsOutputs: true));
    }
}
