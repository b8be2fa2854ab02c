using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>diversity_ratio</c>: rarefied types of the outputs over those of the baseline, both at the same number of tokens m, fixed as 80 %
/// of generation 0's tokens on the slice. Length controlled: shorter texts do not look more diverse.
/// </summary>
/// <remarks>
/// Interval: drawing prompts with replacement would lose types, so it comes from the delete-d jackknife (Shao and Wu 1989): 200 times a random
/// twentieth of the prompts (clusters) is left out on both sides, SE² = (n − d)/d · variance of the log ratio.
/// </remarks>
public sealed class DiversityRatio : IMeasure
{
    /// <summary>Share of generation 0's tokens that makes the budget.</summary>
    public const double BudgetShare = 0.8;

    private const int Subsamples = 200;
    private const double LeftOut = 0.05;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "diversity_ratio",
        Family = SuiteFamily.Semantic,
        Title = "Diversity of words",
        Meaning = "How many different words the outputs use in the same number of words, relative to the baseline; below 1 is poorer.",
        Unit = "ratio",
        Range = "(0, ∞)",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.Origin, BaselineKind.Parent],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "E[V_m] now / E[V_m] at the baseline, E[V_m] = Σ(1 − C(N−c,m)/C(N,m)), m = 80 % of generation 0's tokens",
        Interval = "delete-d jackknife of the log ratio: 200 subsamples without a twentieth of the prompts (clusters)",
        Source = "Hurlbert 1971; Heck et al. 1975; Shao and Wu 1989",
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Baseline is not { } baseline)
        {
            return Reasons.NoBaseline();
        }

        if (input.Origin is not { } origin)
        {
            return Estimate.Without(MeasureStatus.NoData, "The number of words to compare at is fixed from generation 0, which was not imported.");
        }

        var pairs = PromptPairs.Of(input.Current, baseline);
        if (pairs.Count == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input));
        }

        var vocabulary = new Vocabulary();
        var now = vocabulary.Read(input.Current, pairs.Current);
        var then = ReferenceEquals(input.Current, baseline) ? now : vocabulary.Read(baseline, pairs.Baseline);
        var budget = (int)Math.Floor(BudgetShare * TokensOf(origin, baseline, then, pairs));
        if (budget < 1)
        {
            return Estimate.Without(MeasureStatus.NoData, $"Generation {origin.Node.Generation} has no words here.", pairs.Count);
        }

        foreach (var (table, words) in new[] { (input.Current, now.Sum(p => (long)p.Length)), (baseline, then.Sum(p => (long)p.Length)) })
        {
            if (words < budget)
            {
                return Estimate.Without(
                    MeasureStatus.TooFew,
                    $"Generation {table.Node.Generation} has {words} words here, fewer than the {budget} (80 % of generation {origin.Node.Generation}'s) that diversity is compared at.",
                    pairs.Count);
            }
        }

        var countsNow = Counts(now, vocabulary.Count);
        var countsThen = Counts(then, vocabulary.Count);
        var ratio = Rarefaction.ExpectedTypes(countsNow, budget) / Rarefaction.ExpectedTypes(countsThen, budget);
        var clusters = input.Current.ClusterIds(input.Suite, pairs.Current);
        var error = LogError(now, then, countsNow, countsThen, clusters, budget, new SeededRandom(input.Seed));
        var half = error is { } e ? Quantiles.StudentT(e.Units - 1) * e.StdErr : (double?)null;
        return new Estimate
        {
            Value = ratio,
            Lo = half is { } down ? ratio * Math.Exp(-down) : null,
            Hi = half is { } up ? ratio * Math.Exp(up) : null,
            StdErr = ratio * error?.StdErr,
            N = pairs.Count,
            Clusters = PromptClusters.Count(clusters),
            Reason = Reasons.Join(pairs.MissingNote, error is null ? "Too few prompts or words to leave some out: no interval." : null),
        };
    }

    private static long TokensOf(EvaluationTable origin, EvaluationTable baseline, int[][] read, PromptPairs pairs)
    {
        if (ReferenceEquals(origin, baseline) && pairs.Count == origin.Prompts.Count)
        {
            return read.Sum(prompt => (long)prompt.Length);
        }

        return origin.Outputs().Sum(output => output is null ? 0L : Tokens.Count(output));
    }

    private static int[] Counts(int[][] prompts, int types)
    {
        var counts = new int[types];
        foreach (var prompt in prompts)
        {
            foreach (var type in prompt)
            {
                counts[type]++;
            }
        }

        return counts;
    }

    private static (double StdErr, int Units)? LogError(int[][] now, int[][] then, int[] countsNow, int[] countsThen, int[] clusters, int budget, SeededRandom random)
    {
        var members = Enumerable.Range(0, now.Length).GroupBy(i => clusters.Length == 0 ? i : clusters[i]).Select(group => group.ToArray()).ToArray();
        var units = members.Length;
        var leftOut = Math.Max(1, (int)Math.Floor(LeftOut * units));
        if (units < Bootstrap.MinUnits)
        {
            return null;
        }

        var logs = new double?[Subsamples];
        Parallel.For(0, Subsamples, s =>
        {
            var own = random.Split((ulong)s);
            int[] order = [.. Enumerable.Range(0, units)];
            own.DrawToFront<int>(order, leftOut);
            var a = (int[])countsNow.Clone();
            var b = (int[])countsThen.Clone();
            foreach (var prompt in order.Take(leftOut).SelectMany(unit => members[unit]))
            {
                Remove(now[prompt], a);
                Remove(then[prompt], b);
            }

            logs[s] = a.Sum() < budget || b.Sum() < budget ? null : Math.Log(Rarefaction.ExpectedTypes(a, budget) / Rarefaction.ExpectedTypes(b, budget));
        });
        if (logs.Any(log => log is null))
        {
            return null;
        }

        var mean = logs.Average()!.Value;
        var variance = logs.Average(log => (log!.Value - mean) * (log.Value - mean));
        return (Math.Sqrt((double)(units - leftOut) / leftOut * variance), units);
    }

    private static void Remove(int[] types, int[] counts)
    {
        foreach (var type in types)
        {
            counts[type]--;
        }
    }
}
