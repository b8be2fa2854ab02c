using System.Collections.Concurrent;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Which part of an evaluation's outputs is read (see <see cref="TextSample"/>): the part that generation 0 is small enough for, so that
/// every generation is measured on the same prompts and as many words. Only where outputs became many times as long a smaller one.
/// </summary>
/// <param name="evaluations">Where generation 0 comes from.</param>
public sealed class TextShares(EvaluationReader evaluations)
{
    private readonly ConcurrentDictionary<(long Lineage, long Evaluation, string ContentHash, bool ReadsOutputs), int> _known = new();

    /// <summary>How often an evaluation is halved.</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="table">Its table, whole.</param>
    /// <param name="suite">Its suite.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<int> HalvingsAsync(LineageSnapshot lineage, EvaluationSummary evaluation, EvaluationTable table, SuiteDefinition suite, CancellationToken cancellationToken)
    {
        if (!suite.FreeText && table.EmbeddingDimension == 0)
        {
            return 0;
        }

        var own = _known.GetOrAdd(Key(lineage, evaluation, suite), _ => TextSample.Halvings(table, suite.FreeText));
        if (lineage.Node(evaluation.NodeId).OriginId is not { } originId || lineage.Current(originId, evaluation.SuiteId) is not { } origin || origin.Id == evaluation.Id)
        {
            return own;
        }

        var key = Key(lineage, origin, suite);
        if (!_known.TryGetValue(key, out var first))
        {
            _known[key] = first = TextSample.Halvings((await evaluations.LoadAsync(lineage.LineageId, origin.Id, cancellationToken)).ReadBy(suite), suite.FreeText);
        }

        // Twice as many words as generation 0 may have at most are still more than all are compared at.
        return Math.Max(first, own - 1);
    }

    private static (long Lineage, long Evaluation, string ContentHash, bool ReadsOutputs) Key(LineageSnapshot lineage, EvaluationSummary evaluation, SuiteDefinition suite) =>
        (lineage.LineageId, evaluation.Id, evaluation.ContentHash, suite.FreeText);
}
