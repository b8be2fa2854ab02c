using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Storage;

namespace Driftline.Web.Workers.Embedding;

/// <summary>Embeds the outputs of evaluations by an endpoint; texts that were embedded before are not sent again.</summary>
public sealed class EndpointEmbedder(EmbeddingClient client, EmbeddingVectorStore vectors)
{
    /// <summary>The embedder's name in evaluations and comparability.</summary>
    public static string NameOf(string model) => Comparability.EndpointPrefix + model;

    /// <summary>The model of an embedder's name; null when the name is not that of an endpoint.</summary>
    public static string? ModelOf(string embedder) => embedder.StartsWith(Comparability.EndpointPrefix, StringComparison.Ordinal) ? embedder[Comparability.EndpointPrefix.Length..] : null;

    /// <summary>An evaluation with the embeddings of its outputs; as it is where it has none.</summary>
    /// <exception cref="EmbedderFailedException">The endpoint gave no embeddings. Those that it gave before are kept.</exception>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">Where it is; null when none is set, or another model: then only what was embedded before can be.</param>
    /// <param name="table">The evaluation.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<EvaluationTable> EmbedAsync(string model, EmbeddingEndpoint? endpoint, EvaluationTable table, CancellationToken cancellationToken)
    {
        var name = NameOf(model);
        var outputs = table.Outputs();
        var texts = outputs.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (texts.Count == 0)
        {
            return table;
        }

        var known = new Dictionary<string, float[]>(await vectors.GetAsync(name, texts, cancellationToken), StringComparer.Ordinal);
        var missing = texts.Where(text => !known.ContainsKey(text)).ToList();
        if (missing.Count > 0 && endpoint is null)
        {
            throw new EmbedderFailedException($"This lineage is embedded by {model}, for which no endpoint is set: set it in the settings, or choose another embedder for the lineage there.");
        }

        await client.EmbedAsync(
            endpoint ?? new EmbeddingEndpoint { Model = model },
            missing,
            async (start, batch) =>
            {
                var fresh = batch.Index().ToDictionary(each => missing[start + each.Index], each => each.Item, StringComparer.Ordinal);
                await vectors.SaveAsync(name, fresh, cancellationToken);
                foreach (var (text, vector) in fresh)
                {
                    known[text] = vector;
                }
            },
            cancellationToken);
        var dimension = known[texts[0]].Length;
        var embeddings = new float[outputs.Count * dimension];
        Array.Fill(embeddings, float.NaN);
        for (var row = 0; row < outputs.Count; row++)
        {
            if (outputs[row] is { } output)
            {
                var vector = known[output];
                if (vector.Length != dimension)
                {
                    throw new EmbedderFailedException(
                        $"The embedder {model} gave vectors of length {dimension} before and {vector.Length} now: it is another model under the same name. Give it a name of its own.");
                }

                vector.CopyTo(embeddings, row * dimension);
            }
        }

        return table.WithEmbeddings(name, dimension, embeddings);
    }
}
