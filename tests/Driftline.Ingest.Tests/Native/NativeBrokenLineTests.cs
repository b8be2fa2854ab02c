using System.Text;
using Driftline.Core.Records;
using static Driftline.Ingest.Tests.Native.NativeLines;

namespace Driftline.Ingest.Tests.Native;

public sealed class NativeBrokenLineTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    // In each, ‸ stands where the report must point; without it the problem has no place (a key is missing).
    [Theory]
    [InlineData("""{"schema_version":"1",‸oops}""", "not one JSON object")]
    [InlineData("""‸[1,2]""", "must be a JSON object, found [1,2]")]
    [InlineData("""‸"text" """, "must be a JSON object")]
    [InlineData("""{"schema_version":"1"} ‸{"schema_version":"1"}""", "one complete object a line")]
    [InlineData("""{"schema_version":‸"2","type":"sample"}""", "schema_version must be \"1\"")]
    [InlineData("""{"schema_version":"1","type":‸"smaple","sample_id":"x"}""", "type must be one of sample, metric, generation, end, found \"smaple\"")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":‸"three","task":"t","sample_id":"x"}""", "generation must be an integer ≥ 0, found \"three\"")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":‸-1,"task":"t","sample_id":"x"}""", "generation must be an integer ≥ 0, found -1")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":‸1.5,"task":"t","sample_id":"x"}""", "generation must be an integer ≥ 0, found 1.5")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":‸7,"generation":1,"task":"t","sample_id":"x"}""", "lineage must be a string, found 7")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"seed":‸[1],"task":"t","sample_id":"x"}""", "seed must be a string or an integer, found [1]")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"parents":‸[{"generation":0,"role":"mother"}],"task":"t","sample_id":"x"}""", "parents[0].role must be data, init, merge, teacher or reference, found \"mother\"")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"config":‸"c","task":"t","sample_id":"x"}""", "config must be an object")]
    [InlineData("""{"schema_version":"1","type":"sample","generation":1,"task":"t","sample_id":"x"}""", "lineage is missing")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","task":"t","sample_id":"x"}""", "generation is missing")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"sample_id":"x"}""", "task is missing")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t"}""", "sample_id is missing")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":""}""", "sample_id is missing")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","epoch":‸0}""", "epoch must be an integer ≥ 1, found 0")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","input":‸["a"]}""", "belongs into messages")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","scores":‸1}""", "scores must be an object")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","scores":{"a":‸"good"}}""", "scores.a must be a number, true, false or null, found \"good\"")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","scores":{"a":‸{"b":1}}}""", "scores.a must be a number, true, false or null, found {\"b\":1}")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","option_probs":{"a":‸1.5}}""", "option_probs.a must be a probability from 0 to 1, found 1.5")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","options":‸["a",1]}""", "options must be an array of strings")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","ordinal":‸"yes"}""", "ordinal must be true or false")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","embedding":[1,‸"a"]}""", "embedding.default must be an array of numbers")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","metadata":‸[]}""", "metadata must be an object")]
    [InlineData("""{"schema_version":"1","type":"sample","lineage":"l","generation":1,"task":"t","sample_id":"x","created":‸"1/2/2026"}""", "created must be a time in ISO 8601")]
    [InlineData("""{"schema_version":"1","type":"metric","lineage":"l","generation":1,"task":"t","value":1}""", "metric is missing")]
    [InlineData("""{"schema_version":"1","type":"metric","lineage":"l","generation":1,"task":"t","metric":"p"}""", "value is missing")]
    [InlineData("""{"schema_version":"1","type":"metric","lineage":"l","generation":1,"task":"t","metric":"p","value":‸"low"}""", "value must be a number or null, found \"low\"")]
    [InlineData("""{"schema_version":"1","type":"metric","lineage":"l","generation":1,"metric":"p","value":1}""", "task is missing")]
    [InlineData("""{"schema_version":"1","type":"generation","lineage":"l","generation":1,"step":‸1.5}""", "step must be an integer ≥ 0")]
    [InlineData("""{"schema_version":"1","type":"generation","lineage":"l","generation":1,"recipe":‸"r"}""", "recipe must be an object")]
    [InlineData("""{"schema_version":"1","type":"end","lineage":"l","generation":1,"status":‸"fine"}""", "status must be success, started, cancelled or error, found \"fine\"")]
    public async Task A_wrong_line_is_rejected_alone_with_its_line_column_and_reason(string marked, string reason)
    {
        var before = marked.IndexOf('‸', StringComparison.Ordinal);
        var bad = marked.Replace("‸", "", StringComparison.Ordinal);

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(Sample("1"), "", bad, Sample("2"))));

        Assert.Equal((3, 1), (outcome.RowsRead, outcome.RowsRejected));
        Assert.Equal(["1", "2"], sink.Rows.Select(r => r[TextField.SampleId]!));
        var error = Assert.Single(outcome.Errors);
        Assert.Equal(3, error.Line);
        Assert.Equal(before < 0 ? null : before + 1, error.Column);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Equal(bad.Length > 200 ? bad[..200] : bad, error.Raw);
    }

    [Fact]
    public async Task Columns_are_those_of_the_line_as_it_came_even_behind_a_rewritten_NaN()
    {
        var bad = Sample("x", "\"scores\":{\"a\":NaN,\"b\":-Infinity,\"c\":‸\"bad\"}");

        var (_, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(Sample("1"), bad.Replace("‸", "", StringComparison.Ordinal))));

        Assert.Equal(bad.IndexOf('‸', StringComparison.Ordinal) + 1, Assert.Single(outcome.Errors).Column);
    }

    [Fact]
    public async Task Only_the_first_errors_are_kept_and_all_are_counted()
    {
        var text = Lines([Sample("1"), .. Enumerable.Repeat("{", 50)]);

        var (_, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text), new ReadOptions { Limits = new ImportLimits { MaxErrors = 7 } });

        Assert.Equal((50, 7), (outcome.RowsRejected, outcome.Errors.Count));
    }

    [Fact]
    public async Task Nesting_deeper_than_the_limit_rejects_the_line()
    {
        var deep = Sample("deep", "\"metadata\":" + string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200));

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(Sample("1"), deep, Sample("2"))));

        Assert.Equal(2, sink.Rows.Count);
        Assert.Contains("depth", Assert.Single(outcome.Errors).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3_000_000)]
    public async Task A_line_longer_than_the_limit_is_skipped_and_named(int limit)
    {
        var text = Lines(Sample("1"), Sample("long", $"\"output\":\"{new string('x', limit + 2_500_000)}\""), Sample("2"));
        limit = Math.Max(limit, Sample("1").Length);

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text), new ReadOptions { Limits = new ImportLimits { MaxLineBytes = limit } });

        Assert.Equal(["1", "2"], sink.Rows.Select(r => r[TextField.SampleId]!));
        var error = Assert.Single(outcome.Errors);
        Assert.Equal(2, error.Line);
        Assert.Contains($"longer than {limit} bytes", error.Reason, StringComparison.Ordinal);
        Assert.Equal(text.Length, outcome.BytesConsumed);
        Assert.Equal(Hashes.Of(Encoding.UTF8.GetBytes(text)), outcome.PrefixHash);
    }

    [Fact]
    public async Task A_long_line_within_the_limit_is_read_whole()
    {
        var output = new string('y', 5_000_000);

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(Sample("1"), Sample("long", $"\"output\":\"{output}\""), Sample("2"))));

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal(output, sink.Rows.Single(r => r[TextField.SampleId] == "long")[TextField.Output]);
    }

    [Fact]
    public async Task Names_of_scores_that_never_repeat_are_refused_before_they_fill_memory()
    {
        var text = Lines([.. Enumerable.Range(0, 30).Select(i => Sample($"{i}", $"\"scores\":{{\"s{i}\":1}}"))]);

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text), new ReadOptions { Limits = new ImportLimits { MaxScoreNames = 20 } });

        Assert.Equal((20, 10), (sink.Rows.Count, (int)outcome.RowsRejected));
        Assert.Contains("more than 20 different names", outcome.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_scores_on_one_line_than_the_limit_reject_it()
    {
        var scores = string.Join(',', Enumerable.Range(0, 11).Select(i => $"\"s{i}\":1"));

        var (_, outcome) = await Logs.ReadAsync(
            _logs.Write("a.jsonl", Lines(Sample("1", $"\"scores\":{{{scores}}}"))), new ReadOptions { Limits = new ImportLimits { MaxScoresPerSample = 10 } });

        Assert.Contains("more than 10 names in one line", Assert.Single(outcome.Errors).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lineage")]
    [InlineData("model")]
    [InlineData("run_id")]
    public async Task A_name_as_long_as_a_text_rejects_the_line(string key)
    {
        var line = Sample("1", $"\"{key}\":\"{new string('x', 1001)}\"");

        var (_, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(line)));

        Assert.StartsWith($"{key} is longer than 1000 characters", Assert.Single(outcome.Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_without_number_are_read_in_bounded_memory_and_in_order()
    {
        var lines = Enumerable.Range(0, 50_000).Select(i => Sample($"{i / 25_000}", $"\"run_id\":\"r{i % 25_000}\"")).ToArray();

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(lines)));

        Assert.Equal((50_000, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.All(sink.Rows.GroupBy(r => r.Run.RunId), run => Assert.Equal(["0", "1"], run.Select(r => r[TextField.SampleId]!)));
    }

    [Fact]
    public async Task A_header_of_any_size_is_understood()
    {
        var config = $"\"config\":{{\"system_prompt\":\"{new string('x', 100_000)}\"}}";

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(Sample("1"), Sample("2", config), Sample("3"))));

        Assert.Equal((3, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.Equal("{\"system_prompt\":\"\"}".Length + 100_000, sink.Rows.Single(r => r[TextField.SampleId] == "2").Run.Config!.Length);
    }
}
