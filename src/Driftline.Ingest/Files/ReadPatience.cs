namespace Driftline.Ingest.Files;

/// <summary>
/// How long a file system is waited for. A call into one that hangs (a network folder whose server is away) cannot be ended, only left
/// behind; the bound holds for everything that is read from where it begins, until it is disposed.
/// </summary>
public sealed class ReadPatience : IDisposable
{
    /// <summary>How long is waited where nothing else is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    // What reads a log is many calls deep, and has no bound of its own; whoever imports says once how long one call may take.
    private static readonly AsyncLocal<ReadPatience?> Innermost = new();
    private static readonly ReadPatience Outermost = new(Usual, null, CancellationToken.None);

    private readonly ReadPatience? _around;

    private ReadPatience(TimeSpan time, ReadPatience? around, CancellationToken cancellationToken) => (Time, _around, Cancellation) = (time, around, cancellationToken);

    /// <summary>How long one call may take.</summary>
    public TimeSpan Time { get; }

    /// <summary>The bound that holds here.</summary>
    internal static ReadPatience Current => Innermost.Value ?? Outermost;

    /// <summary>Ends the wait for a call earlier.</summary>
    internal CancellationToken Cancellation { get; }

    /// <summary>Lets a bound hold from here on.</summary>
    /// <param name="time">How long one call may take.</param>
    /// <param name="cancellationToken">Ends the wait for a call earlier.</param>
    public static ReadPatience Begin(TimeSpan time, CancellationToken cancellationToken) => Innermost.Value = new ReadPatience(time, Innermost.Value, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Innermost.Value = _around;
}
