using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Statistics;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextUInt64_MatchesTheReferenceImplementation()
    {
        // xoshiro256** with the state that SplitMix64 makes of 0: 0xe220a8397b1dcdaf and the next three.
        var random = new SeededRandom(0);

        Assert.Equal(0x99ec5f36cb75f2b4UL, random.NextUInt64());
    }

    [Fact]
    public void EqualSeeds_EqualNumbers_OtherStreams_OtherNumbers()
    {
        var first = new SeededRandom(42);
        var second = new SeededRandom(42);
        Assert.Equal(first.NextUInt64(), second.NextUInt64());

        // A stream depends on the seed and its number, not on what was drawn before.
        Assert.Equal(new SeededRandom(42).Split(3).NextUInt64(), first.Split(3).NextUInt64());
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(i => new SeededRandom(42).Split((ulong)i).NextUInt64()).Distinct().Count());
    }

    [Fact]
    public void NextInt_AndNormal_AreEvenlySpread()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        double sum = 0;
        double squares = 0;
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.NextInt(7)]++;
            var normal = random.NextNormal();
            sum += normal;
            squares += normal * normal;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.InRange(sum / 70_000, -0.015, 0.015);
        Assert.InRange(squares / 70_000, 0.98, 1.02);
    }

    [Fact]
    public void DrawToFront_EverySubset_IsEquallyLikely()
    {
        var random = new SeededRandom(9);
        var counts = new Dictionary<int, int>();
        for (var i = 0; i < 70_000; i++)
        {
            int[] items = [0, 1, 2, 3, 4, 5, 6, 7];
            random.DrawToFront<int>(items, 4);
            var subset = items.Take(4).Sum(item => 1 << item);
            counts[subset] = counts.GetValueOrDefault(subset) + 1;
        }

        Assert.Equal(70, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }
}
