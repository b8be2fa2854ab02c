using System.Numerics.Tensors;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Bias;

/// <summary>
/// <c>parity_gap</c>: standard deviation between the groups' rates, without the share of it that sampling alone makes; 0 where the
/// rates differ no more than that. Where the suite names two groups (<see cref="SuiteDefinition.Contrast"/>), the signed difference of
/// their rates instead, the first less the second. The rate is that of the primary score (its mean where it is no yes/no score), every other yes/no
/// score on <c>score=NAME</c>. Computed from the whole suite.
/// </summary>
/// <remarks>
/// With r the G rates and Σ their covariance matrix from the residuals of prompts (or clusters, which may span groups), the variance
/// between groups is V = r′Ar, A = (I − J/G)/(G − 1), of which tr(AΣ) is noise. Var V ≈ 4·r′AΣAr + 2·tr(AΣAΣ) (a quadratic form in
/// normal variables: Searle 1971, section 2.5), with Σ itself less noisy than r.
/// </remarks>
public sealed class ParityGap : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "parity_gap",
        Family = SuiteFamily.Bias,
        Suites = [SuiteFamily.Bias],
        Title = "Gap between groups",
        Meaning = "How unequal the groups' rates are, beyond what sampling alone makes them.",
        Unit = "share",
        Range = "[0, ∞), of two named groups (−∞, ∞)",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Group | MeasureNeeds.Score,
        Comparability = ComparabilityKeys.Scorer | ComparabilityKeys.Sampler,
        Formula = "√max(0, V − tr(AΣ)), V the variance between the groups' rates, tr(AΣ) its part from sampling; where the suite names two groups, rate of the first − rate of the second",
        Interval = "t on the variance, from the variance of a quadratic form; clustered where the suite has a cluster key; cut at 0; of two named groups t on the difference",
        Source = "Searle 1971, section 2.5; Searle, Casella and McCulloch 1992",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        if (input.Slice is not null || input.Suite.GroupKey is not { } key)
        {
            yield break;
        }

        if (input.Suite is { PrimaryScore: { } primary, Boolean: false })
        {
            yield return new SlicedEstimate(null, Of(input, key, primary, null));
        }

        foreach (var score in input.ScoreSlices(booleanOnly: true))
        {
            yield return new SlicedEstimate(score.Slice, Of(input, key, score.Score, score.Threshold));
        }
    }

    private static Estimate Of(MeasureInput input, string key, string score, double? threshold)
    {
        if (input.Current.PromptMeans(score, threshold) is not { } means)
        {
            return Estimate.Without(MeasureStatus.NoData, Reasons.NoScore(input.Current, score));
        }

        var groups = Enumerable.Range(0, means.Length)
            .Where(i => !double.IsNaN(means[i]) && input.Current.Metadata[i].ContainsKey(key))
            .GroupBy(i => input.Current.Metadata[i][key], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .Select(group => group.ToArray())
            .ToArray();
        if (input.Suite.Contrast is [var first, var second])
        {
            string[] present = [.. groups.Select(group => input.Current.Metadata[group[0]][key])];
            return Array.IndexOf(present, first) is >= 0 and var one && Array.IndexOf(present, second) is >= 0 and var other
                ? Difference(input, [groups[one], groups[other]], means)
                : Estimate.Without(MeasureStatus.NoData, $"The gap is between '{first}' and '{second}', but the groups of at least 2 prompts with a value of '{score}' are {string.Join(", ", present.Take(10))}.");
        }

        int[] prompts = [.. groups.SelectMany(group => group)];
        if (groups.Length < 2)
        {
            return Estimate.Without(
                MeasureStatus.TooFew, $"A gap needs at least 2 groups of at least 2 prompts with a value of the score '{score}'; there {(groups.Length == 1 ? "is" : "are")} {groups.Length}.", prompts.Length);
        }

        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        var rates = Array.ConvertAll(groups, group => group.Average(i => means[i]));
        var centre = rates.Average();
        var errors = Errors(groups, rates, means, clusters);
        var freedom = groups.Length - 1.0;
        var noise = errors.Sum(unit => TensorPrimitives.Dot<double>(unit, unit)) / freedom;
        var gap = rates.Sum(rate => (rate - centre) * (rate - centre)) / freedom;
        var variance = ((4 * errors.Sum(unit => Square(TensorPrimitives.Dot<double>(unit, rates)))) + (2 * SquaredProducts(errors))) / (freedom * freedom);
        var units = PromptClusters.Count(clusters);
        var half = units < 2 ? (double?)null : Quantiles.StudentT((units ?? (prompts.Length - groups.Length + 1)) - 1) * Math.Sqrt(variance);
        return new Estimate
        {
            Value = Root(gap - noise),
            Lo = half is { } down ? Root(gap - noise - down) : null,
            Hi = half is { } up ? Root(gap - noise + up) : null,
            N = prompts.Length,
            Clusters = units,
            Reason = Reasons.Join(
                gap <= noise ? "The groups' rates differ no more than sampling alone would make them." : null,
                half is null ? "All prompts are in one cluster: an interval needs at least 2 clusters." : null),
        };
    }

    /// <summary>The first group's rate less the second's; clusters may span both.</summary>
    private static Estimate Difference(MeasureInput input, int[][] pair, double[] means)
    {
        int[] prompts = [.. pair[0], .. pair[1]];
        var rates = Array.ConvertAll(pair, group => group.Average(i => means[i]));
        var clusters = input.Current.ClusterIds(input.Suite, prompts);
        var units = PromptClusters.Count(clusters);
        var error = Math.Sqrt(Errors(pair, rates, means, clusters, centred: false).Sum(unit => Square(unit[0] - unit[1])));
        var gap = new MeanEstimate(rates[0] - rates[1], error, (units ?? (prompts.Length - 1)) - 1, 0, prompts.Length, units);
        return units < 2
            ? new Estimate { Value = gap.Mean, N = prompts.Length, Clusters = units, Reason = "All prompts are in one cluster: an interval needs at least 2 clusters." }
            : new Estimate { Value = gap.Mean, Lo = gap.Interval.Lo, Hi = gap.Interval.Hi, StdErr = error, PValue = gap.PValue, N = prompts.Length, Clusters = units };
    }

    /// <summary>
    /// Rows whose outer products sum to Σ, each less its mean over groups: of each cluster its errors in the groups' rates; without
    /// clusters, one a group with the standard error of its rate.
    /// </summary>
    private static double[][] Errors(int[][] groups, double[] rates, double[] means, int[] clusters, bool centred = true)
    {
        var count = clusters.Length == 0 ? groups.Length : clusters.Max() + 1;
        var errors = Enumerable.Range(0, count).Select(_ => new double[groups.Length]).ToArray();
        var correction = Math.Sqrt(count / Math.Max(count - 1.0, 1));
        var prompt = 0;
        for (var g = 0; g < groups.Length; g++)
        {
            double n = groups[g].Length;
            if (clusters.Length == 0)
            {
                errors[g][g] = Math.Sqrt(groups[g].Sum(i => Square(means[i] - rates[g])) / (n * (n - 1)));
                continue;
            }

            foreach (var i in groups[g])
            {
                errors[clusters[prompt++]][g] += correction * (means[i] - rates[g]) / n;
            }
        }

        foreach (var unit in centred ? errors : [])
        {
            TensorPrimitives.Subtract(unit, unit.Average(), unit);
        }

        return errors;
    }

    /// <summary>Σ_{c,d} (u_c·u_d)² over all pairs of rows, which is the same over pairs of columns.</summary>
    private static double SquaredProducts(double[][] rows)
    {
        var vectors = rows.Length <= rows[0].Length ? rows : [.. Enumerable.Range(0, rows[0].Length).Select(g => Array.ConvertAll(rows, row => row[g]))];
        return vectors.Sum(one => vectors.Sum(other => Square(TensorPrimitives.Dot<double>(one, other))));
    }

    private static double Root(double variance) => Math.Sqrt(Math.Max(0, variance));

    private static double Square(double x) => x * x;
}
