namespace Driftline.Core.Statistics;

/// <summary>
/// Bootstrap within strata (Davison and Hinkley 1997, section 3.2): as many units of each stratum are drawn with replacement as it has,
/// so that strata keep their sizes. Replicate r draws from stream r of the seed.
/// </summary>
/// <remarks>A unit adds to few of the sums, so units hold only what they add.</remarks>
public sealed class StratifiedBootstrap
{
    private readonly int[][] _strata;
    private readonly (int Column, double Value)[][] _units;
    private readonly int _width;

    /// <summary>Takes up the units.</summary>
    /// <param name="units">What each unit adds to which sums.</param>
    /// <param name="strata">The stratum of each unit.</param>
    /// <param name="width">Number of sums.</param>
    public StratifiedBootstrap((int Column, double Value)[][] units, int[] strata, int width)
    {
        _units = units;
        _strata = [.. Enumerable.Range(0, units.Length).GroupBy(unit => strata[unit]).Select(stratum => stratum.ToArray())];
        _width = width;
    }

    /// <summary>Units of the smallest stratum; drawing a single one only repeats it.</summary>
    public int Smallest => _strata.Min(stratum => stratum.Length);

    /// <summary>Replicates of a statistic of the sums, ascending.</summary>
    /// <param name="statistic">Computes the statistic; called on several threads.</param>
    /// <param name="random">The seed.</param>
    /// <param name="replicates">How many.</param>
    public double[] Draw(StatisticOfSums statistic, SeededRandom random, int replicates = Bootstrap.Replicates)
    {
        var results = new double[replicates];
        Replication.Run(replicates, _units.Length, (from, to) =>
        {
            var sums = new double[_width];
            for (var replicate = from; replicate < to; replicate++)
            {
                Array.Clear(sums);
                var own = random.Split((ulong)replicate);
                foreach (var stratum in _strata)
                {
                    for (var i = 0; i < stratum.Length; i++)
                    {
                        Add(_units[stratum[own.NextInt(stratum.Length)]], 1, sums);
                    }
                }

                results[replicate] = statistic(sums);
            }
        });
        Array.Sort(results);
        return results;
    }

    /// <summary>The statistic of all units but one, for each.</summary>
    public double[] Jackknife(StatisticOfSums statistic)
    {
        var sums = new double[_width];
        foreach (var unit in _units)
        {
            Add(unit, 1, sums);
        }

        return Array.ConvertAll(_units, unit =>
        {
            var left = (double[])sums.Clone();
            Add(unit, -1, left);
            return statistic(left);
        });
    }

    private static void Add((int Column, double Value)[] unit, int sign, double[] sums)
    {
        foreach (var (column, value) in unit)
        {
            sums[column] += sign * value;
        }
    }
}
