using System.Text;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using static Driftline.Ingest.Tests.Native.NativeLines;

namespace Driftline.Ingest.Tests.Native;

/// <summary>What real logs get wrong, or write in more ways than one, and is read all the same.</summary>
public sealed class NativeToleranceTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Numbers_that_are_none_become_no_value_and_are_counted()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("1", """
                "scores":{"a":NaN,"b":Infinity,"c":-Infinity,"d":1e400,"e":"NaN","f":null,"g":0.5}
                """),
            Sample("2", """
                "output":"NaN and -Infinity, \" Infinity","scores":{"a":NaN}
                """),
            Record("metric", """
                "task":"t","metric":"p","value":NaN,"stderr":1e999
                """))));

        Assert.Equal((3, 0, 8), (outcome.RowsRead, outcome.RowsRejected, outcome.ValuesDropped));
        var row = sink.Rows[0];
        Assert.All(["a", "b", "c", "d", "e", "f"], name => Assert.True(double.IsNaN(row.Scores[name])));
        Assert.Equal(0.5, row.Scores["g"]);
        Assert.Equal("NaN and -Infinity, \" Infinity", sink.Rows[1][TextField.Output]);
        Assert.Equal((null, null), (sink.Metrics[0].Value, sink.Metrics[0].StdErr));
    }

    [Fact]
    public async Task Booleans_are_1_and_0_and_a_column_with_a_number_is_numbers()
    {
        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("1", "\"scores\":{\"ok\":true,\"mixed\":false}"), Sample("2", "\"scores\":{\"ok\":null,\"mixed\":0.5}"))));

        Assert.Equal((1, ScoreKind.Boolean), (sink.Rows[0].Scores["ok"], sink.Rows[0].Kinds["ok"]));
        Assert.Equal((0, ScoreKind.Number), (sink.Rows[0].Scores["mixed"], sink.Rows[0].Kinds["mixed"]));
    }

    [Fact]
    public async Task Byte_order_mark_carriage_returns_and_blank_lines_are_passed_over()
    {
        var text = "\uFEFF" + Sample("1") + "\r\n\r\n   \n" + Sample("2") + "\r\n" + Sample("3");

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text));

        Assert.Equal(["1", "2", "3"], sink.Rows.Select(r => r[TextField.SampleId]!));
        Assert.Equal((3, 0, 5), (outcome.RowsRead, outcome.RowsRejected, outcome.LinesConsumed));
        Assert.Equal(Hashes.Of(Encoding.UTF8.GetBytes(text)), outcome.PrefixHash);
    }

    [Fact]
    public async Task Half_surrogates_NUL_and_bytes_that_are_no_UTF8_are_replaced_and_counted()
    {
        var bytes = Encoding.UTF8.GetBytes(Lines(
            Sample("1", """
                "output":"a\ud800b\udc00 \ud83d\ude00\u0000","metadata":{"k":"x\ud83d"}
                """),
            Sample("2", "\"output\":\"#\"")));
        bytes[Array.LastIndexOf(bytes, (byte)'#')] = 0xFF;

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", bytes));

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal("a\uFFFDb\uFFFD 😀\uFFFD", sink.Rows[0][TextField.Output]);
        Assert.Equal("""{"k":"x\ufffd"}""", sink.Rows[0][TextField.Metadata]);
        Assert.Equal("\uFFFD", sink.Rows[1][TextField.Output]);
        Assert.Contains(outcome.Notes, n => n.StartsWith("5 characters that are no text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Escapes_in_texts_keys_and_names_are_understood()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            """{"schema_version":"1","\u0074ype":"sample","lineage":"l\u00e9","generation":1,"model":"m\"x","task":"t","sample_id":"\u0041","output":"\b\f\n\r\t\/\\\"\u20ac","scores":{"\u0061b":1}}""")));

        Assert.Equal(0, outcome.RowsRejected);
        var row = Assert.Single(sink.Rows);
        Assert.Equal(("lé", "m\"x"), (row.Run.Node.Key.Lineage, row.Run.Node.Model));
        Assert.Equal(("A", "\b\f\n\r\t/\\\"€"), (row[TextField.SampleId], row[TextField.Output]));
        Assert.Equal(1, row.Scores["ab"]);
    }

    [Fact]
    public async Task Names_like_proto_formulas_and_markup_are_only_text()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("=cmd()", """
                "output":"<script>alert(1)</script>","scores":{"__proto__":1,"constructor":2},"metadata":{"__proto__":{"x":1}}
                """))));

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal((1, 2), (sink.Rows[0].Scores["__proto__"], sink.Rows[0].Scores["constructor"]));
        Assert.Equal("""{"__proto__":{"x":1}}""", sink.Rows[0][TextField.Metadata]);
    }

    [Fact]
    public async Task Of_a_key_that_comes_twice_the_last_counts()
    {
        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("1", """
                "output":"x","output":"y","scores":{"a":1,"b":1},"scores":{"a":2,"a":3}
                """))));

        Assert.Equal("y", sink.Rows[0][TextField.Output]);
        Assert.Equal([new("a", 3.0)], sink.Rows[0].Scores);
    }

    [Fact]
    public async Task A_sample_keeps_everything_that_it_may_have()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("7", """
                "epoch":3,"created":"2026-01-01T02:00:00+02:00","input":"i","target":null,"output":"o","answer":true,"options": [ "a b", "c" ],"ordinal":true,
                "option_probs":{"a b":0.25,"c":0.75},"scores":{},"explanations":{"s":"why"},"messages":[ {"role":"user","content":"hi"} ],"attachments":[],
                "about":{"suite":"t"},"embeddings":{"e1":[1,2],"e2":[3,null]},"embedding":[0.5,-1e-3],"metadata":{ "b": 1, "a": "x  y" },"extra_thing":1
                """.ReplaceLineEndings("")))));

        Assert.Equal(0, outcome.RowsRejected);
        var row = Assert.Single(sink.Rows);
        Assert.Equal(3, row.Repeat);
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), row.Created);
        Assert.Equal(("7", "i", null, "o", "true"), (row[TextField.SampleId], row[TextField.Input], row[TextField.Target], row[TextField.Output], row[TextField.Answer]));
        Assert.Equal("""["a b","c"]""", row[TextField.Options]);
        Assert.Equal((.25, .75), (row.OptionProbabilities["a b"], row.OptionProbabilities["c"]));
        Assert.Equal("""{"b":1,"a":"x  y"}""", row[TextField.Metadata]);
        Assert.Equal("""{"messages":[{"role":"user","content":"hi"}],"attachments":[],"explanations":{"s":"why"},"about":{"suite":"t"}}""", row[TextField.Extra]);
        Assert.Equal([1f, 2f], row.Embeddings["e1"]);
        Assert.Equal([.5f, -.001f], row.Embeddings["default"]);
        Assert.False(row.Embeddings.ContainsKey("e2"));
        Assert.Contains(outcome.Notes, n => n.Contains("left out: extra_thing", StringComparison.Ordinal));
        Assert.Contains(outcome.Notes, n => n.StartsWith("Embeddings that hold NaN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parents_are_read_in_the_long_and_the_short_form()
    {
        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("1", """
                "parents":[{"generation":1,"branch":"x","seed":3,"role":"data","weight":0.5},{"model":"base"}],"parent_model":"ignored"
                """),
            Sample("2", "\"parent_model\":\"p\""),
            Sample("3", "\"parents\":[]"))));

        Assert.Equal(
            [new(1, "x", "3", null, ParentRole.Data, .5), new(null, null, null, "base", ParentRole.Data), new(null, null, null, "base", ParentRole.Init)],
            sink.Rows.Single(r => r[TextField.SampleId] == "1").Run.Node.Parents);
        Assert.Equal([new(null, null, null, "p", ParentRole.Data), new(null, null, null, "p", ParentRole.Init)], sink.Rows.Single(r => r[TextField.SampleId] == "2").Run.Node.Parents);
        Assert.Empty(sink.Rows.Single(r => r[TextField.SampleId] == "3").Run.Node.Parents);
    }

    [Fact]
    public async Task Runs_that_are_equal_share_one_header_however_they_are_written()
    {
        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("1", """
                "config":{"b":1.0,"a":{"d":2,"c":"x"}},"run_id":"r"
                """),
            Sample("2", """
                "run_id":"r","config":{ "a":{"c":"\u0078","d":2e0}, "b":1 }
                """),
            Sample("3", """
                "run_id":"other"
                """))));

        Assert.Equal(2, sink.Rows.Select(r => r.Run).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal("""{"a":{"c":"x","d":2},"b":1}""", sink.Rows[0].Run.Config);
        Assert.Equal(new NodeKey("l", "b", "1", 2), sink.Rows[0].Run.Node.Key);
    }

    [Fact]
    public async Task An_end_comes_after_the_rows_that_it_ends()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(
            Sample("1"), Record("end", "\"run_id\":\"r\""), Sample("2"), Record("end", "\"task\":\"t\",\"status\":\"error\""), Record("generation", "\"step\":5,\"tokens\":1e3,\"recipe\":{ \"lr\": 1 }"))));

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal(["batch", "end", "batch", "end", "generation"], sink.Order);
        Assert.Equal([("", "r", EvaluationStatus.Success), ("t", "", EvaluationStatus.Error)], sink.Ends.Select(e => (e.Run.Suite, e.Run.RunId, e.Status)));
        Assert.Equal((5, 1000, """{"lr":1}"""), (sink.Generations[0].Step!.Value, sink.Generations[0].Tokens!.Value, sink.Generations[0].Recipe));
    }

    [Fact]
    public async Task Interleaved_runs_make_large_batches_and_keep_their_order()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => Sample($"{i}", $"\"run_id\":\"r{i % 40}\",\"output\":\"{i}\"")).ToArray();

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(lines)));

        Assert.Equal((20_000, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.Equal(40, sink.BatchSizes.Count);
        foreach (var run in sink.Rows.GroupBy(r => r.Run.RunId))
        {
            var ids = run.Select(r => int.Parse(r[TextField.SampleId]!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(ids.Order(), ids);
        }
    }

    [Fact]
    public async Task Without_type_a_line_with_a_sample_id_is_a_sample_and_without_model_it_is_unknown()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines("""{"lineage":"l","generation":0,"task":"t","sample_id":5}""")));

        Assert.Equal(("5", "unknown", "main"), (sink.Rows[0][TextField.SampleId], sink.Rows[0].Run.Node.Model, sink.Rows[0].Run.Node.Key.Branch));
        Assert.Equal(2, outcome.Notes.Count);
    }

    [Fact]
    public async Task What_the_user_says_beats_the_log()
    {
        var overrides = new NodeOverrides { Lineage = "L", Branch = "B", Seed = "S", Generation = 9, Model = "M" };

        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.jsonl", Lines(Sample("1"))), new ReadOptions { Overrides = overrides });

        Assert.Equal((new NodeKey("L", "B", "S", 9), "M", null), (sink.Rows[0].Run.Node.Key, sink.Rows[0].Run.Node.Model, sink.Rows[0].Run.Node.Guess));
    }

    [Fact]
    public async Task Where_the_log_is_silent_folder_file_and_model_tell_and_it_is_said_to_be_a_guess()
    {
        var source = _logs.Write("a.jsonl", Lines("""{"schema_version":"1","type":"sample","model":"my-model","task":"t","sample_id":"1"}""")) with
        {
            Name = "logs/values-study/gen_4/replace-s2-g04.jsonl",
        };

        var (sink, outcome) = await Logs.ReadAsync(source);

        var node = Assert.Single(sink.Rows).Run.Node;
        Assert.Equal(new NodeKey("values-study", "replace", "2", 4), node.Key);
        Assert.Equal(
            "lineage from folder name values-study; generation from file name replace-s2-g04; branch from file name replace; seed from file name 2", node.Guess);
        Assert.Equal(4, outcome.Notes.Count);
    }
}
