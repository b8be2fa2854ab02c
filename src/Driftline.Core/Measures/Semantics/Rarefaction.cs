namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// The expected number of types among m tokens drawn without replacement: E[V_m] = Σ_types (1 − C(N − c, m)/C(N, m)) (Hurlbert 1971;
/// Heck, van Belle and Simberloff 1975).
/// </summary>
public static class Rarefaction
{
    /// <summary>E[V_m].</summary>
    /// <param name="counts">c: how often each type occurs; zeros are allowed.</param>
    /// <param name="tokens">m, at most the sum of counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer tokens than m.</exception>
    public static double ExpectedTypes(ReadOnlySpan<int> counts, int tokens)
    {
        long total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        return ExpectedTypes(counts, total, tokens);
    }

    /// <summary>The expected number of certain types among m of N tokens.</summary>
    /// <param name="counts">c: how often each of these types occurs; zeros are allowed.</param>
    /// <param name="total">N: the tokens of all types, these and others.</param>
    /// <param name="tokens">m, at most N.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer tokens than m.</exception>
    public static double ExpectedTypes(ReadOnlySpan<int> counts, long total, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, total);
        var most = 0;
        foreach (var count in counts)
        {
            most = Math.Max(most, count);
        }

        var typesByCount = new int[most + 1];
        foreach (var count in counts)
        {
            typesByCount[count]++;
        }

        // The chance that a type with c occurrences is missed shrinks by (N − m − c + 1)/(N − c + 1) with every further occurrence.
        double expected = 0;
        double missed = 1;
        for (var c = 1; c <= most; c++)
        {
            missed *= Math.Max(0, total - tokens - c + 1.0) / (total - c + 1.0);
            expected += typesByCount[c] * (1 - missed);
        }

        return expected;
    }
}
