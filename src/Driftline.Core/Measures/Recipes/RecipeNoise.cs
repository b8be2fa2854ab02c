using Driftline.Core.Figures;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Recipes;

/// <summary>Where an estimate of training noise comes from.</summary>
public enum RecipeNoiseSource
{
    /// <summary>Nowhere: intervals cover prompts only.</summary>
    None,

    /// <summary>Sibling seeds, sampling of answers taken out.</summary>
    Siblings,

    /// <summary>The spread of sibling seeds as it is: an upper bound.</summary>
    SiblingSpread,

    /// <summary>The steps of one line from generation to generation.</summary>
    Steps,

    /// <summary>Set by hand.</summary>
    Given,
}

/// <summary>What training noise can be estimated from.</summary>
public sealed record RecipeEvidence
{
    /// <summary>Points of <see cref="TrainingNoise"/> of the same suite, slice and baseline; empty where it was not computed.</summary>
    public IReadOnlyList<SeriesPoint> Siblings { get; init; } = [];

    /// <summary>The paired change from the parent of the same suite and slice, with standard errors; empty where there is none.</summary>
    public IReadOnlyList<SeriesPoint> Steps { get; init; } = [];

    /// <summary>Standard deviation set by hand, in the measure's unit; null when none was.</summary>
    public double? Given { get; init; }

    /// <summary>Whether the spread of sibling seeds may stand in where <see cref="Siblings"/> cannot be computed (measures that are no means over prompts).</summary>
    public bool TakesSpread { get; init; }
}

/// <summary>
/// The training noise of a branch (or of one line of it): what another seed would have changed. From sibling seeds it is one variance,
/// pooled over generations and then truncated at 0, that is added once; from the steps of a single line it is a variance a
/// generation, which adds up along the chain.
/// </summary>
public sealed record RecipeNoise
{
    /// <summary>Fewer steps than this say nothing of their noise.</summary>
    public const int MinSteps = 6;

    // The mean moving range has .605 of the information of the sample variance (Cryer and Ryan 1990).
    private const double RangeEfficiency = 0.6;

    /// <summary>The branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The seed; null where it holds for all of the branch.</summary>
    public string? Seed { get; init; }

    /// <summary>Where it comes from.</summary>
    public required RecipeNoiseSource Source { get; init; }

    /// <summary>The variance in the square of the measure's unit, 0 or more: of a retrain, or of a step where it adds up; null without a source.</summary>
    public double? Variance { get; init; }

    /// <summary>Degrees of freedom of the variance; null when it is given or unknown.</summary>
    public double? DegreesOfFreedom { get; init; }

    /// <summary>What it comes from, in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>The variance that training adds at a generation; null without a source. Generation 0 is not retrained.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="baseline">What the values compare with: the step from the parent is one step, wherever it is.</param>
    public double? VarianceAt(int generation, Baseline baseline) => Variance switch
    {
        null => null,
        _ when generation == 0 => 0,
        { } variance when Source == RecipeNoiseSource.Steps => variance * (baseline.Kind == BaselineKind.Parent ? 1 : generation),
        { } variance => variance,
    };

    /// <summary>Estimates the noise of each line of a series by the best of what there is: siblings, steps, a given value, nothing.</summary>
    public static IReadOnlyList<RecipeNoise> Of(MeasureSeries series, RecipeEvidence evidence) =>
    [
        .. series.Points.GroupBy(point => point.Branch)
            .Where(branch => branch.Any(point => point.Generation > 0))
            .OrderBy(branch => branch.Key, StringComparer.Ordinal)
            .SelectMany(branch => OfSiblings(branch.Key, evidence.Siblings)
                ?? (evidence.TakesSpread ? OfSpread(branch.Key, branch) : null)
                ?? branch.GroupBy(point => point.Seed)
                    .OrderBy(line => line.Key, StringComparer.Ordinal)
                    .Select(line => OfSteps(branch.Key, line.Key, evidence.Steps) ?? Otherwise(branch.Key, line.Key, evidence.Given))),
    ];

    private static RecipeNoise[]? OfSiblings(string branch, IReadOnlyList<SeriesPoint> points)
    {
        var own = points.Where(point => point.Branch == branch && point.Estimate.Value is not null).Select(point => (Variance: point.Estimate.Value!.Value, Seeds: point.Estimate.N)).ToList();
        return Pool(branch, own, RecipeNoiseSource.Siblings, (sd, seeds, generations) => sd == 0
            ? $"Training noise 0: {seeds} sibling seeds differ no more over {generations} than their prompts explain."
            : $"Training noise {NumberFormat.Number(sd)} (SD), from {seeds} sibling seeds over {generations}.");
    }

    private static RecipeNoise[]? OfSpread(string branch, IEnumerable<SeriesPoint> points)
    {
        var spreads = points.Where(point => point.Generation > 0 && point.Estimate.Value is not null)
            .GroupBy(point => point.Generation)
            .Select(generation => generation.Select(point => point.Estimate.Value!.Value).ToArray())
            .Where(values => values.Length > 1)
            .Select(values => (Variance: Spread.Variance(values), Seeds: values.Length))
            .ToList();
        return Pool(branch, spreads, RecipeNoiseSource.SiblingSpread, (sd, seeds, generations) =>
            $"Training noise at most {NumberFormat.Number(sd)} (SD): the spread of {seeds} sibling seeds over {generations}, in which the sampling of answers still is.");
    }

    private static RecipeNoise[]? Pool(string branch, List<(double Variance, int Seeds)> found, RecipeNoiseSource source, Func<double, int, string, string> words)
    {
        double freedom = found.Sum(each => each.Seeds - 1);
        if (freedom == 0)
        {
            return null;
        }

        var variance = Math.Max(0, found.Sum(each => (each.Seeds - 1) * each.Variance) / freedom);
        return
        [
            new RecipeNoise
            {
                Branch = branch,
                Source = source,
                Variance = variance,
                DegreesOfFreedom = freedom,
                Sentence = words(Math.Sqrt(variance), found.Max(each => each.Seeds), NumberFormat.Count(found.Count, "generation")),
            },
        ];
    }

    /// <summary>
    /// The noise of a step from the moving range of steps. Neighbouring steps share the generation between them, so where errors of
    /// different generations are independent their difference has three times the error variance of a step, of which the moving range
    /// sees half: 1.5 · mean SE² is sampling.
    /// </summary>
    private static RecipeNoise? OfSteps(string branch, string? seed, IReadOnlyList<SeriesPoint> points)
    {
        var steps = points.Where(point => point.Branch == branch && point.Seed == seed && point.Estimate is { Value: not null, StdErr: not null })
            .OrderBy(point => point.Generation)
            .ToList();
        var ranges = steps.Zip(steps.Skip(1))
            .Where(pair => pair.Second.Generation == pair.First.Generation + 1)
            .Select(pair => Math.Abs(pair.Second.Estimate.Value!.Value - pair.First.Estimate.Value!.Value))
            .ToArray();
        if (steps.Count < MinSteps || ranges.Length < MinSteps - 1)
        {
            return null;
        }

        var deviation = Spread.OfMovingRanges(ranges);
        var error = steps.Average(point => point.Estimate.StdErr!.Value * point.Estimate.StdErr!.Value);
        var variance = Math.Max(0, (deviation * deviation) - (1.5 * error));
        var sd = Math.Sqrt(variance);
        return new RecipeNoise
        {
            Branch = branch,
            Seed = seed,
            Source = RecipeNoiseSource.Steps,
            Variance = variance,
            DegreesOfFreedom = Math.Max(1, RangeEfficiency * ranges.Length),
            Sentence = variance == 0
                ? $"Training noise 0: without sibling seeds, {steps.Count} steps vary no more than their prompts explain."
                : $"Training noise {NumberFormat.Number(sd)} (SD) a generation, adding up along the chain: without sibling seeds, from how {steps.Count} steps vary.",
        };
    }

    private static RecipeNoise Otherwise(string branch, string? seed, double? given) => given is { } sd
        ? new RecipeNoise { Branch = branch, Seed = seed, Source = RecipeNoiseSource.Given, Variance = sd * sd, Sentence = $"Training noise {NumberFormat.Number(sd)} (SD), as set for this lineage." }
        : new RecipeNoise { Branch = branch, Seed = seed, Source = RecipeNoiseSource.None, Sentence = "Training noise not estimated: intervals cover prompts only." };
}
