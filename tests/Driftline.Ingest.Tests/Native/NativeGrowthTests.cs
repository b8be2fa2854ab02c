using System.IO.Compression;
using System.Text;
using Driftline.Core.Records;
using static Driftline.Ingest.Tests.Native.NativeLines;

namespace Driftline.Ingest.Tests.Native;

public sealed class NativeGrowthTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task A_log_that_grows_is_continued_where_its_whole_lines_ended()
    {
        var first = Lines(Sample("1"), Sample("2"));
        var unfinished = Sample("3")[..40];
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", first + unfinished));

        Assert.Equal(2, sink.Rows.Count);
        Assert.Equal((2, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.Equal((first.Length, 2), (outcome.BytesConsumed, outcome.LinesConsumed));
        Assert.Equal(Hashes.Of(Encoding.UTF8.GetBytes(first)), outcome.PrefixHash);
        Assert.Contains(outcome.Notes, n => n.StartsWith("Line 3, the last, has no line feed", StringComparison.Ordinal));

        var grown = Lines(Sample("1"), Sample("2"), Sample("3"), "{bad", Sample("4"));
        var source = _logs.Write("a.jsonl", grown);
        var digest = await LogDigest.ComputeAsync(source.Path, [outcome.BytesConsumed], TestContext.Current.CancellationToken);
        Assert.Equal(outcome.PrefixHash, digest.Prefixes[outcome.BytesConsumed]);

        var (rest, second) = await Logs.ReadAsync(source, new ReadOptions { StartOffset = outcome.BytesConsumed, StartLine = outcome.LinesConsumed });

        Assert.Equal(["3", "4"], rest.Rows.Select(r => r[TextField.SampleId]!));
        Assert.Equal((3, 4), (second.RowsRead, second.Errors.Single().Line));
        Assert.Equal((grown.Length, 5), (second.BytesConsumed, second.LinesConsumed));
        Assert.Equal(digest.Hash, second.PrefixHash);
    }

    [Fact]
    public async Task A_last_line_without_line_feed_counts_when_it_is_complete()
    {
        var text = Sample("1") + "\n" + Sample("2", "\"scores\":{\"a\":NaN}");

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text));

        Assert.Equal(2, sink.Rows.Count);
        Assert.Equal((text.Length, 2), (outcome.BytesConsumed, outcome.LinesConsumed));
    }

    [Fact]
    public async Task An_unfinished_last_line_longer_than_the_limit_is_not_consumed()
    {
        var first = Lines(Sample("1"));
        var text = first + Sample("2", $"\"output\":\"{new string('x', 3_000_000)}");

        var (_, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text), new ReadOptions { Limits = new ImportLimits { MaxLineBytes = 1_500_000 } });

        Assert.Equal((first.Length, 1, 0), (outcome.BytesConsumed, outcome.LinesConsumed, outcome.RowsRejected));
        Assert.Equal(Hashes.Of(Encoding.UTF8.GetBytes(first)), outcome.PrefixHash);
    }

    [Fact]
    public async Task What_is_written_behind_the_known_size_is_left_for_the_next_time()
    {
        var first = Lines(Sample("1"), Sample("2"));
        var source = _logs.Write("a.jsonl", first);
        await File.AppendAllTextAsync(source.Path, Lines(Sample("3")), TestContext.Current.CancellationToken);

        var (sink, outcome) = await Logs.ReadAsync(source);

        Assert.Equal((2, first.Length), (sink.Rows.Count, outcome.BytesConsumed));
    }

    [Fact]
    public async Task A_start_behind_the_end_is_an_error()
    {
        var source = _logs.Write("a.jsonl", Lines(Sample("1")));

        await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(source, new ReadOptions { StartOffset = source.Bytes + 1 }));
    }

    [Fact]
    public async Task Gzip_is_read_through_whatever_its_name_and_in_members()
    {
        var bytes = Logs.Gzip(Encoding.UTF8.GetBytes(Lines(Sample("1")))).Concat(Logs.Gzip(Encoding.UTF8.GetBytes(Lines(Sample("2"))))).ToArray();

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", bytes), new ReadOptions { StartOffset = 10, StartLine = 5 });

        Assert.Equal(["1", "2"], sink.Rows.Select(r => r[TextField.SampleId]!));
        Assert.Null(outcome.PrefixHash);
        Assert.Equal(bytes.Length, outcome.BytesConsumed);
    }

    [Fact]
    public async Task Gzip_that_is_cut_off_or_damaged_rejects_the_log()
    {
        var whole = Logs.Gzip(Encoding.UTF8.GetBytes(Lines([.. Enumerable.Range(0, 5000).Select(i => Sample($"{i}", $"\"output\":\"{i * 7919 % 10007}\""))])));
        var damaged = whole.ToArray();
        damaged[whole.Length / 2] ^= 0xFF;

        var cut = await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(_logs.Write("cut.jsonl.gz", whole[..(whole.Length / 2)])));
        await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(_logs.Write("end.jsonl.gz", whole[..^4])));
        await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(_logs.Write("start.jsonl.gz", whole[..5])));
        await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(_logs.Write("damaged.jsonl.gz", damaged)));

        Assert.Contains("cut.jsonl.gz is damaged or cut off", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Lines(Sample("1"))));
            var block = new byte[1 << 20];
            for (var i = 0; i < 100; i++)
            {
                gzip.Write(block);
            }
        }

        var source = _logs.Write("bomb.jsonl.gz", zipped.ToArray());
        var ratio = await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(source, new ReadOptions { Limits = new ImportLimits { MaxDecompressionRatio = 20 } }));
        var size = await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(source, new ReadOptions { Limits = new ImportLimits { MaxDecompressedBytes = 1 << 20 } }));

        Assert.Contains("20 times its size", ratio.Message, StringComparison.Ordinal);
        Assert.Contains("more than 1048576 bytes", size.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_can_be_cancelled_and_says_how_far_it_is()
    {
        var source = _logs.Write("a.jsonl", Lines([.. Enumerable.Range(0, 30_000).Select(i => Sample($"{i}"))]));
        using var stop = new CancellationTokenSource();
        var seen = new List<ReadProgress>();
        var progress = new ImmediateProgress(p =>
        {
            seen.Add(p);
            stop.Cancel();
        });

        var reader = LogReaderRegistry.Default.Find(source, new ReadOptions());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync(source, new ReadOptions(), new CollectingSink(), progress, stop.Token));

        var last = Assert.Single(seen);
        Assert.InRange(last.BytesRead, 1, source.Bytes - 1);
        Assert.Equal(source.Bytes, last.BytesTotal);
        Assert.InRange(last.Rows, 1, 29_999);
    }

    private sealed class ImmediateProgress(Action<ReadProgress> report) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value) => report(value);
    }
}
