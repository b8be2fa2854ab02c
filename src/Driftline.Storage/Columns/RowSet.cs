using System.Numerics;

namespace Driftline.Storage.Columns;

/// <summary>
/// Which (prompt, repeat) pairs an evaluation has: one bit each, in words of 64 neighbouring prompts, so that prompts numbered
/// densely cost bits and stray ones a few bytes.
/// </summary>
internal sealed class RowSet
{
    private readonly Dictionary<(int Repeat, int Word), ulong> _words = [];

    /// <summary>Pairs in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a pair; false when it was there.</summary>
    public bool Add(int prompt, int repeat)
    {
        ref var word = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_words, (repeat, prompt >> 6), out _);
        var bit = 1UL << (prompt & 63);
        if ((word & bit) != 0)
        {
            return false;
        }

        word |= bit;
        Count++;
        return true;
    }

    /// <summary>Distinct prompts, and the largest number of repeats of one.</summary>
    public (int Prompts, int Repeats) Extent()
    {
        var prompts = 0;
        var repeats = 0;
        Span<int> counts = stackalloc int[64];
        foreach (var group in _words.GroupBy(w => w.Key.Word, w => w.Value))
        {
            counts.Clear();
            var any = 0UL;
            foreach (var word in group)
            {
                any |= word;
                for (var rest = word; rest != 0; rest &= rest - 1)
                {
                    counts[BitOperations.TrailingZeroCount(rest)]++;
                }
            }

            prompts += BitOperations.PopCount(any);
            foreach (var count in counts)
            {
                repeats = Math.Max(repeats, count);
            }
        }

        return (prompts, repeats);
    }
}
