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
        var trials = Wilson.EffectiveTrials(0.25, 0.25 * 0.75 / 40, 40, 40, clusters: null);

        Assert.Equal(40, trials, 1e-9);
    }

    [Fact]
    public void EffectiveTrials_FewClusters_AreFewer()
    {
        var many = Wilson.EffectiveTrials(0.25, 0.25 * 0.75 / 40, 40, 40, clusters: 1000);
        var few = Wilson.EffectiveTrials(0.25, 0.25 * 0.75 / 40, 40, 40, clusters: 5);

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
