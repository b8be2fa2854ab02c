using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Workers.Embedding;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Keeps the tables that the next computations need again: the origin for every generation, and the last few, among which is the
/// parent of the next. What one generation costs so does not grow with their number, nor does the memory; of large ones fewer are kept.
/// </summary>
internal sealed class TableCache(EvaluationReader evaluations, FrozenEmbedder embedder, TextShares shares, LineageSnapshot snapshot)
{
    private const int MaxKept = 6;
    private const int MinKept = 2;
    private const int MaxRows = 400_000;

    private readonly LinkedList<(long Id, LoadedTable Loaded)> _recent = new();
    private string? _failure;

    public async Task<LoadedTable> LoadAsync(EvaluationSummary evaluation, SuiteDefinition suite, CancellationToken cancellationToken)
    {
        for (var node = _recent.First; node is not null; node = node.Next)
        {
            if (node.Value.Id == evaluation.Id)
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Loaded;
            }
        }

        var known = _recent.Select(recent => recent.Loaded.Table).Where(table => table.Suite == evaluation.Suite).Select(table => table.Prompts).Distinct();
        var table = (await evaluations.LoadAsync(snapshot.LineageId, evaluation.Id, known, cancellationToken)).ReadBy(suite);
        var halvings = await shares.HalvingsAsync(snapshot, evaluation, table, suite, cancellationToken);
        var loaded = new LoadedTable(table, TextSample.Of(table, halvings)) { Halvings = halvings };
        if (suite.FreeText && loaded.Texts.Embedder is null)
        {
            loaded = await EmbedAsync(evaluation, loaded, cancellationToken);
        }

        _recent.AddFirst((evaluation.Id, loaded));
        while (_recent.Count > MaxKept || (_recent.Count > MinKept && _recent.Sum(recent => (long)recent.Loaded.Table.Rows) > MaxRows))
        {
            _recent.RemoveLast();
        }

        return loaded;
    }

    /// <summary>Lets all tables go.</summary>
    public void Clear() => _recent.Clear();

    private async Task<LoadedTable> EmbedAsync(EvaluationSummary evaluation, LoadedTable loaded, CancellationToken cancellationToken)
    {
        // An endpoint that has not answered after all its retries is not asked again for each further evaluation of this computation.
        if (_failure is null)
        {
            try
            {
                var (embedded, outside) = await embedder.EmbedAsync(snapshot, evaluation, loaded.Texts, cancellationToken);
                return loaded.With(embedded, outside);
            }
            catch (EmbedderFailedException failure)
            {
                _failure = $"{failure.Message} It is tried again at the next import or recompute.";
            }
        }

        return loaded.WithFailure(_failure);
    }
}
