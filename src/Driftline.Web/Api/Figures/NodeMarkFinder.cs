using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Core.Records;
using Driftline.Storage.Queries;

namespace Driftline.Web.Api.Figures;

/// <summary>Finds what the lineage strip marks: evaluations that are not complete, and generations that were not measured like their parent.</summary>
public static class NodeMarkFinder
{
    /// <summary>What any measure of samples compares; reported metrics have their own breaks in their charts.</summary>
    private const ComparabilityKeys Keys = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler | ComparabilityKeys.Embedder;

    /// <summary>Finds the marks.</summary>
    /// <param name="current">Current evaluations.</param>
    /// <param name="parents">Each node's parent, where it has one.</param>
    public static NodeMarks Find(IReadOnlyList<CurrentEvaluation> current, IReadOnlyDictionary<NodeKey, NodeKey> parents)
    {
        var byNode = current.GroupBy(evaluation => (evaluation.Node, evaluation.Suite)).ToDictionary(group => group.Key, group => group.First());
        var breaks = new SortedDictionary<string, (NodeKey Node, List<string> Reasons)>(StringComparer.Ordinal);
        foreach (var evaluation in current.OrderBy(evaluation => evaluation.Suite, StringComparer.Ordinal))
        {
            if (!parents.TryGetValue(evaluation.Node, out var parent) || !byNode.TryGetValue((parent, evaluation.Suite), out var before))
            {
                continue;
            }

            var verdict = Comparability.Compare(evaluation.Config, before.Config, Keys, evaluation.Node, parent);
            if (verdict is { State: ComparabilityState.NotComparable, Sentence: { } sentence })
            {
                var name = evaluation.Node.ToString();
                if (!breaks.TryGetValue(name, out var found))
                {
                    breaks[name] = found = (evaluation.Node, []);
                }

                found.Reasons.Add($"{evaluation.Suite}: {sentence}");
            }
        }

        return new NodeMarks(
            current.Where(evaluation => evaluation.Status != EvaluationStatus.Success).Select(evaluation => evaluation.Node).ToHashSet(),
            breaks.Values.ToDictionary(found => found.Node, found => string.Join(" ", found.Reasons)));
    }
}
