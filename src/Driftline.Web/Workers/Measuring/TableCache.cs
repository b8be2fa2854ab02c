using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Keeps the tables that the next computations need again: the origin for every generation, and the last few, among which is the
/// parent of the next. What one generation costs so does not grow with their number, nor does the memory.
/// </summary>
internal sealed class TableCache(EvaluationReader evaluations, FrozenEmbedder embedder, LineageSnapshot snapshot)
{
    private const int Kept = 6;

    private readonly LinkedList<(long Id, LoadedTable Loaded)> _recent = new();

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

        var loaded = new LoadedTable(await evaluations.LoadAsync(snapshot.LineageId, evaluation.Id, cancellationToken), LexicalOutsideMass: null);
        if (suite.FreeText && loaded.Table.Embedder is null)
        {
            var (table, outside) = await embedder.EmbedAsync(snapshot, evaluation, loaded.Table, cancellationToken);
            loaded = new LoadedTable(table, outside);
        }

        _recent.AddFirst((evaluation.Id, loaded));
        if (_recent.Count > Kept)
        {
            _recent.RemoveLast();
        }

        return loaded;
    }
}

/// <summary>A table as measures get it.</summary>
/// <param name="Table">The evaluation.</param>
/// <param name="LexicalOutsideMass">Where the built-in embedder made its embeddings: the mean share of the texts' mass that generation 0's space does not hold, 0 to 1.</param>
public sealed record LoadedTable(EvaluationTable Table, double? LexicalOutsideMass);
