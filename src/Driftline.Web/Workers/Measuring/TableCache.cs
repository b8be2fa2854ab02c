using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Keeps the tables that the next computations need again: the origin for every generation, and the last few, among which is the
/// parent of the next. What one generation costs so does not grow with their number, nor does the memory.
/// </summary>
internal sealed class TableCache(EvaluationReader evaluations, LineageSnapshot snapshot)
{
    private const int Kept = 6;

    private readonly LinkedList<(long Id, EvaluationTable Table)> _recent = new();

    public async Task<EvaluationTable> LoadAsync(EvaluationSummary evaluation, SuiteDefinition suite, CancellationToken cancellationToken)
    {
        for (var node = _recent.First; node is not null; node = node.Next)
        {
            if (node.Value.Id == evaluation.Id)
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Table;
            }
        }

        var table = await evaluations.LoadAsync(snapshot.LineageId, evaluation.Id, cancellationToken);

        _recent.AddFirst((evaluation.Id, table));
        if (_recent.Count > Kept)
        {
            _recent.RemoveLast();
        }

        return table;
    }
}
