using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Statistics;

public sealed class PackedSumsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 65_535, 1)]
    [InlineData(5, 65_535, 2)]
    [InlineData(4, 65_536, 2)]
    [InlineData(3, 4_294_967_295, 2)]
    public void Lanes_FilledToTheBrim_DoNotSpill(int lanes, double largest, int words)
    {
        var packing = new PackedSums(lanes, largest);
        var packed = new ulong[packing.Words];
        for (var lane = 0; lane < lanes; lane++)
        {
            packing.Add(packed, lane, (ulong)largest - 1);
            packing.Add(packed, lane, 1);
        }

        var unpacked = new double[lanes];
        packing.Unpack(packed, unpacked);

        Assert.Equal(words, packing.Words);
        Assert.All(unpacked, value => Assert.Equal(largest, value));
    }

    [Fact]
    public void Lanes_ThatCouldOverflow_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new PackedSums(1, PackedSums.MaxSum + 1));

    [Fact]
    public void Bootstrap_OfCounts_HasTheBitsOfPlainAddition()
    {
        // Halves are no whole numbers, so they are added one by one; doubling undoes it without rounding.
        foreach (var (width, largest) in new[] { (2, 5), (4, 3), (6, 9), (3, 70_000) })
        {
            var random = new SeededRandom((ulong)(width * largest));
            var counts = new double[width * 40];
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = 1 + random.NextInt(largest);
            }

            var whole = Bootstrap.OfSums(counts, width, Ratio, new SeededRandom(4), 500);
            var halves = Bootstrap.OfSums(Array.ConvertAll(counts, count => count / 2 + 0.25), width, sums => Ratio(Array.ConvertAll(sums.ToArray(), sum => 2 * (sum - 10))), new SeededRandom(4), 500);

            Assert.Equal(halves, whole);
        }

        static double Ratio(ReadOnlySpan<double> sums) => sums[0] / (sums[0] + sums[1]);
    }

    [Fact]
    public void Replication_SpreadOrNot_RunsEachOnce()
    {
        foreach (var draws in new[] { 1L, 1_000_000L })
        {
            var runs = new int[999];
            Replication.Run(runs.Length, draws, (from, to) =>
            {
                for (var i = from; i < to; i++)
                {
                    Interlocked.Increment(ref runs[i]);
                }
            });

            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }
}
