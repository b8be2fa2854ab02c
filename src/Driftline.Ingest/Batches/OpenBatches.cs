using Driftline.Core.Records;

namespace Driftline.Ingest.Batches;

/// <summary>
/// The batches that a reader is filling, one for each run that it meets, so that logs with interleaved runs still make large
/// batches. Bounded in number and in bytes: what comes out of <see cref="TryTake"/> goes to the sink.
/// </summary>
internal sealed class OpenBatches : IDisposable
{
    private const int MaxOpen = 256;

    // What is left open of runs that came before fills most of it; arrays may be twice as long as what is in them.
    private const long MaxBytes = 8L << 20;

    // Columns are as long as the batch: many rarely used ones would fill memory with "absent".
    private const long MaxCells = 1L << 20;

    private readonly List<OpenBatch> _open = [];
    private readonly Queue<SampleBatch> _ready = new();
    private long _bytes;

    /// <summary>The batch of a run to which the next row goes.</summary>
    public SampleBatch For(OpenBatch run)
    {
        if (run.Batch is null)
        {
            run.Batch = new SampleBatch(run.Header);
            _open.Add(run);
        }

        return run.Batch;
    }

    /// <summary>Says that a row was added to the batch of a run, of about so many bytes.</summary>
    public void Added(OpenBatch run, int bytes)
    {
        run.Bytes += bytes;
        _bytes += bytes;
        var batch = run.Batch!;
        if (batch.IsFull || (long)(batch.Scores.Count + batch.OptionProbabilities.Count) * batch.Count > MaxCells || run.Bytes > MaxBytes / 2)
        {
            Close(run);
        }
        else if (_bytes > MaxBytes || _open.Count > MaxOpen)
        {
            Close(_open[0]);
        }
    }

    /// <summary>Closes all batches, the oldest first.</summary>
    public void CloseAll()
    {
        while (_open.Count > 0)
        {
            Close(_open[0]);
        }
    }

    /// <summary>Takes a closed batch, which the caller then owns.</summary>
    public bool TryTake(out SampleBatch batch) => _ready.TryDequeue(out batch!);

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseAll();
        while (TryTake(out var batch))
        {
            batch.Dispose();
        }
    }

    private void Close(OpenBatch run)
    {
        _open.Remove(run);
        _ready.Enqueue(run.Batch!);
        _bytes -= run.Bytes;
        run.Batch = null;
        run.NewestSample = null;
        run.Bytes = 0;
    }
}

/// <summary>A run with the batch that is being filled for it, if any.</summary>
/// <param name="header">The run.</param>
internal sealed class OpenBatch(RunHeader header)
{
    public RunHeader Header { get; } = header;

    public SampleBatch? Batch { get; set; }

    public long Bytes { get; set; }

    /// <summary>The sample in the newest row, where rows of one sample are merged.</summary>
    public (string Id, int Repeat)? NewestSample { get; set; }
}
