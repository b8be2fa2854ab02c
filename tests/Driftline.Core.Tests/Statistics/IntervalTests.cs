using Driftline.Core.Statistics;
using Driftline.Core.Tests.Measures;

namespace Driftline.Core.Tests.Statistics;

public sealed class IntervalTests
{
    [Fact]
    public void Wilson_PublishedExamples_Match()
    {
        foreach (var example in Fixtures.Json("fixtures.json").GetProperty("wilson").EnumerateArray())
        {
            var interval = Wilson.Interval(example.GetProperty("k").GetDouble(), example.GetProperty("n").GetDouble());

            Assert.Equal(example.GetProperty("lo").GetDouble(), interval.Lo, 1e-12);
            Assert.Equal(example.GetProperty("hi").GetDouble(), interval.Hi, 1e-12);
        }
    }

    [Fact]
    public void Wilson_AllOrNone_ReachesTheEdgeExactly()
    {
        Assert.Equal(0, Wilson.Interval(0, 20).Lo);
        Assert.Equal(1, Wilson.Interval(20, 20).Hi);
    }

    [Fact]
    public void EffectiveTrials_SingleIndependentAnswers_AreTheirNumber()
    {
        var trials = Wilson.EffectiveTrials(0.25, 0.25 * 0.75 / 40, 40, 40, freedom: null);

        Assert.Equal(40, trials, 1e-9);
    }

    [Fact]
    public void EffectiveTrials_FewDegreesOfFreedom_AreFewer()
    {
        var many = Wilson.EffectiveTrials(0.25, 0.25 * 0.75 / 40, 40, 40, freedom: 999);
        var few = Wilson.EffectiveTrials(0.25, 0.25 * 0.75 / 40, 40, 40, freedom: 4);

        Assert.InRange(many, 39.8, 40);
        Assert.Equal(40 * Math.Pow(1.959963984540054 / 2.7764451051977987, 2), few, 1e-9);
    }

    [Fact]
    public void ClusteredMean_MatchesTheReference()
    {
        var reference = Fixtures.Json("fixtures.json").GetProperty("clustered_se");
        var values = reference.Numbers("values");
        int[] clusters = [.. reference.Numbers("cluster").Select(c => (int)c)];

        var clustered = ClusteredMean.Of(values, clusters).Value;
        var plain = ClusteredMean.Of(values, []).Value;

        Assert.Equal(reference.GetProperty("se_finite_cluster_corrected").GetDouble(), clustered.StdErr, 1e-12);
        Assert.Equal(reference.GetProperty("se_iid").GetDouble(), plain.StdErr, 1e-12);
        Assert.Equal(4, clustered.Clusters);
        Assert.Equal(9.5 - (3.182446305284263 * clustered.StdErr), clustered.Interval.Lo, 1e-9);
    }

    [Fact]
    public void ClusteredMean_UnequalClusters_MatchTheMatricesWrittenOut()
    {
        // NumPy: SE from the residuals of each cluster times (I − H_cc)^(−1/2), degrees of freedom (tr GᵀΩG)²/tr((GᵀΩG)²), correlation 0.359.
        double[] values = [0.2, 0.1, 0.4, 0.9, 1.0, 0.3, 0.1, 0.2, 0, -0.1, 0.5, 0.1];

        var mean = ClusteredMean.Of(values, [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3]).Value;

        Assert.Equal(0.17483397607993467, mean.StdErr, 1e-12);
        Assert.Equal(1.7093648624705033, mean.DegreesOfFreedom, 1e-10);
        Assert.Equal(0.6915979389554991, mean.Skewness, 1e-10);
        Assert.Equal(-0.5808151877273696, mean.Interval.Lo, 1e-8);
        Assert.Equal(-0.5808151877273696, mean.Skewed.Lo, 1e-8);
    }

    [Fact]
    public void ClusteredMean_NumbersOfClustersWithGaps_AreNoClusters()
    {
        double[] values = [1, 4, 2, 8, 5, 7];

        Assert.Equal(ClusteredMean.Of(values, [0, 0, 1, 1, 2, 2]).Value, ClusteredMean.Of(values, [1, 1, 4, 4, 9, 9]).Value);
        Assert.Equal(2, ClusteredMean.Of(values, [1, 1, 4, 4, 9, 9]).Value.DegreesOfFreedom);
    }

    [Fact]
    public void SkewedInterval_IsHallsWhereItReachesFurther_ElseTheTs()
    {
        // NumPy and scipy.stats.skew(bias=False): Hall's interval is 0.0849 to 0.3060, the t's 0.0692 to 0.2758.
        var mean = ClusteredMean.Of([0, 0.1, 0.05, 0.2, 0, 0.5, 0.3, 0.02, 0.4, 0.1, 0.15, 0.25], []).Value;

        Assert.Equal(0.8383251804783942, mean.Skewness, 1e-12);
        Assert.Equal(0.06918913039914681, mean.Skewed.Lo, 1e-9);
        Assert.Equal(0.3059844358382353, mean.Skewed.Hi, 1e-9);
        Assert.Equal(ClusteredMean.Of([1.0, 2, 3, 4, 5, 6], []).Value.Interval, ClusteredMean.Of([1.0, 2, 3, 4, 5, 6], []).Value.Skewed);
    }

    [Fact]
    public void SkewedInterval_OfVeryFewValues_OrOneThatStandsOut_KeepsWithinBounds()
    {
        var few = ClusteredMean.Of([0, 0, 0, 0, 2.0], []).Value;
        var one = ClusteredMean.Of([.. Enumerable.Repeat(0.0, 19), 2], []).Value;

        Assert.Equal(few.Interval, few.Skewed);
        Assert.Equal(one.Interval.Lo, one.Skewed.Lo);
        Assert.Equal(one.Mean + (2 * (one.Interval.Hi - one.Mean)), one.Skewed.Hi, 1e-12);
    }

    [Theory]
    [InlineData(20, 12, 2, 16, 0.061804758234899476, 0.32416229313905565)]
    [InlineData(43, 0, 1, 0, -0.11807709698213287, 0.0597180083508988)]
    [InlineData(30, 0, 0, 0, -0.1135133931739688, 0.1135133931739688)]
    public void PairedRates_SingleAnswers_HaveNewcombesInterval(int both, int first, int second, int neither, double lo, double hi)
    {
        double[] one = [.. Yes(both + first), .. No(second + neither)];
        double[] other = [.. Yes(both), .. No(first), .. Yes(second), .. No(neither)];

        var interval = PairedRates.Difference(one, other, (one.Length, one.Length), []).Value;

        Assert.Equal(lo, interval.Lo, 1e-12);
        Assert.Equal(hi, interval.Hi, 1e-12);

        static IEnumerable<double> Yes(int count) => Enumerable.Repeat(1.0, count);
        static IEnumerable<double> No(int count) => Enumerable.Repeat(0.0, count);
    }

    [Fact]
    public void PairedRates_TooLittle_SaysSo()
    {
        Assert.Contains("at least 2", PairedRates.Difference([1.0], [0.0], (1, 1), []).Reason, StringComparison.Ordinal);
        Assert.Contains("one cluster", PairedRates.Difference([1.0, 0], [0.0, 1], (2, 2), [0, 0]).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.7, 36.61141502986894, 0.3578779705018744)]
    [InlineData(1.3, 7.500529335167913, 0.23476221959688856)]
    [InlineData(7.3, 2.345066736150929, 0.07224671342485328)]
    public void Student_OfBrokenDegreesOfFreedom_MatchesSciPy(double degrees, double point, double p)
    {
        Assert.Equal(1, Quantiles.StudentT(degrees) / point, 1e-7);
        Assert.Equal(p, Quantiles.StudentP(2.1, degrees), 1e-10);
    }

    [Fact]
    public void ClusteredMean_EveryPromptItsOwnCluster_IsThePlainOne()
    {
        double[] values = [1, 4, 2, 8, 5, 7];

        Assert.Equal(ClusteredMean.Of(values, []).Value.StdErr, ClusteredMean.Of(values, [0, 1, 2, 3, 4, 5]).Value.StdErr, 1e-15);
    }

    [Fact]
    public void ClusteredMean_TooLittle_SaysSo()
    {
        Assert.Contains("at least 2", ClusteredMean.Of([1.0], []).Reason, StringComparison.Ordinal);
        Assert.Contains("one cluster", ClusteredMean.Of([1.0, 2, 3], [0, 0, 0]).Reason, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ClusteredMean.Of([1.0], []).Value);
    }

    [Fact]
    public void PValue_OfAPairedT_MatchesSciPy()
    {
        // scipy.stats.ttest_1samp([.2, -.1, .4, .3, 0, .5, .1, .2], 0)
        var p = ClusteredMean.Of([0.2, -0.1, 0.4, 0.3, 0, 0.5, 0.1, 0.2], []).Value.PValue;

        Assert.Equal(0.025463561683239235, p!.Value, 1e-12);
    }

    [Fact]
    public void PooledShare_SingleAnswers_HasWilsonsInterval()
    {
        double[] hits = [.. Enumerable.Repeat(1.0, 15), .. Enumerable.Repeat(0.0, 133)];
        double[] ones = [.. Enumerable.Repeat(1.0, 148)];

        var share = PooledShare.Of(hits, ones, []).Value;

        Assert.Equal(Wilson.Interval(15, 148).Lo, share.Interval!.Value.Lo, 1e-12);
        Assert.Equal(Wilson.Interval(15, 148).Hi, share.Interval!.Value.Hi, 1e-12);
    }

    [Fact]
    public void PooledShare_RepeatsThatAgree_CountOnce()
    {
        double[] hits = [.. Enumerable.Repeat(4.0, 15), .. Enumerable.Repeat(0.0, 133)];
        double[] fours = [.. Enumerable.Repeat(4.0, 148)];

        var share = PooledShare.Of(hits, fours, []).Value;

        Assert.Equal(592, share.Answers);
        Assert.Equal(Wilson.Interval(15, 148).Lo, share.Interval!.Value.Lo, 1e-12);
    }

    [Fact]
    public void McNemar_MatchesTheReference()
    {
        var reference = Fixtures.Json("fixtures.json").GetProperty("mcnemar");
        var expected = reference.GetProperty("p_exact").GetDouble();

        var p = McNemar.ExactP(reference.GetProperty("b01").GetInt32(), reference.GetProperty("b10").GetInt32());

        Assert.Equal(1, p / expected, 1e-9);
        Assert.Equal(1, McNemar.ExactP(0, 0));
        Assert.Equal(1, McNemar.ExactP(3, 3));
    }

    [Fact]
    public void JensenShannon_MatchesSciPy()
    {
        foreach (var example in Fixtures.Json("fixtures.json").GetProperty("jsd").EnumerateArray())
        {
            // The distance in base b is that in base 2 times √log_b 2.
            var scale = Math.Sqrt(1 / Math.Log2(example.GetProperty("base").GetDouble()));
            var (p, q) = (example.Numbers("p"), example.Numbers("q"));

            Assert.Equal(example.GetProperty("distance").GetDouble(), JensenShannon.Distance(p, q) * scale, 1e-12);
            Assert.Equal(JensenShannon.Distance(q, p), JensenShannon.Distance(p, q), 1e-15);
            Assert.Equal(0, JensenShannon.Distance(p, p));
        }
    }

    [Fact]
    public void JensenShannon_WithoutWeight_Throws() => Assert.Throws<ArgumentException>(() => JensenShannon.Distance([0, 0], [1, 0]));

    [Fact]
    public void Bootstrap_OfAMean_CoversAsItClaims()
    {
        // 95 % intervals of the mean of 60 draws from an exponential distribution cover its mean 1 about as often as they should.
        var random = new SeededRandom(3);
        var covered = 0;
        const int Trials = 300;
        for (var trial = 0; trial < Trials; trial++)
        {
            var units = new double[120];
            for (var i = 0; i < 60; i++)
            {
                units[2 * i] = -Math.Log(1 - random.NextDouble());
                units[(2 * i) + 1] = 1;
            }

            var mean = Mean([units.Where((_, i) => i % 2 == 0).Sum(), 60]);
            var replicates = Bootstrap.OfSums(units, 2, Mean, random.Split((ulong)trial), 1000);
            var interval = Bootstrap.BiasCorrected(replicates, mean, Bootstrap.JackknifeOfSums(units, 2, Mean));
            covered += interval.Lo <= 1 && 1 <= interval.Hi ? 1 : 0;
            Assert.InRange(mean, interval.Lo, interval.Hi);
        }

        Assert.InRange(covered / (double)Trials, 0.90, 0.98);

        static double Mean(ReadOnlySpan<double> sums) => sums[0] / sums[1];
    }

    [Fact]
    public void Bootstrap_Percentile_IsThatOfTheReplicates()
    {
        double[] sorted = [.. Enumerable.Range(0, 1001).Select(i => i / 1000.0)];

        Assert.Equal(new Interval(0.025, 0.975), Bootstrap.Percentile(sorted), (a, b) => Math.Abs(a.Lo - b.Lo) < 1e-12 && Math.Abs(a.Hi - b.Hi) < 1e-12);
    }

    [Fact]
    public void PermutationNull_CountsTheObservedOneIn()
    {
        var values = new double[999];
        Array.Fill(values, 0.1);

        Assert.Equal(0.001, PermutationNull.Of(values, 0.2).PValue, 1e-15);
        Assert.Equal(1, PermutationNull.Of(values, 0.1).PValue, 1e-15);
    }
}
