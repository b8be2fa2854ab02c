using System.Collections.Concurrent;

namespace Driftline.Web.Live;

/// <summary>
/// Tells open pages that a lineage has new measurements. A singleton between the workers, which publish, and the pages, which
/// subscribe; callbacks run off the publisher's thread, one at a time for each subscriber, and a burst becomes one callback.
/// </summary>
public sealed class GenerationFeed(TimeProvider time, ILogger<GenerationFeed> logger)
{
    /// <summary>Least time between two callbacks of one subscriber.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();

    /// <summary>Calls back after each change of a lineage until the subscription is disposed.</summary>
    /// <param name="lineage">The lineage's name; null for changes of any lineage.</param>
    /// <param name="callback">Must come back to its own circuit (<c>InvokeAsync</c>).</param>
    public IDisposable Subscribe(string? lineage, Func<Task> callback)
    {
        var subscription = new Subscription(this, lineage, callback);
        _subscriptions[subscription] = 0;
        return subscription;
    }

    /// <summary>Says that a lineage has changed.</summary>
    public void Publish(string lineage)
    {
        foreach (var subscription in _subscriptions.Keys)
        {
            if (subscription.Lineage is null || subscription.Lineage == lineage)
            {
                subscription.Signal();
            }
        }
    }

    private sealed class Subscription(GenerationFeed feed, string? lineage, Func<Task> callback) : IDisposable
    {
        private int _pending;
        private volatile bool _disposed;

        public string? Lineage => lineage;

        public void Signal()
        {
            if (Interlocked.Increment(ref _pending) == 1)
            {
                _ = RunAsync();
            }
        }

        public void Dispose()
        {
            _disposed = true;
            feed._subscriptions.TryRemove(this, out _);
        }

        private async Task RunAsync()
        {
            int seen;
            do
            {
                await Task.Delay(Interval, feed.Time);
                seen = Volatile.Read(ref _pending);
                if (_disposed)
                {
                    return;
                }

                try
                {
                    await callback();
                }
                catch (Exception exception)
                {
                    // One page that fails must not keep the news from the others.
                    feed.Logger.LogError(exception, "A page could not take up a change of {Lineage}", lineage);
                }
            }
            while (Interlocked.CompareExchange(ref _pending, 0, seen) != seen);
        }
    }

    private TimeProvider Time { get; } = time;

    private ILogger Logger { get; } = logger;
}
