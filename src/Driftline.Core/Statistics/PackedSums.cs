namespace Driftline.Core.Statistics;

/// <summary>
/// Counts side by side in 64-bit words, so that one addition adds several: four lanes of 16 bits while every sum stays below 2¹⁶,
/// else two of 32 bits. Exact as long as sums stay below <see cref="MaxSum"/>.
/// </summary>
internal readonly struct PackedSums
{
    private readonly int _bits;

    /// <summary>Lays out the lanes.</summary>
    /// <param name="lanes">Number of counts.</param>
    /// <param name="largestSum">What no lane's sum exceeds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="largestSum"/> is above <see cref="MaxSum"/>.</exception>
    public PackedSums(int lanes, double largestSum)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(largestSum, MaxSum);
        Lanes = lanes;
        _bits = largestSum <= ushort.MaxValue ? 16 : 32;
        var perWord = 64 / _bits;
        Words = (lanes + perWord - 1) / perWord;
    }

    /// <summary>The largest sum that a lane can hold.</summary>
    public const double MaxSum = uint.MaxValue;

    /// <summary>Number of counts.</summary>
    public int Lanes { get; }

    /// <summary>Number of words that they take.</summary>
    public int Words { get; }

    /// <summary>Adds a whole number to one lane.</summary>
    public void Add(Span<ulong> words, int lane, ulong amount)
    {
        var at = lane * _bits;
        words[at >> 6] += amount << (at & 63);
    }

    /// <summary>Reads all lanes.</summary>
    public void Unpack(ReadOnlySpan<ulong> words, Span<double> lanes)
    {
        var mask = (1UL << _bits) - 1;
        for (var i = 0; i < Lanes; i++)
        {
            var at = i * _bits;
            lanes[i] = (words[at >> 6] >> (at & 63)) & mask;
        }
    }
}
