using System.Numerics;
using System.Runtime.CompilerServices;

namespace Driftline.Core.Statistics;

/// <summary>
/// A small, fast random generator (xoshiro256**, Blackman and Vigna 2021, state filled by SplitMix64) whose numbers depend on nothing
/// but the seed. <see cref="Split"/> gives independent streams by number, so that work cut into pieces draws the same numbers on one
/// core and on many.
/// </summary>
public struct SeededRandom
{
    private readonly ulong _seed;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts a generator; equal seeds give equal numbers.</summary>
    public SeededRandom(ulong seed)
    {
        _seed = seed;
        var state = seed;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>A generator for one piece of work; depends on the seed and the number only, not on what was drawn before.</summary>
    public readonly SeededRandom Split(ulong stream)
    {
        var state = _seed ^ BitOperations.RotateLeft((stream + 1) * 0xd1342543de82ef95UL, 29);
        return new SeededRandom(SplitMix(ref state) ^ stream);
    }

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to <paramref name="bound"/> − 1, without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var threshold = (0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (NextUInt64() >> 32) * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Two whole numbers from 0 to <paramref name="bound"/> − 1 out of one draw of 64 bits; no number is off by more than 2⁻³².</summary>
    /// <param name="bound">At least 1; not checked, for this is the inner loop of resampling.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int First, int Second) NextPair(int bound)
    {
        var bits = NextUInt64();
        return ((int)(((bits >> 32) * (uint)bound) >> 32), (int)(((bits & uint.MaxValue) * (uint)bound) >> 32));
    }

    /// <summary>A standard normal number (Box and Muller).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Moves a random sample of <paramref name="count"/> items, without replacement, to the front.</summary>
    /// <remarks>64 random bits serve several small draws, each taking the whole part of bits × range and leaving the fraction; no draw is off by more than 2⁻³².</remarks>
    public void DrawToFront<T>(Span<T> items, int count)
    {
        ulong bits = 0;
        var used = 1UL << 32;
        for (var i = 0; i < count; i++)
        {
            var range = (ulong)(items.Length - i);
            used *= range;
            if (used > 1UL << 32)
            {
                bits = NextUInt64();
                used = range;
            }

            var j = i + (int)Math.BigMul(bits, range, out bits);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }
}
