using System.Collections.Concurrent;
using Driftline.Web.Live;

namespace Driftline.Web.Workers.Measuring;

/// <summary>A lineage whose measures are being computed.</summary>
/// <param name="Lineage">Its name.</param>
/// <param name="Done">Evaluations done.</param>
/// <param name="Total">Evaluations to do.</param>
public sealed record MeasuredLineage(string Lineage, int Done, int Total);

/// <summary>What is being computed now in this process, whoever asked for it: the frame of every page shows it.</summary>
public sealed class MeasuringBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, MeasuredLineage> _now = new();
    private long _lastChange;

    /// <summary>Something has changed; at most every 100 ms while a lineage is computed.</summary>
    public event Action? Changed;

    /// <summary>Every lineage that is being computed, by name.</summary>
    public IReadOnlyList<MeasuredLineage> Now => [.. _now.Values.OrderBy(each => each.Lineage, StringComparer.Ordinal)];

    /// <summary>Takes note of how far a lineage is.</summary>
    public void Report(long lineageId, MeasuredLineage state)
    {
        var isNew = !_now.ContainsKey(lineageId);
        _now[lineageId] = state;
        if (isNew || time.GetElapsedTime(Interlocked.Read(ref _lastChange)) >= GenerationFeed.Interval)
        {
            Notify();
        }
    }

    /// <summary>A lineage is done, or will not go on.</summary>
    public void End(long lineageId)
    {
        if (_now.TryRemove(lineageId, out _))
        {
            Notify();
        }
    }

    private void Notify()
    {
        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        Changed?.Invoke();
    }
}
