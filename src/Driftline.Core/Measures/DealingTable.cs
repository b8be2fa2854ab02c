using Driftline.Core.Statistics;

namespace Driftline.Core.Measures;

/// <summary>What a dealing of one prompt's answers adds to the sums of a permutation.</summary>
/// <param name="current">The answers dealt to the current side, as indices of labels.</param>
/// <param name="baseline">Those dealt to the baseline.</param>
/// <param name="sums">Add to these; never negative.</param>
internal delegate void DealingOutcome(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums);

/// <summary>
/// All dealings of one prompt's pooled answers, so that a permutation only looks one up. Dealings that differ by which of two equal
/// answers went where are one entry, which holds as many of the C(n₁ + n₂, n₁) equally likely dealings as there are such ways: the
/// multivariate hypergeometric distribution, in whole numbers.
/// </summary>
internal sealed class DealingTable
{
    /// <summary>A prompt with more distinct dealings than this is dealt answer by answer.</summary>
    public const int MaxOutcomes = 1024;

    /// <summary>Up to so many dealings are found by their number, one slot each; more of them by bisection.</summary>
    private const int MaxSlots = 4096;

    private readonly ulong[] _outcomes;
    private readonly int[] _last;
    private readonly ushort[] _slots;
    private readonly int _width;
    private readonly int _dealings;

    private DealingTable(ulong[] outcomes, int[] last, int width)
    {
        _outcomes = outcomes;
        _last = last;
        _width = width;
        _dealings = last[^1];
        _slots = [];
        if (_dealings <= MaxSlots)
        {
            _slots = new ushort[_dealings];
            for (int slot = 0, entry = 0; slot < _dealings; slot++)
            {
                entry += slot == last[entry] ? 1 : 0;
                _slots[slot] = (ushort)(entry * width);
            }
        }
    }

    /// <summary>Number of equally likely dealings.</summary>
    public int Dealings => _dealings;

    /// <summary>Makes the table of a prompt; null where there are too many dealings.</summary>
    /// <param name="pooled">The prompt's answers of both sides, sorted.</param>
    /// <param name="first">How many of them the current side gets.</param>
    /// <param name="outcome">What a dealing adds.</param>
    /// <param name="width">Number of sums.</param>
    public static DealingTable? Of(ReadOnlySpan<int> pooled, int first, DealingOutcome outcome, int width)
    {
        var labels = new List<(int Label, int Count)>();
        foreach (var answer in pooled)
        {
            if (labels.Count > 0 && labels[^1].Label == answer)
            {
                labels[^1] = (answer, labels[^1].Count + 1);
            }
            else
            {
                labels.Add((answer, 1));
            }
        }

        if (Choose(pooled.Length, first) > int.MaxValue)
        {
            return null;
        }

        var entries = new List<(int[] Dealt, double Ways)>();
        if (!Enumerate(labels, 0, first, pooled.Length, new int[labels.Count], 1, entries))
        {
            return null;
        }

        var outcomes = new ulong[entries.Count * width];
        var last = new int[entries.Count];
        var current = new List<int>(first);
        var baseline = new List<int>(pooled.Length - first);
        double ways = 0;
        for (var entry = 0; entry < entries.Count; entry++)
        {
            current.Clear();
            baseline.Clear();
            for (var i = 0; i < labels.Count; i++)
            {
                current.AddRange(Enumerable.Repeat(labels[i].Label, entries[entry].Dealt[i]));
                baseline.AddRange(Enumerable.Repeat(labels[i].Label, labels[i].Count - entries[entry].Dealt[i]));
            }

            outcome(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(current), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(baseline), outcomes.AsSpan(entry * width, width));
            ways += entries[entry].Ways;
            last[entry] = (int)ways;
        }

        return new DealingTable(outcomes, last, width);
    }

    /// <summary>Deals the answers of several prompts that have this table, and adds up what comes of it.</summary>
    public void Add(int prompts, ref SeededRandom random, Span<ulong> sums)
    {
        var outcomes = _outcomes;
        if (sums.Length == 1 && _slots.Length > 0)
        {
            // The loop that nearly all permutations of a lineage consist of.
            var slots = _slots;
            var own = random;
            ulong sum = 0;
            for (var i = 1; i < prompts; i += 2)
            {
                var (one, other) = own.NextPair(slots.Length);
                sum += outcomes[slots[one]] + outcomes[slots[other]];
            }

            if (prompts % 2 == 1)
            {
                sum += outcomes[slots[own.NextPair(slots.Length).First]];
            }

            sums[0] += sum;
            random = own;
            return;
        }

        for (var i = 0; i < prompts; i++)
        {
            var at = Find(random.NextInt(_dealings));
            for (var j = 0; j < sums.Length; j++)
            {
                sums[j] += outcomes[at + j];
            }
        }
    }

    private int Find(int dealing)
    {
        if (_slots.Length > 0)
        {
            return _slots[dealing];
        }

        var found = Array.BinarySearch(_last, dealing + 1);
        return (found < 0 ? ~found : found) * _width;
    }

    /// <summary>Lists every way to take <paramref name="wanted"/> answers from the labels from <paramref name="next"/> on; false when they are too many.</summary>
    private static bool Enumerate(
        List<(int Label, int Count)> labels, int next, int wanted, int left, int[] dealt, double ways, List<(int[] Dealt, double Ways)> entries)
    {
        if (next == labels.Count)
        {
            entries.Add(((int[])dealt.Clone(), ways));
            return entries.Count <= MaxOutcomes;
        }

        var count = labels[next].Count;
        for (var taken = Math.Max(0, wanted - (left - count)); taken <= Math.Min(count, wanted); taken++)
        {
            dealt[next] = taken;
            if (!Enumerate(labels, next + 1, wanted - taken, left - count, dealt, ways * Choose(count, taken), entries))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Binomial coefficient; exact below 2⁵³, and above it still above every bound here.</summary>
    private static double Choose(int n, int k)
    {
        double ways = 1;
        for (var i = 1; i <= Math.Min(k, n - k); i++)
        {
            ways = ways * (n - i + 1) / i;
        }

        return ways;
    }
}
