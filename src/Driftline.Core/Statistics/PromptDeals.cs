namespace Driftline.Core.Statistics;

/// <summary>A statistic of one prompt whose items were dealt to two sides.</summary>
/// <param name="order">All items; the first ones are the current side's.</param>
public delegate double StatisticOfDeal(ReadOnlySpan<int> order);

/// <summary>
/// Deals the repeats of each prompt anew to the two generations: the null of "nothing changed" for statistics that add up over
/// prompts. Where a prompt's items can be dealt in few ways, the statistic is computed once a way and permutations only draw the
/// way. Prompt i draws from stream i of the seed.
/// </summary>
public sealed class PromptDeals(SeededRandom random)
{
    /// <summary>Up to this many ways are written out: 4 + 4 repeats have 70, 5 + 5 have 252.</summary>
    private const int MostWays = 500;

    private readonly Dictionary<(int Items, int First), int[][]?> _ways = [];

    /// <summary>Adds the statistic of one prompt in each of the permutations.</summary>
    /// <param name="prompt">The prompt's number, which decides on its stream.</param>
    /// <param name="items">Items of both sides.</param>
    /// <param name="first">How many of them are the current side's.</param>
    /// <param name="statistic">Computes the statistic of a deal.</param>
    /// <param name="sums">One sum a permutation.</param>
    public void AddTo(Span<double> sums, int prompt, int items, int first, StatisticOfDeal statistic)
    {
        var own = random.Split((ulong)prompt);
        if (Ways(items, first) is { } ways)
        {
            var values = new double[ways.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = statistic(ways[i]);
            }

            for (var p = 0; p < sums.Length; p++)
            {
                sums[p] += values[own.NextInt(values.Length)];
            }

            return;
        }

        int[] order = [.. Enumerable.Range(0, items)];
        for (var p = 0; p < sums.Length; p++)
        {
            own.DrawToFront<int>(order, first);
            sums[p] += statistic(order);
        }
    }

    private int[][]? Ways(int items, int first)
    {
        if (!_ways.TryGetValue((items, first), out var ways))
        {
            _ways[(items, first)] = ways = Count(items, first) <= MostWays ? WriteOut(items, first) : null;
        }

        return ways;
    }

    private static double Count(int items, int first)
    {
        double count = 1;
        for (var i = 1; i <= Math.Min(first, items - first) && count <= MostWays; i++)
        {
            count *= (items - i + 1.0) / i;
        }

        return count;
    }

    private static int[][] WriteOut(int items, int first)
    {
        var ways = new List<int[]>();
        var chosen = new int[first];
        Choose(0, 0);
        return [.. ways];

        void Choose(int place, int from)
        {
            if (place == first)
            {
                ways.Add([.. chosen, .. Enumerable.Range(0, items).Except(chosen)]);
                return;
            }

            for (var item = from; item <= items - (first - place); item++)
            {
                chosen[place] = item;
                Choose(place + 1, item + 1);
            }
        }
    }
}
