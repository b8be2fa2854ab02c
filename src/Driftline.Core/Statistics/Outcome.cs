using System.Diagnostics.CodeAnalysis;

namespace Driftline.Core.Statistics;

/// <summary>A statistic, or the sentence that says why there is too little to compute it from.</summary>
/// <typeparam name="T">The statistic.</typeparam>
public readonly record struct Outcome<T>
    where T : struct
{
    private readonly T _value;

    internal Outcome(T value, string? reason)
    {
        _value = value;
        Reason = reason;
    }

    /// <summary>Why there is none; null when there is one.</summary>
    public string? Reason { get; }

    /// <summary>Whether there is one.</summary>
    public bool HasValue => Reason is null;

    /// <summary>The statistic.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => HasValue ? _value : throw new InvalidOperationException(Reason);

    /// <summary>The statistic or its reason.</summary>
    public bool TryGet(out T value, [NotNullWhen(false)] out string? reason)
    {
        value = _value;
        reason = Reason;
        return HasValue;
    }
}

/// <summary>Makes outcomes.</summary>
public static class Outcome
{
    /// <summary>There is a statistic.</summary>
    public static Outcome<T> Of<T>(T value)
        where T : struct => new(value, null);

    /// <summary>There is too little.</summary>
    /// <param name="reason">One sentence for the reader of the chart.</param>
    public static Outcome<T> TooFew<T>(string reason)
        where T : struct => new(default, reason);
}

/// <summary>An interval of confidence.</summary>
/// <param name="Lo">Its lower end.</param>
/// <param name="Hi">Its upper end.</param>
public readonly record struct Interval(double Lo, double Hi);
