using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Behaviours;

/// <summary>
/// <c>behaviour_share</c>: the share of outputs in each cluster of the frozen reference set, on the slices <c>cluster=N</c>. Outputs that
/// belong to none (<c>novelty_share</c>) count in the total.
/// </summary>
public sealed class BehaviourShare : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "behaviour_share",
        Family = SuiteFamily.Semantic,
        Title = "Share of each kind of output",
        Meaning = "How often outputs are of each kind, the kinds being clusters found in the first generations.",
        Unit = "share",
        Range = "[0, 1]",
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Embedding | MeasureNeeds.Behaviours,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "outputs nearest to the cluster's centre, and not novel / all outputs, pooled over prompts and repeats (the half that clusters were not made of, from 200 prompts on)",
        Interval = "Wilson on the effective number of outputs (ratio estimator over prompts or clusters of prompts)",
        Source = "Driftline; k-means++: Arthur and Vassilvitskii 2007; Wilson 1927",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        if (AssignedOutputs.Of(input.Current, input.Behaviours, out var refusal) is not { } outputs)
        {
            return [new SlicedEstimate(null, refusal)];
        }

        return Enumerable.Range(0, outputs.Novel).Select(cluster => new SlicedEstimate(outputs.SliceOf(cluster), Of(input, outputs, cluster)));
    }

    /// <summary>The share of outputs with a label.</summary>
    internal static Estimate Of(MeasureInput input, AssignedOutputs outputs, int label)
    {
        double[] hits = [.. outputs.Labels.Select(labels => (double)labels.Count(each => each == label))];
        double[] totals = [.. outputs.Labels.Select(labels => (double)labels.Length)];
        var clusters = outputs.Table.ClusterIds(input.Suite, [.. Enumerable.Range(0, totals.Length)]);
        return PooledShare.Of(hits, totals, clusters).TryGet(out var share, out var reason)
            ? LevelEstimates.Share(share, outputs.Note)
            : Estimate.Without(MeasureStatus.NoData, reason);
    }
}
