using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Core.Measures.Values;
using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Measures.Recipes;

public sealed class RecipeIntervalTests
{
    private static readonly MeasureDefinition Shift = new ScoreShift().Definition;

    [Fact]
    public void Without_noise_the_interval_of_the_recipe_is_that_of_the_model()
    {
        var (point, recipe) = Only(Shift, variance: 0);

        Assert.Equal(point.Estimate.Lo!.Value, recipe!.Lo, 1e-9);
        Assert.Equal(point.Estimate.Hi!.Value, recipe.Hi, 1e-9);
        Assert.Equal(0, recipe.TrainingSd);
    }

    [Fact]
    public void Noise_widens_each_side_by_its_own_degrees_of_freedom()
    {
        var (_, recipe) = Only(Shift, variance: 0.01);

        // SE .02 with 119 degrees of freedom, σ .1 with 8.
        Assert.Equal(0.1 + Math.Sqrt(Math.Pow(Quantiles.StudentT(119) * 0.02, 2) + Math.Pow(2.306004135204166 * 0.1, 2)), recipe!.Hi, 1e-9);
        Assert.Equal(0.1, recipe.TrainingSd, 1e-12);
    }

    [Fact]
    public void It_does_not_leave_the_range_of_the_measure()
    {
        var (_, recipe) = Only(new JsDistance().Definition, variance: 0.01);

        Assert.Equal(0, recipe!.Lo);
        Assert.InRange(recipe.Hi, 0.3, 1);
    }

    [Fact]
    public void Without_any_source_there_is_none()
    {
        var series = RecipeIntervals.Add(RecipeNoiseTests.Series(("a", "1", 1, 0.1)), Shift, new RecipeEvidence());

        Assert.Null(Assert.Single(series.Points).Recipe);
        Assert.Equal(RecipeNoiseSource.None, Assert.Single(series.TrainingNoise).Source);
    }

    [Fact]
    public void Generation_0_has_prompts_only()
    {
        var series = RecipeIntervals.Add(RecipeNoiseTests.Series(("root", null, 0, 0.1), ("a", "1", 1, 0.1)), Shift, new RecipeEvidence { Given = 0.5 });

        Assert.Equal([0, 0.5], series.Points.Select(point => point.Recipe!.TrainingSd));
        Assert.Equal(series.Points[0].Estimate.Hi!.Value, series.Points[0].Recipe!.Hi, 1e-9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void It_holds_what_another_seed_would_have_gone_to_on_average_at_its_level(int seeds)
    {
        const int Lineages = 1500;
        const int Prompts = 40;
        const int Generations = 6;
        const double Training = 0.15;
        var random = new SeededRandom(23);
        var held = 0;
        for (var lineage = 0; lineage < Lineages; lineage++)
        {
            var variances = new List<SeriesPoint>();
            SeriesPoint? shown = null;
            for (var g = 1; g <= Generations; g++)
            {
                var values = new double[seeds][];
                for (var seed = 0; seed < seeds; seed++)
                {
                    var training = Training * random.NextNormal();
                    values[seed] = new double[Prompts];
                    for (var prompt = 0; prompt < Prompts; prompt++)
                    {
                        values[seed][prompt] = 0.4 + training + random.NextNormal();
                    }
                }

                var own = ClusteredMean.Of(values[0], []).Value;
                shown = new SeriesPoint("a", "1", g, "m", new Estimate { Value = own.Mean, Lo = own.Interval.Lo, Hi = own.Interval.Hi, StdErr = own.StdErr, N = Prompts });
                variances.Add(new SeriesPoint("a", "1", g, "m", new Estimate { Value = SiblingVariance.Of(values, []).Value.Variance, N = seeds }));
            }

            var series = RecipeIntervals.Add(RecipeNoiseTests.Series() with { Points = [shown!] }, Shift, new RecipeEvidence { Siblings = variances });
            var recipe = series.Points[0].Recipe!;
            held += recipe.Lo <= 0.4 && 0.4 <= recipe.Hi ? 1 : 0;
        }

        // σ̂² truncated at 0 with 6 or 12 degrees of freedom costs a little; prompts alone would hold 85 %.
        Assert.InRange(held / (double)Lineages, 0.93, 0.985);
    }

    private static (SeriesPoint Point, RecipeInterval? Recipe) Only(MeasureDefinition definition, double variance)
    {
        var evidence = new RecipeEvidence { Siblings = [.. Enumerable.Range(1, 8).Select(g => new SeriesPoint("a", "1", g, "m", new Estimate { Value = variance, N = 2 }))] };
        var quantile = Quantiles.StudentT(119);
        var point = new SeriesPoint("a", "1", 1, "m", new Estimate { Value = 0.1, Lo = 0.1 - (quantile * 0.02), Hi = 0.1 + (quantile * 0.02), StdErr = 0.02, N = 120 });
        var series = RecipeIntervals.Add(RecipeNoiseTests.Series() with { Points = [point] }, definition, evidence);
        return (point, series.Points[0].Recipe);
    }
}
