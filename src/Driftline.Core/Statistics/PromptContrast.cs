namespace Driftline.Core.Statistics;

/// <summary>
/// How far the two generations' answers to one prompt are apart, beyond what answers of one generation are apart from each other:
/// U = 2·mean d(x, y) − mean d(x, x′) − mean d(y, y′), the means over pairs of different answers. An unbiased U-statistic of the energy
/// distance of the two distributions of answers (Székely and Rizzo 2013): around 0, and below it as often as above, when nothing
/// changed.
/// </summary>
public sealed class PromptContrast
{
    private readonly double[] _distances;
    private readonly int _items;
    private readonly double _total;

    /// <summary>Takes up a prompt.</summary>
    /// <param name="items">Answers of both sides.</param>
    /// <param name="first">How many of them are the current side's; 2 or more, and 2 or more are left.</param>
    /// <param name="distance">The distance of two answers by number; symmetric.</param>
    /// <exception cref="ArgumentOutOfRangeException">One side has fewer than two answers.</exception>
    public PromptContrast(int items, int first, Func<int, int, double> distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(items, first + 2);
        _items = items;
        First = first;
        _distances = new double[items * items];
        for (var i = 0; i < items; i++)
        {
            for (var j = 0; j < i; j++)
            {
                _distances[(i * items) + j] = _distances[(j * items) + i] = distance(i, j);
                _total += _distances[(i * items) + j];
            }
        }

        Value = Of([.. Enumerable.Range(0, items)]);
    }

    /// <summary>U of the answers as they were given.</summary>
    public double Value { get; }

    /// <summary>How many answers are the current side's.</summary>
    public int First { get; }

    /// <summary>The null of the mean U, when answers are dealt anew to the generations within each prompt, and its standard deviation.</summary>
    /// <param name="prompts">At least one prompt.</param>
    /// <param name="random">The seed of the permutations.</param>
    public static (PermutationNull Null, double Deviation) NullOfMean(IReadOnlyList<PromptContrast> prompts, SeededRandom random)
    {
        var sums = new double[PermutationNull.Permutations];
        var deals = new PromptDeals(random);
        double observed = 0;
        for (var i = 0; i < prompts.Count; i++)
        {
            observed += prompts[i].Value;
            if (prompts[i]._total > 0)
            {
                deals.AddTo(sums, i, prompts[i]._items, prompts[i].First, prompts[i].Of);
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(sums, prompts.Count, sums);
        return (PermutationNull.Of(sums, observed / prompts.Count), System.Numerics.Tensors.TensorPrimitives.StdDev<double>(sums));
    }

    private double Of(ReadOnlySpan<int> order)
    {
        var now = order[..First];
        var then = order[First..];
        double cross = 0;
        double within = 0;
        for (var i = 0; i < now.Length; i++)
        {
            var row = _distances.AsSpan(now[i] * _items, _items);
            foreach (var other in then)
            {
                cross += row[other];
            }

            for (var j = 0; j < i; j++)
            {
                within += row[now[j]];
            }
        }

        double a = now.Length;
        double b = then.Length;
        return (2 * cross / (a * b)) - (2 * within / (a * (a - 1))) - (2 * (_total - cross - within) / (b * (b - 1)));
    }
}
