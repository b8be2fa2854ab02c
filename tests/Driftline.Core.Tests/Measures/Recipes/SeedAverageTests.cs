using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;

namespace Driftline.Core.Tests.Measures.Recipes;

public sealed class SeedAverageTests
{
    [Fact]
    public void Seeds_are_the_replicates_of_a_t_interval()
    {
        var average = SeedAverage.Of(RecipeNoiseTests.Series(("a", "1", 1, 0.1), ("a", "2", 1, 0.2), ("a", "3", 1, 0.6), ("b", "1", 1, 0.4)));

        var estimate = average.Points[0].Estimate;
        Assert.Equal(("a", null, 1), (average.Points[0].Branch, average.Points[0].Seed, average.Points[0].Generation));
        Assert.Equal(0.3, estimate.Value!.Value, 1e-12);

        // SD √.07, 4.302653 the 97.5 % point of t with 2 degrees of freedom.
        Assert.Equal(0.3 + (4.302652729911275 * Math.Sqrt(0.07 / 3)), estimate.Hi!.Value, 1e-9);
        Assert.Equal((3, MeasureStatus.Ok), (estimate.N, estimate.Status));
        Assert.Equal((MeasureStatus.TooFew, 1, null), (average.Points[1].Estimate.Status, average.Points[1].Estimate.N, average.Points[1].Estimate.Value));
    }

    [Fact]
    public void The_shared_origin_stays_as_it_is()
    {
        var average = SeedAverage.Of(RecipeNoiseTests.Series(("root", null, 0, 0.5), ("a", "1", 1, 0.1), ("a", "2", 1, 0.2)));

        var origin = average.Points[1].Estimate;
        Assert.Equal((0.5, null, 1), (origin.Value, origin.Lo, origin.N));
        Assert.Contains("not retrained", origin.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_without_a_value_is_counted_and_seeds_not_measured_alike_are_not_averaged()
    {
        var series = RecipeNoiseTests.Series(("a", "1", 1, 0.1), ("a", "2", 1, 0.2), ("a", "3", 1, 0.3));
        var missing = series with { Points = [.. series.Points.Take(2), series.Points[2] with { Estimate = Estimate.Without(MeasureStatus.NoData, "gone") }] };
        var estimate = Assert.Single(SeedAverage.Of(missing).Points).Estimate;
        Assert.Equal((2, "1 of 3 seeds have no value here."), (estimate.N, estimate.Reason));

        var mixed = series with { Points = [.. series.Points.Take(2), series.Points[2] with { Comparability = "judge=b" }] };
        Assert.Equal(MeasureStatus.NotComparable, Assert.Single(SeedAverage.Of(mixed).Points).Estimate.Status);
    }
}
