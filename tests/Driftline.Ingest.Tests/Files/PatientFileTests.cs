using System.Diagnostics;
using Driftline.Ingest.Files;
using Driftline.Tests.Shared;

namespace Driftline.Ingest.Tests.Files;

/// <summary>Reading from file systems that may not answer.</summary>
public sealed class PatientFileTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly Logs _logs = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public void Bytes_are_those_of_the_file_wherever_and_however_many_are_read()
    {
        var random = new Random(20261122);
        var bytes = new byte[5_000_003];
        random.NextBytes(bytes);
        using var file = PatientFile.Open(_logs.Write("a.bin", bytes).Path);
        var next = 0L;
        for (var i = 0; i < 400; i++)
        {
            // On from where the last read ended, or anywhere, behind the end, too.
            var offset = i % 3 == 0 ? random.NextInt64(bytes.Length + 10L) : next;
            var block = new byte[i % 5 == 0 ? random.Next(1, 2_000_000) : random.Next(1, 9000)];

            var count = file.ReadAll(block, offset);

            Assert.Equal(Math.Clamp(bytes.Length - offset, 0, block.Length), count);
            Assert.True(block.AsSpan(0, count).SequenceEqual(bytes.AsSpan((int)Math.Min(offset, bytes.Length), count)));
            next = offset + count;
        }
    }

    [Fact]
    public async Task A_file_that_hangs_when_it_is_opened_is_given_up_and_refused_at_once_until_it_answers()
    {
        var hanging = new HangingFile(_logs.PathOf("gen3.jsonl"));
        using var patience = ReadPatience.Begin(Short, Cancellation);

        var stalled = await Assert.ThrowsAsync<LogStalledException>(() => LogDigest.ComputeAsync(hanging.Path, [], Cancellation));
        Assert.Contains("gen3.jsonl does not answer: nothing came of it for 0.3 s.", stalled.Message, StringComparison.Ordinal);
        Assert.False(stalled.Answered.IsCompleted);

        using var muchPatience = ReadPatience.Begin(TimeSpan.FromHours(1), Cancellation);
        var again = await Assert.ThrowsAsync<LogStalledException>(() => LogDigest.ComputeAsync(hanging.Path, [], Cancellation));
        Assert.Contains("nothing came of it since", again.Message, StringComparison.Ordinal);

        using (hanging.Write())
        {
            await stalled.Answered.WaitAsync(Cancellation);
            await again.Answered.WaitAsync(Cancellation);
        }

        File.Delete(hanging.Path);
        var mended = _logs.Write("gen3.jsonl", "it answers");
        Assert.Equal(Hashes.Of("it answers"u8), (await LogDigest.ComputeAsync(mended.Path, [], Cancellation)).Hash);
    }

    [Fact]
    public async Task A_file_that_stops_in_its_middle_is_given_up_there()
    {
        var hanging = new HangingFile(_logs.PathOf("gen3.jsonl"));
        using var writer = hanging.Write();
        writer.Write("12345"u8);
        using var patience = ReadPatience.Begin(Short, Cancellation);
        using var file = PatientFile.Open(hanging.Path);
        var bytes = new byte[10];

        Assert.Equal(5, file.Read(bytes, 0));
        var stalled = Assert.Throws<LogStalledException>(() => file.ReadAll(bytes, 0));

        writer.Write("67890"u8);
        await stalled.Answered.WaitAsync(Cancellation);
        Assert.Equal([.. "12345"u8, 0, 0, 0, 0, 0], bytes);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_at_once()
    {
        var hanging = new HangingFile(_logs.PathOf("gen3.jsonl"));
        using var cancelled = new CancellationTokenSource();
        using var patience = ReadPatience.Begin(TimeSpan.FromHours(1), cancelled.Token);
        var reading = Task.Run(() => PatientFile.Open(hanging.Path), Cancellation);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Cancellation));

        using var writer = hanging.Write();
        writer.Write("1"u8);
    }

    [Fact]
    public async Task Other_files_are_read_while_one_hangs_and_those_beside_it_are_given_up_sooner()
    {
        var first = new HangingFile(_logs.PathOf("a.jsonl"));
        var second = new HangingFile(_logs.PathOf("b.jsonl"));
        var whole = _logs.Write("c.jsonl", "whole");
        using (ReadPatience.Begin(Short, Cancellation))
        {
            Assert.Throws<LogStalledException>(() => PatientFile.Open(first.Path));
        }

        using var patience = ReadPatience.Begin(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(Hashes.Of("whole"u8), (await LogDigest.ComputeAsync(whole.Path, [], Cancellation)).Hash);
        var watch = Stopwatch.StartNew();
        var stalled = Assert.Throws<LogStalledException>(() => PatientFile.Open(second.Path));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(.9), TimeSpan.FromSeconds(15));

        using var one = first.Write();
        using var other = second.Write();
        await stalled.Answered.WaitAsync(Cancellation);
    }
}
