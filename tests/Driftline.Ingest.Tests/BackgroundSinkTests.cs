using Driftline.Core.Lineages;
using Driftline.Core.Records;

namespace Driftline.Ingest.Tests;

public sealed class BackgroundSinkTests
{
    private static readonly RunHeader Run = new()
    {
        Node = new NodeHeader { Key = new NodeKey("l", "main", null, 0), Model = "m" },
        Suite = "t",
    };

    [Fact]
    public async Task Everything_arrives_in_order_and_is_there_when_complete()
    {
        var inner = new CollectingSink();
        await using var sink = new BackgroundSink(inner);
        var token = TestContext.Current.CancellationToken;

        for (var i = 0; i < 50; i++)
        {
            await sink.WriteAsync(Batch($"{i}"), token);
        }

        await sink.WriteAsync(new MetricRecord { Run = Run, Metric = "p" }, token);
        await sink.WriteAsync(new GenerationRecord { Node = Run.Node }, token);
        await sink.WriteAsync(new RunEndRecord(Run, EvaluationStatus.Success), token);
        await sink.CompleteAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), inner.Rows.Select(r => r[TextField.SampleId]!));
        Assert.Equal([.. Enumerable.Repeat("batch", 50), "metric", "generation", "end"], inner.Order);
    }

    [Fact]
    public async Task An_error_of_the_writer_reaches_the_reader_and_the_one_who_completes()
    {
        await using var sink = new BackgroundSink(new FailingSink(), capacity: 1);

        var thrown = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await sink.WriteAsync(Batch("x"), TestContext.Current.CancellationToken);
            }
        });

        Assert.Equal("disk full", thrown.Message);
        Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(sink.CompleteAsync)).Message);
    }

    [Fact]
    public async Task A_slow_writer_holds_the_reader_back()
    {
        var inner = new GatedSink();
        await using var sink = new BackgroundSink(inner, capacity: 2);
        var token = TestContext.Current.CancellationToken;
        await sink.WriteAsync(Batch("0"), token);
        await inner.Entered;
        await sink.WriteAsync(Batch("1"), token);
        await sink.WriteAsync(Batch("2"), token);

        var waiting = sink.WriteAsync(Batch("3"), token);

        Assert.False(waiting.IsCompleted);
        inner.Open();
        await waiting;
        await sink.CompleteAsync();
        Assert.Equal(4, inner.Count);
    }

    [Fact]
    public async Task Disposing_without_completing_stops_a_writer_that_waits()
    {
        var inner = new GatedSink();
        var sink = new BackgroundSink(inner, capacity: 2);
        await sink.WriteAsync(Batch("0"), TestContext.Current.CancellationToken);
        await inner.Entered;
        await sink.WriteAsync(Batch("1"), TestContext.Current.CancellationToken);

        await sink.DisposeAsync();

        Assert.Equal(0, inner.Count);
    }

    private static SampleBatch Batch(string id)
    {
        var batch = new SampleBatch(Run);
        batch.SetText(batch.AddRow(), TextField.SampleId, System.Text.Encoding.UTF8.GetBytes(id));
        return batch;
    }

    private abstract class BatchSink : IRecordSink
    {
        public abstract ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken);

        public ValueTask WriteAsync(MetricRecord metric, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(GenerationRecord generation, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(RunEndRecord end, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class FailingSink : BatchSink
    {
        public override ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken)
        {
            batch.Dispose();
            throw new IOException("disk full");
        }
    }

    private sealed class GatedSink : BatchSink
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public int Count { get; private set; }

        public void Open() => _gate.SetResult();

        public override async ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken)
        {
            _entered.TrySetResult();
            using (batch)
            {
                await _gate.Task.WaitAsync(cancellationToken);
                Count++;
            }
        }
    }
}
