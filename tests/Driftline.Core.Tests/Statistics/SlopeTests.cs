using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Statistics;

public sealed class SlopeTests
{
    [Fact]
    public void TheilSen_OfALine_IsItsSlopeWithoutDoubt()
    {
        var slope = TheilSen.Of([0, 1, 2, 3, 5, 8], [1, 3, 5, 7, 11, 17]).Value;

        Assert.Equal(2, slope.Slope, 1e-12);
        Assert.Equal(new Interval(2, 2), slope.Interval);
    }

    [Fact]
    public void TheilSen_OneOutlier_HardlyMovesIt()
    {
        var slope = TheilSen.Of([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 400, 5, 6, 7]).Value;

        Assert.Equal(1, slope.Slope, 1e-12);
    }

    [Fact]
    public void TheilSen_TooLittle_SaysSo()
    {
        Assert.False(TheilSen.Of([1, 2], [1, 2]).HasValue);
        Assert.Contains("same x", TheilSen.Of([1, 1, 1], [1, 2, 3]).Reason, StringComparison.Ordinal);
    }

    [Theory]
    // scipy.stats.kendalltau
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, new double[] { 1, 2, 3, 4, 5 }, 1, 0.016666666666666666)]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, new double[] { 5, 4, 3, 2, 1 }, -1, 0.016666666666666666)]
    [InlineData(new double[] { 12, 2, 1, 12, 2 }, new double[] { 1, 4, 7, 1, 0 }, -0.47140452079103173, 0.2827454599327748)]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6 }, new double[] { 2, 1, 4, 3, 6, 5 }, 0.6, 0.1361111111111111)]
    public void Kendall_MatchesSciPy(double[] x, double[] y, double tau, double p)
    {
        var correlation = KendallTau.Of(x, y).Value;

        Assert.Equal(tau, correlation.Tau, 1e-12);
        Assert.Equal(p, correlation.PValue, 1e-12);
    }

    [Fact]
    public void Kendall_NothingVaries_SaysSo() => Assert.Contains("equal", KendallTau.Of([1, 2, 3], [4, 4, 4]).Reason, StringComparison.Ordinal);

    [Fact]
    public void Kendall_OfIndependentSeries_RejectsAsOftenAsItSays()
    {
        var random = new SeededRandom(5);
        var rejected = 0;
        for (var trial = 0; trial < 2000; trial++)
        {
            var y = new double[10];
            for (var i = 0; i < y.Length; i++)
            {
                y[i] = random.NextNormal();
            }

            rejected += KendallTau.Of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], y).Value.PValue <= 0.05 ? 1 : 0;
        }

        // The exact test is discrete: at n = 10 its true level at .05 is .0466.
        Assert.InRange(rejected / 2000.0, 0.03, 0.06);
    }
}
