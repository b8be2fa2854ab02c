using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;

namespace Driftline.Core.Statistics;

/// <summary>A statistic of sums over units: shares, means, ratios and what is computed from them.</summary>
/// <param name="sums">The column sums of the drawn units.</param>
public delegate double StatisticOfSums(ReadOnlySpan<double> sums);

/// <summary>
/// Bootstrap of the top level only (Davison and Hinkley 1997, section 3.8): whole clusters, else whole prompts with all their repeats,
/// are drawn with replacement; repeats are never drawn by themselves. Replicate r draws from stream r of the seed, so the result is
/// the same on any number of cores.
/// </summary>
public static class Bootstrap
{
    /// <summary>Replicates of every interval here.</summary>
    public const int Replicates = 2000;

    /// <summary>Fewer units than this give no interval: resampling a handful only repeats them.</summary>
    public const int MinUnits = 5;

    /// <summary>Draws replicates of a statistic of sums over units.</summary>
    /// <param name="units">Row-major, units × width: what each unit adds to the sums.</param>
    /// <param name="width">Columns.</param>
    /// <param name="statistic">Computes the statistic of drawn sums; called on several threads.</param>
    /// <param name="random">The seed.</param>
    /// <param name="replicates">How many.</param>
    /// <returns>The replicates in ascending order.</returns>
    public static double[] OfSums(double[] units, int width, StatisticOfSums statistic, SeededRandom random, int replicates = Replicates)
    {
        var count = units.Length / width;
        var results = new double[replicates];
        var largest = units.Length == 0 ? 0 : TensorPrimitives.Max<double>(units) * count;
        var whole = largest <= PackedSums.MaxSum && Array.TrueForAll(units, unit => unit >= 0 && unit == Math.Floor(unit));
        Replication.Run(
            replicates,
            count * (long)width,
            whole ? OfWholeNumbers(units, new PackedSums(width, largest), statistic, random, results) : OfAnyNumbers(units, width, statistic, random, results));
        Array.Sort(results);
        return results;
    }

    private static Action<int, int> OfAnyNumbers(double[] units, int width, StatisticOfSums statistic, SeededRandom random, double[] results) => (from, to) =>
    {
        var count = units.Length / width;
        var sums = new double[width];
        for (var replicate = from; replicate < to; replicate++)
        {
            var own = random.Split((ulong)replicate);
            Array.Clear(sums);
            for (var i = 0; i < count; i += 2)
            {
                var (one, other) = own.NextPair(count);
                Add(units, one * width, sums);
                if (i + 1 < count)
                {
                    Add(units, other * width, sums);
                }
            }

            results[replicate] = statistic(sums);
        }
    };

    // Counts are exact either way, so the results are those of OfAnyNumbers to the last bit, several times sooner.
    private static Action<int, int> OfWholeNumbers(double[] units, PackedSums packing, StatisticOfSums statistic, SeededRandom random, double[] results)
    {
        var (width, words) = (packing.Lanes, packing.Words);
        var count = units.Length / width;
        var packed = new ulong[count * words];
        for (var i = 0; i < units.Length; i++)
        {
            packing.Add(packed.AsSpan(i / width * words, words), i % width, (ulong)units[i]);
        }

        return (from, to) =>
        {
            var sums = new double[width];
            var drawn = new ulong[words];
            for (var replicate = from; replicate < to; replicate++)
            {
                var own = random.Split((ulong)replicate);
                Array.Clear(drawn);
                if (words == 1)
                {
                    ulong sum = 0;
                    for (var i = 1; i < count; i += 2)
                    {
                        var (one, other) = own.NextPair(count);
                        sum += packed[one] + packed[other];
                    }

                    drawn[0] = count % 2 == 0 ? sum : sum + packed[own.NextPair(count).First];
                }
                else
                {
                    for (var i = 0; i < count; i += 2)
                    {
                        var (one, other) = own.NextPair(count);
                        Add(packed, one * words, drawn);
                        if (i + 1 < count)
                        {
                            Add(packed, other * words, drawn);
                        }
                    }
                }

                packing.Unpack(drawn, sums);
                results[replicate] = statistic(sums);
            }
        };
    }

    private static void Add<T>(T[] rows, int start, T[] sums)
        where T : INumberBase<T>
    {
        for (var j = 0; j < sums.Length; j++)
        {
            sums[j] += rows[start + j];
        }
    }

    /// <summary>The statistic of all units but one, for each: what <see cref="BiasCorrected"/> takes its acceleration from.</summary>
    public static double[] JackknifeOfSums(double[] units, int width, StatisticOfSums statistic)
    {
        var count = units.Length / width;
        var total = new double[width];
        for (var i = 0; i < units.Length; i++)
        {
            total[i % width] += units[i];
        }

        var left = new double[count];
        var sums = new double[width];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < width; j++)
            {
                sums[j] = total[j] - units[(i * width) + j];
            }

            left[i] = statistic(sums);
        }

        return left;
    }

    /// <summary>The 95 % percentile interval.</summary>
    /// <param name="sorted">Replicates in ascending order.</param>
    public static Interval Percentile(ReadOnlySpan<double> sorted)
    {
        var tail = (1 - Quantiles.Confidence) / 2;
        return new Interval(Quantiles.OfSorted(sorted, tail), Quantiles.OfSorted(sorted, 1 - tail));
    }

    /// <summary>
    /// The 95 % bias-corrected and accelerated interval (Efron 1987). The share of replicates below the estimate counts half a
    /// replicate at the ends, so that it stays finite; the interval always holds the estimate.
    /// </summary>
    /// <param name="sorted">Replicates in ascending order.</param>
    /// <param name="estimate">The statistic of the sample itself.</param>
    /// <param name="jackknife">The statistic without each unit.</param>
    public static Interval BiasCorrected(ReadOnlySpan<double> sorted, double estimate, ReadOnlySpan<double> jackknife)
    {
        double below = 0;
        foreach (var replicate in sorted)
        {
            below += replicate < estimate ? 1 : replicate == estimate ? 0.5 : 0;
        }

        var share = Math.Clamp(below, 0.5, sorted.Length - 0.5) / sorted.Length;
        var bias = Normal.InvCDF(0, 1, share);
        var mean = ClusteredMean.MeanOf(jackknife);
        double cubes = 0;
        double squares = 0;
        foreach (var left in jackknife)
        {
            var difference = mean - left;
            squares += difference * difference;
            cubes += difference * difference * difference;
        }

        var acceleration = squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
        var lo = Quantiles.OfSorted(sorted, Adjusted(-Quantiles.Z));
        var hi = Quantiles.OfSorted(sorted, Adjusted(Quantiles.Z));
        return new Interval(Math.Min(lo, estimate), Math.Max(hi, estimate));

        double Adjusted(double z)
        {
            var shifted = bias + z;
            var denominator = 1 - (acceleration * shifted);

            // Beyond the pole of the transformation the interval runs to the last replicate.
            return denominator <= 0 ? (shifted > 0 ? 1 : 0) : Normal.CDF(0, 1, bias + (shifted / denominator));
        }
    }
}
