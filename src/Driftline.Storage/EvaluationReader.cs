using Driftline.Core.Measures;
using Driftline.Storage.Columns;
using Driftline.Storage.Imports;
using Driftline.Storage.Queries;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>Reads evaluations as tables for measures.</summary>
/// <param name="contexts">The database.</param>
/// <param name="folder">The data folder, where outputs that are too long for memory are kept while their table is.</param>
public sealed class EvaluationReader(IDbContextFactory<DriftlineContext> contexts, string folder)
{
    /// <summary>Hashes of outputs and of what is kept beside them are for recognising rows, and usage is for finding them, not for measures.</summary>
    private static readonly ColumnKind[] Read = [.. Enum.GetValues<ColumnKind>().Where(kind => kind < ColumnKind.Output)];

    /// <summary>
    /// Loads an evaluation: the rows of all its published parts merged (the later row of one prompt and repeat wins, column by
    /// column) and sorted by prompt and repeat. Outputs are read when they are asked for.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such evaluation.</exception>
    public Task<EvaluationTable> LoadAsync(long lineageId, long evaluationId, CancellationToken cancellationToken) =>
        LoadAsync(lineageId, evaluationId, [], cancellationToken);

    /// <inheritdoc cref="LoadAsync(long, long, CancellationToken)"/>
    /// <param name="lineageId">The lineage.</param>
    /// <param name="evaluationId">The evaluation.</param>
    /// <param name="known">Prompts of other evaluations; where they are the same, the table has that very list, which takes no memory again.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<EvaluationTable> LoadAsync(
        long lineageId, long evaluationId, IEnumerable<IReadOnlyList<PromptKey>> known, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Evaluations.AsNoTracking().SingleOrDefaultAsync(e => e.LineageId == lineageId && e.Id == evaluationId, cancellationToken)
            ?? throw new InvalidOperationException($"Lineage {lineageId} has no evaluation {evaluationId}.");
        var lineage = await context.Lineages.Where(l => l.Id == lineageId).Select(l => l.Name).SingleAsync(cancellationToken);
        var node = await context.Nodes.AsNoTracking().SingleAsync(n => n.LineageId == lineageId && n.Id == row.NodeId, cancellationToken);
        var suite = await context.Suites.Where(s => s.LineageId == lineageId && s.Id == row.SuiteId).Select(s => s.Name).SingleAsync(cancellationToken);
        var database = context.Database.GetDbConnection();
        await context.Database.OpenConnectionAsync(cancellationToken);
        var reader = new PartReader(database, lineageId);
        var parts = new List<PartColumns>();
        foreach (var (id, rows) in await reader.PartsAsync(evaluationId, null, cancellationToken))
        {
            parts.Add(await reader.ReadAsync(id, rows, cancellationToken, Read));
        }

        var ids = parts.PromptIds();
        var merged = MergedRows.Merge(parts, new PromptOrder(ids, await reader.PromptsAsync(ids, cancellationToken)));
        var answers = merged.Answers(await reader.OptionsAsync(parts, cancellationToken));
        var embeddings = merged.Embeddings();
        return new EvaluationTable
        {
            Node = NodeRows.Key(node, lineage),
            Model = node.Model,
            Suite = suite,
            Status = row.Status,
            Config = row.Config.Length == 0 ? null : row.Config,
            Prompts = known.FirstOrDefault(prompts => prompts.SequenceEqual(merged.Prompts)) ?? merged.Prompts,
            RowStart = merged.RowStart,
            Scores = merged.Numbers(ColumnKind.Score),
            Answers = answers.Codes,
            AnswerLabels = answers.Labels,
            OptionProbabilities = merged.Numbers(ColumnKind.OptionProbability),
            Embedder = embeddings.Embedder,
            EmbeddingDimension = embeddings.Dimension,
            Embeddings = embeddings.Values,
            PromptEmbeddings = merged.PromptEmbeddings(embeddings.Dimension),
            Outputs = merged.OutputLoader(part => ReadOutputs(lineageId, part), folder),
            About = merged.RowLoader(part => ReadAbout(lineageId, part)),
            Metadata = new MetadataColumns(merged.MetadataTexts(), ids => ReadTexts(lineageId, ids)),
            ContentHash = row.ContentHash,
        };
    }

    /// <summary>What the samples of an evaluation are about, in order; empty where they say nothing.</summary>
    public async Task<IReadOnlyList<AboutTarget>> AboutAsync(long lineageId, long evaluationId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        var targets = new HashSet<AboutTarget>();
        foreach (var (id, _) in await new PartReader(context.Database.GetDbConnection(), lineageId).PartsAsync(evaluationId, null, cancellationToken))
        {
            targets.UnionWith(ReadAbout(lineageId, id).Select(row => row.Link).OfType<AboutLink>().Select(link => new AboutTarget(link.Suite, link.GenerationOffset)));
        }

        return [.. targets.OrderBy(target => target.Suite, StringComparer.Ordinal).ThenBy(target => target.GenerationOffset)];
    }

    private IEnumerable<(int Ordinal, string? Output)> ReadOutputs(long lineageId, long partId)
    {
        using var context = contexts.CreateDbContext();
        context.Database.OpenConnection();
        foreach (var words in new PartReader(context.Database.GetDbConnection(), lineageId).ReadWords(partId))
        {
            yield return (words.Row, words.Output);
        }
    }

    private IEnumerable<(int Ordinal, AboutLink? Link)> ReadAbout(long lineageId, long partId)
    {
        using var context = contexts.CreateDbContext();
        context.Database.OpenConnection();
        foreach (var words in new PartReader(context.Database.GetDbConnection(), lineageId).ReadWords(partId))
        {
            if (words.Extra is { } extra)
            {
                yield return (words.Row, AboutText.Parse(extra));
            }
        }
    }

    private IEnumerable<(int Text, byte[] Json)> ReadTexts(long lineageId, IReadOnlyList<int> ids)
    {
        using var context = contexts.CreateDbContext();
        context.Database.OpenConnection();
        foreach (var text in new PartReader(context.Database.GetDbConnection(), lineageId).ReadTexts(ids))
        {
            yield return text;
        }
    }
}
