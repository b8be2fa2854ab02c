using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Measures.Recipes;

public sealed class RecipeNoiseTests
{
    private const double Error = 0.02;

    [Fact]
    public void Sibling_seeds_are_pooled_by_their_degrees_of_freedom_and_truncated_only_then()
    {
        var noise = Assert.Single(RecipeNoise.Of(Series(("a", "1", 1, 0.1)), new RecipeEvidence
        {
            Siblings = [Variance("a", 1, -0.03, 2), Variance("a", 2, 0.05, 3), Variance("b", 1, 9, 2)],
        }));

        Assert.Equal(RecipeNoiseSource.Siblings, noise.Source);
        Assert.Equal((-0.03 + (2 * 0.05)) / 3, noise.Variance!.Value, 1e-15);
        Assert.Equal(3, noise.DegreesOfFreedom);
        Assert.Equal("Training noise .153 (SD), from 3 sibling seeds over 2\u00a0generations.", noise.Sentence);
    }

    [Fact]
    public void Seeds_that_differ_less_than_chance_have_no_noise()
    {
        var noise = Assert.Single(RecipeNoise.Of(Series(("a", "1", 1, 0.1)), new RecipeEvidence { Siblings = [Variance("a", 1, -0.03, 2), Variance("a", 2, 0.01, 2)] }));

        Assert.Equal(0, noise.Variance);
        Assert.StartsWith("Training noise 0: 2 sibling seeds", noise.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_siblings_the_steps_of_the_line_tell()
    {
        double[] steps = [0.1, 0.3, 0.1, 0.3, 0.1, 0.3];
        var evidence = new RecipeEvidence { Steps = [.. steps.Select((step, i) => Point("a", "1", i + 1, step))], Given = 5 };

        var noise = Assert.Single(RecipeNoise.Of(Series(("a", "1", 1, 0.1)), evidence));

        Assert.Equal(RecipeNoiseSource.Steps, noise.Source);
        Assert.Equal(Math.Pow(0.2 / 1.1283791670955126, 2) - (1.5 * Error * Error), noise.Variance!.Value, 1e-12);
        Assert.Equal(4 * noise.Variance, noise.VarianceAt(4, Baseline.Origin));
        Assert.Equal(noise.Variance, noise.VarianceAt(4, Baseline.Parent));
        Assert.Equal(0, noise.VarianceAt(0, Baseline.None));
        Assert.Equal(
            RecipeNoiseSource.Given,
            Assert.Single(RecipeNoise.Of(Series(("a", "1", 1, 0.1)), evidence with { Steps = [.. evidence.Steps.Take(5)] })).Source);
    }

    [Fact]
    public void Steps_with_a_gap_make_no_range()
    {
        var evidence = new RecipeEvidence { Steps = [.. Enumerable.Range(1, 7).Where(g => g != 4).Select(g => Point("a", "1", g, g % 2))] };

        Assert.Equal(RecipeNoiseSource.None, Assert.Single(RecipeNoise.Of(Series(("a", "1", 1, 0.1)), evidence)).Source);
    }

    [Fact]
    public void The_noise_of_steps_is_right_on_a_chain_whose_answers_are_sampled()
    {
        const double TrueVariance = 0.01;
        var random = new SeededRandom(5);
        double sum = 0;
        const int Chains = 3000;
        for (var chain = 0; chain < Chains; chain++)
        {
            var levels = new double[41];
            double model = 0;
            for (var g = 0; g < levels.Length; g++)
            {
                model += g == 0 ? 0 : 0.03 + (Math.Sqrt(TrueVariance) * random.NextNormal());
                levels[g] = model + (0.05 * random.NextNormal());
            }

            var steps = Enumerable.Range(1, 40).Select(g => Point("a", "1", g, levels[g] - levels[g - 1], 0.05 * Math.Sqrt(2))).ToList();
            sum += Assert.Single(RecipeNoise.Of(Series(("a", "1", 1, 0.1)), new RecipeEvidence { Steps = steps })).Variance!.Value;
        }

        // Squaring a mean of ranges adds its own variance, here 1/24 of the whole.
        Assert.InRange(sum / Chains, 0.96 * TrueVariance, 1.12 * TrueVariance);
    }

    [Fact]
    public void What_is_no_mean_over_prompts_takes_the_spread_of_seeds_as_a_bound()
    {
        var series = Series(("a", "1", 1, 0.1), ("a", "2", 1, 0.3), ("a", "1", 2, 0.2), ("a", "2", 2, 0.2), ("b", "1", 1, 0.4));

        var noises = RecipeNoise.Of(series, new RecipeEvidence { TakesSpread = true });

        Assert.Equal([RecipeNoiseSource.SiblingSpread, RecipeNoiseSource.None], noises.Select(noise => noise.Source));
        Assert.Equal(0.01, noises[0].Variance!.Value, 1e-12);
        Assert.Contains("at most .100", noises[0].Sentence, StringComparison.Ordinal);
        Assert.Equal("Training noise not estimated: intervals cover prompts only.", noises[1].Sentence);
    }

    internal static MeasureSeries Series(params (string Branch, string? Seed, int Generation, double Value)[] points) => new()
    {
        Lineage = "w",
        Measure = "score_shift",
        Suite = "s",
        Baseline = Baseline.Origin,
        Unit = "score",
        DefinitionVersion = 1,
        Points = [.. points.Select(point => Point(point.Branch, point.Seed, point.Generation, point.Value))],
    };

    internal static SeriesPoint Point(string branch, string? seed, int generation, double value, double error = Error) =>
        new(branch, seed, generation, "m", new Estimate { Value = value, Lo = value - (1.98 * error), Hi = value + (1.98 * error), StdErr = error, N = 120 });

    private static SeriesPoint Variance(string branch, int generation, double variance, int seeds) =>
        new(branch, "1", generation, "m", new Estimate { Value = variance, N = seeds });
}
