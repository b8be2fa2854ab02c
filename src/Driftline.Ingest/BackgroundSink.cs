using System.Threading.Channels;
using Driftline.Core.Records;

namespace Driftline.Ingest;

/// <summary>
/// Passes records on to another sink on a thread of its own, so that reading and writing go on at once. What waits in between is
/// bounded: a slow writer slows the reader. One producer.
/// </summary>
/// <remarks>Call <see cref="CompleteAsync"/> when reading is over, before the inner sink is published; dispose in any case.</remarks>
public sealed class BackgroundSink : IRecordSink, IAsyncDisposable
{
    private readonly Channel<object> _queue;
    private readonly IRecordSink _inner;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    /// <summary>Starts to pass on.</summary>
    /// <param name="inner">Where records go; called by one thread at a time.</param>
    /// <param name="capacity">Records and batches that may wait.</param>
    public BackgroundSink(IRecordSink inner, int capacity = 4)
    {
        _inner = inner;
        _queue = Channel.CreateBounded<object>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken) => EnqueueAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(MetricRecord metric, CancellationToken cancellationToken) => EnqueueAsync(metric, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(GenerationRecord generation, CancellationToken cancellationToken) => EnqueueAsync(generation, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(RunEndRecord end, CancellationToken cancellationToken) => EnqueueAsync(end, cancellationToken);

    /// <summary>Waits until everything is passed on, and throws what the inner sink threw.</summary>
    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
    }

    /// <summary>Stops passing on and drops what still waits; nothing is dropped after <see cref="CompleteAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();

        // The caller has seen the error already, from a write or from CompleteAsync, or is leaving because of another one.
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_queue.Reader.TryRead(out var record))
        {
            (record as SampleBatch)?.Dispose();
        }

        _stop.Dispose();
    }

    private async ValueTask EnqueueAsync(object record, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(record, cancellationToken);
        }
        catch (Exception e)
        {
            (record as SampleBatch)?.Dispose();
            if (e is ChannelClosedException)
            {
                await _writing;
            }

            throw;
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var record in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                await (record switch
                {
                    SampleBatch batch => _inner.WriteAsync(batch, _stop.Token),
                    MetricRecord metric => _inner.WriteAsync(metric, _stop.Token),
                    GenerationRecord generation => _inner.WriteAsync(generation, _stop.Token),
                    _ => _inner.WriteAsync((RunEndRecord)record, _stop.Token),
                });
            }
        }
        catch (Exception e)
        {
            // A reader that waits for room must learn of it.
            _queue.Writer.TryComplete(e);
            throw;
        }
    }
}
