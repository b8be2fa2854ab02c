using System.Text;
using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest.Archives;

namespace Driftline.Ingest.Tests.Inspect;

/// <summary>What the archive around the samples may be like.</summary>
public sealed class InspectArchiveTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Zip64_a_comment_and_bytes_before_the_archive_are_read()
    {
        var wide = new EvalArchive { Zip64 = true }.Add("header.json", EvalArchive.Header()).Add("samples/1_epoch_1.json", EvalArchive.Sample("1"));
        var (sink, _) = await ReadAsync(wide.ToBytes("made by hand"));
        Assert.Equal("1", Assert.Single(sink.Rows)[TextField.SampleId]);

        var plain = EvalArchive.Of(EvalArchive.Header(), ("samples/1_epoch_1.json", EvalArchive.Sample("1"))).ToBytes();
        byte[] shifted = [.. "PK\u0003\u0004 something else first"u8, .. plain];
        var (again, _) = await ReadAsync(shifted);
        Assert.Single(again.Rows);
    }

    [Fact]
    public async Task Stored_members_and_zstandard_in_several_frames_are_read()
    {
        var stored = Encoding.UTF8.GetBytes(EvalArchive.Sample("1"));
        var framed = Encoding.UTF8.GetBytes(EvalArchive.Sample("2", rest: $",\"metadata\":{{\"long\":\"{new string('x', 500_000)}\"}}"));
        var bytes = EvalArchive.Of(EvalArchive.Header())
            .Add("samples/1_epoch_1.json", 0, stored, stored)
            .Add("samples/2_epoch_1.json", 93, [.. EvalArchive.ZstandardFrame(framed[..10]), .. EvalArchive.ZstandardFrame([]), .. EvalArchive.ZstandardFrame(framed[10..])], framed)
            .ToBytes();

        var (sink, outcome) = await ReadAsync(bytes);

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal(["1", "2"], sink.Rows.Select(r => r[TextField.SampleId]));
        Assert.Equal(500_011, sink.Rows[1][TextField.Metadata]!.Length);
    }

    [Fact]
    public async Task A_hostile_name_of_a_member_stays_a_short_text()
    {
        var (_, outcome) = await ReadAsync(EvalArchive.Of(EvalArchive.Header(), ($"samples/\0<b>{new string('n', 60_000)}_epoch_1.json", "{")).ToBytes());

        var error = Assert.Single(outcome.Errors);
        Assert.StartsWith("samples/\uFFFD<b>nnn", error.Reason, StringComparison.Ordinal);
        Assert.InRange(error.Reason.Length, 200, 300);
        Assert.InRange(error.Raw.Length, 100, 201);
    }

    [Fact]
    public async Task Of_members_with_one_name_the_last_counts()
    {
        var bytes = EvalArchive.Of(EvalArchive.Header(), ("samples/1_epoch_1.json", EvalArchive.Sample("1")), ("samples/1_epoch_1.json", EvalArchive.Sample("1", "\"I\""))).ToBytes();

        var (sink, outcome) = await ReadAsync(bytes);

        Assert.Equal(0, Assert.Single(sink.Rows).Scores["match"]);
        Assert.Contains("1 members of the archive come several times; the last of each was read.", outcome.Notes);
    }

    [Fact]
    public async Task A_sample_that_cannot_be_read_is_named_and_the_others_are_read()
    {
        var good = Encoding.UTF8.GetBytes(EvalArchive.Sample("x"));
        var bytes = EvalArchive.Of(EvalArchive.Header(), ("samples/1_epoch_1.json", EvalArchive.Sample("1")), ("samples/2_epoch_1.json", "{\"id\":2,"), ("samples/3_epoch_1.json", "{\"input\":\"no id\"}"))
            .Add("samples/4_epoch_1.json", 8, EvalArchive.Deflated(good), "something else"u8.ToArray())
            .Add("samples/5_epoch_1.json", 12, good, good)
            .Add("samples/6_epoch_1.json", 8, good, good, flags: 1)
            .Add("samples/7_epoch_1.json", 93, good, good)
            .Add("samples/8_epoch_1.json", "{\"id\":8,\"scores\":{\"match\":tru}}")
            .Add("samples/9_epoch_1.json", "{\"id\":9,\"epoch\":0}")
            .Add("samples/10_epoch_1.json", EvalArchive.Sample("10") + "x")
            .Add("samples/11_epoch_1.json", $"{{\"id\":11,\"metadata\":{new string('[', 5000)}{new string(']', 5000)}}}")
            .Add("samples/../../../etc/passwd_epoch_1.json", EvalArchive.Sample("12"))
            .ToBytes();

        var (sink, outcome) = await ReadAsync(bytes);

        Assert.Equal(["1", "12"], sink.Rows.Select(r => r[TextField.SampleId]));
        Assert.Equal(12 - 2, outcome.RowsRejected);
        string[] reasons =
        [
            "samples/2_epoch_1.json cannot be read: line 1, byte 9: the text ends early.",
            "samples/3_epoch_1.json: it has no id, which tells its prompt from others.",
            "samples/4_epoch_1.json cannot be read: its bytes are not those that its checksum was made of.",
            "samples/5_epoch_1.json cannot be read: it is compressed with method 12, which no Inspect log uses.",
            "samples/6_epoch_1.json cannot be read: it is encrypted.",
            "samples/7_epoch_1.json cannot be read: Zstandard: Unknown frame descriptor.",
            "samples/8_epoch_1.json: it is not valid JSON: 'tru}}' is an invalid JSON literal. Expected the literal 'true'.",
            "samples/9_epoch_1.json: its epoch must be an integer ≥ 1, found 0.",
            $"samples/10_epoch_1.json cannot be read: line 1, byte {EvalArchive.Sample("10").Length + 1}: expected the end of the text, found 'x'.",
            "samples/11_epoch_1.json: it is not valid JSON: The maximum configured depth of 128 has been exceeded. Cannot read next JSON array.",
        ];
        Assert.Equal(reasons, outcome.Errors.Select(e => e.Reason));
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11], outcome.Errors.Select(e => e.Line));
    }

    [Fact]
    public async Task A_bomb_is_refused_before_it_is_held()
    {
        var bomb = new byte[100 << 20];
        bomb.AsSpan().Fill((byte)' ');
        var archive = EvalArchive.Of(EvalArchive.Header()).Add("samples/1_epoch_1.json", 8, EvalArchive.Deflated(bomb), bomb).ToBytes();

        var thrown = await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync(archive));
        Assert.Contains("more than 250 times its size", thrown.Message, StringComparison.Ordinal);

        var total = await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync(archive, new ImportLimits { MaxDecompressedBytes = 1 << 20 }));
        Assert.Contains("unfolds to more than 1048576 bytes", total.Message, StringComparison.Ordinal);

        var many = await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync(archive, new ImportLimits { MaxArchiveMembers = 1 }));
        Assert.Contains("has 2 members, more than the 1", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_sample_is_put_together_from_its_parts()
    {
        var (sink, outcome) = await RealLogs.Inspect.ReadAsync("chunked_zstd_2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval");
        var (plain, _) = await RealLogs.Inspect.ReadAsync("2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval");

        // The same run in both layouts: all that is kept of it is the same.
        Assert.Equal(
            plain.Rows.OrderBy(r => r[TextField.SampleId], StringComparer.Ordinal).Select(r => string.Join('|', r.Texts.Select(t => $"{t.Key}={t.Value}"))),
            sink.Rows.OrderBy(r => r[TextField.SampleId], StringComparer.Ordinal).Select(r => string.Join('|', r.Texts.Select(t => $"{t.Key}={t.Value}"))));
        Assert.All(sink.Rows, r => Assert.Contains("label_confidence", r[TextField.Metadata], StringComparison.Ordinal));
        Assert.Contains("10 samples are in the chunked layout: each was put together from its parts.", outcome.Notes);
    }

    [Fact]
    public async Task Ranges_choose_the_messages_of_a_chunked_sample()
    {
        var (sink, outcome) = await ReadAsync(EvalArchive.Of(
            EvalArchive.Header(),
            ("samples/1_epoch_1/sample.json", EvalArchive.Sample("1", rest: ",\"message_refs\":[[3,4],[0,1],[0,1],[7,9],[2,1]]")),
            ("samples/1_epoch_1/messages/2.json", """[{"role":"user","content":"c"},{"role":"user","content":"attachment://1"}]"""),
            ("samples/1_epoch_1/messages/0.json", """[{"role":"user","content":"a"},{"role":"user","content":"b"}]"""),
            ("samples/1_epoch_1/attachments/0.json", """["x","y"]"""),
            ("samples/2_epoch_1/sample.json", EvalArchive.Sample("2")),
            ("samples/2_epoch_1/messages/0.json", "[{]")).ToBytes());

        Assert.Equal("""{"messages":[{"role":"user","content":"y"},{"role":"user","content":"a"}]}""", Assert.Single(sink.Rows)[TextField.Extra]);
        Assert.StartsWith("samples/2_epoch_1/sample.json", Assert.Single(outcome.Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_too_long_to_hold_is_rejected_but_not_for_what_is_not_read()
    {
        var limits = new ImportLimits { MaxLineBytes = 10_000 };
        var bytes = EvalArchive.Of(
            EvalArchive.Header(),
            ("samples/1_epoch_1.json", EvalArchive.Sample("1", rest: $",\"events\":[\"{new string('e', 50_000)}\"]")),
            ("samples/2_epoch_1.json", EvalArchive.Sample("2", rest: $",\"metadata\":{{\"long\":\"{new string('m', 50_000)}\"}}"))).ToBytes();

        var (sink, outcome) = await ReadAsync(bytes, limits);

        Assert.Equal("1", Assert.Single(sink.Rows)[TextField.SampleId]);
        Assert.Equal("samples/2_epoch_1.json: with its metadata it is longer than the 10000 bytes that are held of a sample.", Assert.Single(outcome.Errors).Reason);
        Assert.Contains("Not read, because no measure or page shows it: events.", outcome.Notes);
    }

    [Fact]
    public async Task A_crash_is_said_with_what_the_journal_names()
    {
        var start = """{"version":2,"eval":{"eval_id":"e1","task":"t","model":"m-gen3","created":"2026-01-02T03:04:05+00:00"},"plan":{}}""";
        var bytes = new EvalArchive().Add("_journal/start.json", start).Add("samples/1_epoch_1.json", EvalArchive.Sample("1"))
            .Add("_journal/summaries/1.json", """[{"id":"1","epoch":1,"input":"shortened"},{"id":"2","epoch":3}]""").ToBytes();

        var (sink, outcome) = await ReadAsync(bytes);

        Assert.Equal("q 1", Assert.Single(sink.Rows)[TextField.Input]);
        Assert.Equal(EvaluationStatus.Started, Assert.Single(sink.Ends).Status);
        Assert.False(outcome.IsComplete);
        Assert.Contains(outcome.Notes, n => n.StartsWith("header.json is missing: the run crashed or is still going.", StringComparison.Ordinal));
        Assert.Contains(outcome.Notes, n => n.StartsWith("1 samples that the journal names are not in the archive, or were rejected: 2 (epoch 3).", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"version\":2", "header.json cannot be read (line 1, byte 13: the text ends early)")]
    [InlineData("{\"version\":2,\"status\":\"success\"}", "its header has no eval with a task")]
    [InlineData("[]", "expected an object, found '['")]
    public async Task A_header_that_is_none_rejects_the_log(string header, string reason)
    {
        var thrown = await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync(EvalArchive.Of(header).ToBytes()));

        Assert.StartsWith("a.eval", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_without_a_run_is_no_log()
    {
        var thrown = await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync(new EvalArchive().Add("readme.txt", "x").ToBytes()));
        Assert.Contains("neither header.json nor _journal/start.json", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_is_compressed_once_more_is_read_and_leaves_nothing_behind()
    {
        var archive = EvalArchive.Of(EvalArchive.Header(), ("samples/1_epoch_1.json", EvalArchive.Sample("1"))).ToBytes();
        foreach (var (name, bytes) in new[] { ("a.eval.gz", Logs.Gzip(archive)), ("a.eval.zst", EvalArchive.ZstandardFrame(archive)) })
        {
            var source = _logs.Write(name, bytes);

            var (sink, outcome) = await Logs.ReadAsync(source, RealLogs.Placed);

            Assert.Equal("1", Assert.Single(sink.Rows)[TextField.SampleId]);
            Assert.Equal(source.Bytes, outcome.BytesConsumed);

            var unpacked = UnpackedLog.Of(source, new ImportLimits(), Xunit.TestContext.Current.CancellationToken)!;
            Assert.Equal(archive.Length, new FileInfo(unpacked.Source.Path).Length);
            unpacked.Dispose();
            Assert.False(File.Exists(unpacked.Source.Path));
        }

        await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(_logs.Write("cut.eval.gz", Logs.Gzip(archive[..^40])), RealLogs.Placed));
    }

    private Task<(CollectingSink Sink, ImportOutcome Outcome)> ReadAsync(byte[] bytes, ImportLimits? limits = null) =>
        Logs.ReadAsync(_logs.Write("a.eval", bytes), RealLogs.Placed with { Limits = limits ?? new ImportLimits() });
}
