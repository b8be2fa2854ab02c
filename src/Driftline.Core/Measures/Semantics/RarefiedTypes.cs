using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>rarefied_types</c>: the expected number of different words among m words of the outputs drawn without replacement,
/// m fixed as 80 % of generation 0's words on the slice: E[V_m] = Σ(1 − C(N−c,m)/C(N,m)).
/// </summary>
/// <remarks>
/// The interval is that of <see cref="LeftOutPrompts"/>. The level is of the prompts that the generation has; <c>diversity_ratio</c>
/// compares on common ones.
/// </remarks>
public sealed class RarefiedTypes : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "rarefied_types",
        Family = SuiteFamily.Semantic,
        Title = "Different words",
        Meaning = "How many different words there are in as many words of the outputs as for every other generation.",
        Unit = "words",
        Range = "[1, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[V_m] = Σ(1 − C(N−c,m)/C(N,m)) over the types of the outputs, m = 80 % of generation 0's tokens",
        Interval = "delete-d jackknife: 200 subsamples without a twentieth of the prompts (clusters), t",
        Source = "Hurlbert 1971; Heck et al. 1975; Shao and Wu 1989",
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        var vocabulary = new Vocabulary();
        int[] prompts = [.. Enumerable.Range(0, input.Current.Prompts.Count)];
        var types = vocabulary.Read(input.Current, prompts);
        if (TokenBudget.Of(input, [(input.Current, types)], out var refusal) is not { } budget)
        {
            return refusal;
        }

        var counts = new TypeCounts(types, vocabulary.Count);
        var value = Rarefaction.ExpectedTypes(counts.All, budget);
        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        var error = LeftOutPrompts.StdErr(
            prompts.Length,
            clusters,
            left =>
            {
                var rest = counts.Without(left);
                return rest.Sum() < budget ? null : Rarefaction.ExpectedTypes(rest, budget);
            },
            new SeededRandom(input.Seed));
        var half = error is { } e ? Quantiles.StudentT(e.Units - 1) * e.StdErr : (double?)null;
        return new Estimate
        {
            Value = value,
            Lo = value - half,
            Hi = value + half,
            StdErr = error?.StdErr,
            N = prompts.Length,
            Clusters = PromptClusters.Count(clusters),
            Reason = error is null ? "Too few prompts or words to leave some out: no interval." : null,
        };
    }
}
