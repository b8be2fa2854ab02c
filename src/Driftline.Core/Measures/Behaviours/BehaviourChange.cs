using Driftline.Core.Measures.Semantics;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Behaviours;

/// <summary>
/// <c>behaviour_change</c>: how many kinds of outputs became more or less frequent than at the baseline, and on the slices
/// <c>cluster=N</c> by how much. First one test of all (the energy distance on the same prompts); only where it finds a change at .05 is each
/// cluster tested, by dealing outputs anew within prompt, and the p-values are adjusted as by Benjamini and Hochberg: changed is
/// p ≤ .10, of which a tenth is expected to be false.
/// </summary>
public sealed class BehaviourChange : IMeasure
{
    /// <summary>Clusters whose adjusted p is at most this have changed.</summary>
    public const double FalseDiscoveries = 0.10;

    /// <summary>Clusters are tested only where the p-value of the energy distance is at most this.</summary>
    public const double OmnibusLevel = 0.05;

    // With 999, a hundred clusters could just be told at a tenth of false discoveries, and only together.
    private const int Permutations = 4999;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "behaviour_change",
        Family = SuiteFamily.Semantic,
        Title = "Kinds of output that changed",
        Meaning = "How many kinds of output became more or less frequent than at the baseline; slices say by how much.",
        Unit = "clusters",
        Range = "[0, 100]; slices [−1, 1]",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding | MeasureNeeds.Behaviours,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "number of clusters with p ≤ .10 adjusted for all; slice: mean over common prompts of the share now − the share at the baseline",
        Interval = "slices: t, clustered where the suite has a cluster key; p from 4,999 dealings within prompt, adjusted by Benjamini and Hochberg, only where the energy distance's p ≤ .05",
        Source = "Driftline; Benjamini and Hochberg 1995; Székely and Rizzo 2013",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        if (input.Baseline is not { } baseline)
        {
            return [new SlicedEstimate(null, Reasons.NoBaseline())];
        }

        if (AssignedOutputs.Of(input.Current, input.Behaviours, out var refusal) is not { } now || AssignedOutputs.Of(baseline, input.Behaviours, out refusal) is not { } then)
        {
            return [new SlicedEstimate(null, refusal)];
        }

        var pairs = PromptPairs.Of(now.Table, then.Table);
        int[] both = [.. Enumerable.Range(0, pairs.Count).Where(i => now.Labels[pairs.Current[i]].Length > 0 && then.Labels[pairs.Baseline[i]].Length > 0)];
        if (both.Length < 2)
        {
            return [new SlicedEstimate(null, Estimate.Without(MeasureStatus.TooFew, $"{both.Length} common prompts have outputs of known kinds: a change needs at least 2.", both.Length))];
        }

        var omnibus = EnergyDistance.Estimate(input with { Current = now.Table, Baseline = then.Table }, bandwidth: null).PValue;
        var shares = new PairedShares(Array.ConvertAll(both, i => now.Labels[pairs.Current[i]]), Array.ConvertAll(both, i => then.Labels[pairs.Baseline[i]]), now.Novel);
        var adjusted = omnibus <= OmnibusLevel ? AdjustedPValues.BenjaminiHochberg(shares.PValues(Permutations, new SeededRandom(input.Seed).Split(7))) : null;
        var clusters = now.Table.ClusterIds(input.Suite, Array.ConvertAll(both, i => pairs.Current[i]));
        var note = Reasons.Join(pairs.MissingNote, now.Note);
        var all = new Estimate
        {
            Value = adjusted?.Count(p => p <= FalseDiscoveries) ?? 0,
            N = both.Length,
            Clusters = PromptClusters.Count(clusters),
            PValue = omnibus,
            Reason = Reasons.Join(
                note, adjusted is null ? "The outputs as a whole did not change measurably (p of the energy distance above .05), so single clusters were not tested." : $"Of {now.Novel} clusters."),
        };
        return
        [
            new SlicedEstimate(null, all),
            .. Enumerable.Range(0, now.Novel).Select(cluster => new SlicedEstimate(now.SliceOf(cluster), Change(shares.Differences(cluster), clusters) with { PValue = adjusted?[cluster] })),
        ];
    }

    private static Estimate Change(double[] differences, int[] clusters) => ClusteredMean.Of(differences, clusters).TryGet(out var mean, out var reason)
        ? new Estimate { Value = mean.Mean, Lo = mean.Interval.Lo, Hi = mean.Interval.Hi, StdErr = mean.StdErr, N = mean.N, Clusters = mean.Clusters }
        : new Estimate { Value = ClusteredMean.MeanOf(differences), N = differences.Length, Clusters = PromptClusters.Count(clusters), Reason = reason };
}
