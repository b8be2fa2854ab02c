using System.Text;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Ingest.Columns;

namespace Driftline.Ingest.Tests.Columns;

public sealed class TableReadingTests : IDisposable
{
    private const string Basis = """
        "lineage":"l","model":"m-g{generation}","generation":{"column":"g"},"suite":"s","sample_id":{"column":"id"}
        """;

    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task A_wide_table_gives_texts_scores_and_metadata()
    {
        var (sink, outcome) = await ReadAsync(
            "a.csv",
            "g,id,rep,Prompt,Answer,ok,q,topic,when\n0,1,2,\"say \"\"hi\"\",\nplease\",yes,true,0.5,7,2026-01-01T00:00:00\n1,1,1,,no,False,,x,\n",
            """
            "repeat":{"column":"rep"},"input":{"column":"Prompt"},"answer":{"column":"Answer"},"options":["yes","no"],"created":{"column":"when"},
            "scores":{"ok":"ok","quality":{"column":"q","type":"number"}},"metadata":{"topic":"topic","rep":"rep"},"types":{"rep":"number"},"config":{"b":1,"a":2}
            """);

        Assert.Equal((2, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.Null(outcome.PrefixHash);
        var first = sink.Rows[0];
        Assert.Equal((new NodeKey("l", "main", null, 0), "m-g0", 2), (first.Run.Node.Key, first.Run.Node.Model, first.Repeat));
        Assert.Equal(("1", "say \"hi\",\nplease", "yes", """["yes","no"]"""), (first[TextField.SampleId], first[TextField.Input], first[TextField.Answer], first[TextField.Options]));
        Assert.Equal((1, .5), (first.Scores["ok"], first.Scores["quality"]));
        Assert.Equal((ScoreKind.Boolean, ScoreKind.Number), (first.Kinds["ok"], first.Kinds["quality"]));
        Assert.Equal("""{"topic":"7","rep":2}""", first[TextField.Metadata]);
        Assert.Equal("""{"a":2,"b":1}""", first.Run.Config);
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), first.Created);
        var second = sink.Rows[1];
        Assert.Null(second[TextField.Input]);
        Assert.Equal(0, second.Scores["ok"]);
        Assert.True(double.IsNaN(second.Scores["quality"]));
    }

    [Fact]
    public async Task A_long_table_merges_the_rows_of_a_sample()
    {
        var (sink, outcome) = await ReadAsync(
            "a.csv", "g,id,metric,value,out\n0,1,a,1,hello\n0,1,b,true,hello\n0,2,a,3,bye\n", "\"score_rows\":{\"name\":\"metric\",\"value\":\"value\"},\"output\":{\"column\":\"out\"}");

        Assert.Equal(3, outcome.RowsRead);
        Assert.Equal(["1", "2"], sink.Rows.Select(r => r[TextField.SampleId]!));
        Assert.Equal([new("a", 1.0), new("b", 1.0)], sink.Rows[0].Scores);
        Assert.Equal([new("a", 3.0)], sink.Rows[1].Scores);
    }

    [Fact]
    public async Task Argmax_takes_the_greatest_the_first_of_equals_and_none_without_numbers()
    {
        var (sink, outcome) = await ReadAsync(
            "a.csv", "g,id,L,R\n0,1,0.2,0.8\n0,2,0.5,0.5\n0,3,,NaN\n", """
            "answer":{"argmax":{"L":"left","R":"right"},"keep_as":"option_probs"}
            """);

        Assert.Equal(["right", "left", null], sink.Rows.Select(r => r[TextField.Answer]));
        Assert.Equal((.2, .8), (sink.Rows[0].OptionProbabilities["left"], sink.Rows[0].OptionProbabilities["right"]));
        Assert.Empty(sink.Rows[0].Scores);
        Assert.Equal(1, outcome.ValuesDropped);
    }

    [Fact]
    public async Task Several_suites_come_out_of_one_table()
    {
        var (sink, outcome) = await ReadAsync("a.csv", "g,id,out,acc,tox\n0,1,text,1,0.3\n", """
            "output":{"column":"out"},"suites":[{"suite":"accuracy","scores":{"acc":{"column":"acc","type":"boolean"}}},{"suite":"toxicity","scores":["tox"],"suite_definition":{"family":"safety","worse":"higher"}}]
            """);

        Assert.Equal(["accuracy", "toxicity"], sink.Rows.Select(r => r.Run.Suite).Order());
        Assert.All(sink.Rows, r => Assert.Equal("text", r[TextField.Output]));
        Assert.Equal(ScoreKind.Boolean, sink.Rows.Single(r => r.Run.Suite == "accuracy").Kinds["acc"]);
        Assert.Equal([new("toxicity", """{"family":"safety","worse":"higher"}""")], outcome.SuiteDefinitions);
    }

    [Fact]
    public async Task Metrics_of_a_generation_are_reported_once()
    {
        var (sink, outcome) = await ReadAsync("a.csv", "g,id,ppl,se,n\n0,1,2.5,0.1,10\n0,2,2.5,0.1,10\n1,1,3,,\n1,2,4,,\n", """
            "metrics":{"perplexity":{"column":"ppl","stderr":"se","n_samples":"n","higher_is_better":false}}
            """);

        Assert.Empty(sink.Rows);
        Assert.Equal([(0, 2.5, 10), (1, 3, null), (1, 4, null)], sink.Metrics.Select(m => (m.Run.Node.Key.Generation, m.Value!.Value, m.Samples)));
        Assert.False(sink.Metrics[0].HigherIsBetter);
        Assert.Contains(outcome.Notes, n => n.Contains("different values", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_table_adds_its_columns_by_sample_id()
    {
        _logs.Write("prompts.csv", "id,text,kind\n1,What?,a\n2,Why?,b\n");
        var (sink, outcome) = await ReadAsync("a.csv", "g,id,q\n0,1,0.5\n0,2,0.6\n0,3,0.7\n", """
            "scores":["q"],"input":{"column":"text"},"metadata":["kind"],"join":{"file":"prompts.csv","on":"id"}
            """);

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal(["What?", "Why?", null], sink.Rows.Select(r => r[TextField.Input]));
        Assert.Equal(["""{"kind":"a"}""", """{"kind":"b"}""", "{}"], sink.Rows.Select(r => r[TextField.Metadata]));
    }

    [Fact]
    public async Task A_second_table_is_joined_on_several_columns_and_on_the_number_of_its_row()
    {
        _logs.Write("quality.csv", "g,level\n0,2.5\n0,2.25\n1,1.5\n");
        var (sink, outcome) = await ReadAsync("a.csv", "g,id,q\n0,1,0.1\n0,2,0.2\n1,1,0.3\n1,2,0.4\n", """
            "scores":{"q":"q","level":"level"},"join":{"file":"quality.csv","on":["g","id"],"key":["g",{"row_number":true}]}
            """);

        Assert.Equal([2.5, 2.25, 1.5, double.NaN], sink.Rows.Select(row => row.Scores["level"]));
        Assert.Contains("1 rows have no row with the same key in quality.csv: what comes from there is empty for them.", outcome.Notes);
    }

    [Fact]
    public async Task Bias_and_quality_of_the_same_articles_are_joined_on_generation_and_article()
    {
        var folder = Path.Combine(Logs.Demo, "gpt2-political-bias");
        File.Copy(Path.Combine(folder, "Synthetic_Generation_Quality.csv.gz"), _logs.PathOf("quality.csv.gz"));
        File.Copy(Path.Combine(folder, "Synthetic_Bias_Performance.csv.gz"), _logs.PathOf("bias.csv.gz"));
        var mapping = ColumnMapping.Parse("""
            {"lineage":"l","generation":{"column":"Generation","offset":-1},"suite":"articles","sample_id":{"column":"Article_ID"},
             "scores":{"quality":"GibberishLevel","right":"Right_Score"},"join":{"file":"quality.csv.gz","on":["Generation","Article_ID"],"key":["Generation",{"row_number":true}]}}
            """);
        var (sink, outcome) = await Logs.ReadAsync(LogSource.FromFile(_logs.PathOf("bias.csv.gz"), "bias.csv.gz"), new ReadOptions { Mapping = mapping });

        Assert.Equal((16_698, 0), (outcome.RowsRead, outcome.RowsRejected));
        // The means of the quality file by itself, generation by generation.
        double[] means = [2.3219, 2.3209, 2.2721, 2.1604, 2.0296, 1.9463, 1.9437, 1.9488, 1.9539, 1.6346, 1.6652];
        Assert.Equal(means, sink.Rows.GroupBy(row => row.Generation).OrderBy(rows => rows.Key).Select(rows => Math.Round(rows.Average(row => row.Scores["quality"]), 4)));
    }

    [Fact]
    public async Task Only_as_many_rows_are_read_as_are_asked_for()
    {
        var sink = new CollectingSink();
        var options = new ReadOptions { Mapping = ColumnMapping.Parse($"{{{Basis},\"scores\":[\"q\"]}}"), MaxRows = 2 };
        var outcome = await TableLogReader.Csv.ReadAsync(_logs.Write("a.csv", "g,id,q\n0,1,1\n0,2,x\n0,3,1\n"), options, sink, progress: null, TestContext.Current.CancellationToken);

        Assert.Equal((2, 1, 1), (outcome.RowsRead, outcome.RowsRejected, sink.Rows.Count));
    }

    [Fact]
    public async Task A_second_table_that_is_missing_or_lacks_its_key_is_named()
    {
        const string Join = "\"scores\":[\"q\"],\"join\":{\"file\":\"p.csv\",\"on\":\"id\",\"key\":\"pid\"}";
        var missing = await Assert.ThrowsAsync<MappingException>(() => ReadAsync("a.csv", "g,id,q\n0,1,0.5\n", Join));
        _logs.Write("p.csv", "id,text\n1,x\n");
        var noKey = await Assert.ThrowsAsync<MappingException>(() => ReadAsync("a.csv", "g,id,q\n0,1,0.5\n", Join));

        Assert.Contains("join.file: p.csv is neither in the mapping's folder nor beside a.csv", missing.Message, StringComparison.Ordinal);
        Assert.Contains("join.key: p.csv has no column pid. Its columns: id, text.", noKey.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,x,abc", "Column q (score q) must hold a number, true, false or empty, found \"abc\".")]
    [InlineData("0,x,\"0,5\"", "Column q (score q) must hold a number, true, false or empty, found \"0,5\". Write decimals with a point.")]
    [InlineData("zero,x,1", "Column g (generation) must hold a whole number, found \"zero\".")]
    [InlineData("-3,x,1", "Column g (generation) gives -3, which is less than 0: correct the offset (0) in the mapping.")]
    [InlineData("0,,1", "Column id (sample_id) is empty")]
    [InlineData("0,x", "The row has 2 fields, the header has 3")]
    [InlineData("0,x,1,2", "The row has 4 fields, the header has 3")]
    [InlineData("0,\"x\"y,1", "A quote stands where none may")]
    [InlineData("0,x\"y,1", "A quote stands where none may")]
    public async Task A_wrong_row_is_rejected_alone_with_its_line_and_text(string row, string reason)
    {
        var (sink, outcome) = await ReadAsync("a.csv", $"g,id,q\n0,1,1\n\n{row}\n0,2,2\n", "\"scores\":[\"q\"]");

        Assert.Equal(["1", "2"], sink.Rows.Select(r => r[TextField.SampleId]!));
        var error = Assert.Single(outcome.Errors);
        Assert.Equal((4, row), (error.Line, error.Raw));
        Assert.StartsWith(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_replaced_and_counted()
    {
        var file = _logs.Write("cp1252.csv", [.. "g,id,out\n0,1,caf"u8, 0xE9, .. "\n0,2,caf\u00e9\n"u8]);

        var (sink, outcome) = await Logs.ReadAsync(file, new ReadOptions
        {
            Mapping = ColumnMapping.Parse("""{"lineage":"l","generation":{"column":"g"},"suite":"s","model":"m","sample_id":{"column":"id"},"output":{"column":"out"}}"""),
        });

        Assert.Equal(["caf\uFFFD", "caf\u00e9"], sink.Rows.Select(row => row[TextField.Output]));
        Assert.Contains(outcome.Notes, note => note.StartsWith("1 characters that are no text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_rejects_what_it_swallows()
    {
        var (sink, outcome) = await ReadAsync("a.csv", "g,id,q\n0,1,1\n0,\"2,2\n0,3,3\n", "\"scores\":[\"q\"]");

        Assert.Equal(["1"], sink.Rows.Select(r => r[TextField.SampleId]!));
        Assert.StartsWith("A quote is opened and never closed", Assert.Single(outcome.Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_without_end_rejects_the_file_before_it_fills_memory()
    {
        var text = "g,id,q\n0,1,1\n0,\"" + new string('x', 3 << 20);

        var thrown = await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync("a.csv", text, "\"scores\":[\"q\"]", new ImportLimits { MaxLineBytes = 1 << 20 }));

        Assert.Contains("after line 2 that does not end", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_not_there_rejects_the_file_and_names_those_that_are()
    {
        var csv = await Assert.ThrowsAsync<MappingException>(() => ReadAsync("a.csv", "g,id,q\n0,1,1\n", "\"scores\":{\"quality\":\"Q\"}"));
        var json = await Assert.ThrowsAsync<MappingException>(() => ReadAsync("a.json", """[{"g":0,"id":"1","q":{"x":1}}]""", "\"scores\":{\"quality\":\"Q\"}"));

        Assert.Equal("a.csv has no column Q, which the mapping names under scores.quality. Its columns: g, id, q.", csv.Message);
        Assert.Equal("scores.quality", Assert.Single(csv.Faults).Key);
        Assert.Contains("Its columns: g, id, q, q.x.", json.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_there_twice_rejects_the_file() => Assert.Contains(
        "column q more than once",
        (await Assert.ThrowsAsync<LogRejectedException>(() => ReadAsync("a.csv", "g,id,q,q\n0,1,1,2\n", "\"scores\":[\"q\"]"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Row_numbers_count_rows_with_wrong_values_and_end_at_a_row_that_cannot_be_told()
    {
        const string Mapping = """{"lineage":"l","model":"m","generation":{"column":"g"},"suite":"s","sample_id":{"row_number":true},"scores":["q"]}""";
        var options = new ReadOptions { Mapping = ColumnMapping.Parse(Mapping) };

        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.csv", "g,q\n0,1\n1,5\n0,bad\n0,3\n1,6\n"), options);
        var lost = await Assert.ThrowsAsync<LogRejectedException>(() => Logs.ReadAsync(_logs.Write("b.csv", "g,q\n0,1\n0,1,1\n0,3\n"), options));

        Assert.Equal([(0, "1"), (0, "3"), (1, "1"), (1, "2")], sink.Rows.Select(r => (r.Generation, r[TextField.SampleId]!)).Order());
        Assert.Contains("b.csv, line 3", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tsv", "g\tid\tq\n0\t1\t1,5\n0\t2\t2\n")]
    [InlineData("a.csv", "g;id;q\n0;1;x\n0;2;2\n")]
    [InlineData("a.txt", "g|id|q\n0|1|x\n0|2|2\n")]
    [InlineData("a.jsonl", "{\"g\":0,\"id\":1,\"q\":\"x\"}\n{\"g\":0,\"id\":2,\"q\":2}\n")]
    [InlineData("a.json", "[\n {\"g\":0,\"id\":1,\"q\":\"x\"},\n {\"g\":0,\n\"id\":2,\"q\":2}\n]\n")]
    [InlineData("a.json", "{\"g\":0,\"id\":1,\"q\":\"x\"}\n{\"g\":0,\n\"id\":2,\"q\":2}")]
    [InlineData("a.csv", "\uFEFFg,id,q\r\n0,1,x\r\n0,2,2\r\n")]
    public async Task Every_way_to_write_a_table_is_read(string name, string text)
    {
        foreach (var source in new[] { _logs.Write(name, text), _logs.Write(name + ".gz", Logs.Gzip(Encoding.UTF8.GetBytes(text))) })
        {
            var options = new ReadOptions { Mapping = ColumnMapping.Parse($"{{{Basis},\"scores\":[\"q\"]}}") };
            var (sink, outcome) = await Logs.ReadAsync(source, options);

            Assert.Equal((2, 1), (outcome.RowsRead, outcome.RowsRejected));
            Assert.Contains("Column q (score q)", outcome.Errors[0].Reason, StringComparison.Ordinal);
            Assert.Equal(("2", 2), (Assert.Single(sink.Rows)[TextField.SampleId], sink.Rows[0].Scores["q"]));
        }
    }

    [Fact]
    public async Task Json_is_read_with_nested_keys_its_own_types_and_what_is_not_valid_is_rejected_alone()
    {
        var (sink, outcome) = await ReadAsync("a.json", """
            [{"g":0,"id":"a","r":{"q":NaN,"note":"x]},\" "},"tags":["u", "v"],"n":3,"v":[1,2.5],"o":["y","n"]},
             {"g":0,"id":"b","r":{"q":tru}},
             {"g":0,"id":"c","r":{"q":true},"v":[1,null]}, 7,
             {"g":0,"id":"d\ud800"}]
            """, """
            "scores":{"q":"r.q"},"output":{"column":"r.note"},"metadata":["tags","n"],"embedding":{"column":"v","name":"e"},"options":{"column":"o"}
            """);

        Assert.Equal((5, 2, 1), (outcome.RowsRead, outcome.RowsRejected, outcome.ValuesDropped));
        Assert.Equal([2, 3], outcome.Errors.Select(e => e.Line));
        Assert.Equal(["a", "c", "d\uFFFD"], sink.Rows.Select(r => r[TextField.SampleId]!));
        Assert.Equal(("x]},\" ", """{"tags":["u","v"],"n":3}""", """["y","n"]"""), (sink.Rows[0][TextField.Output], sink.Rows[0][TextField.Metadata], sink.Rows[0][TextField.Options]));
        Assert.Equal([1f, 2.5f], sink.Rows[0].Embeddings["e"]);
        Assert.Empty(sink.Rows[1].Embeddings);
        Assert.Equal(1, sink.Rows[1].Scores["q"]);
    }

    [Fact]
    public async Task A_json_record_longer_than_the_limit_is_rejected_alone()
    {
        var text = $$"""[{"g":0,"id":"1","q":1},{"g":0,"id":"{{new string('x', 3_000_000)}}","q":1},{"g":0,"id":"3","q":1}]""";

        var (sink, outcome) = await ReadAsync("a.json", text, "\"scores\":[\"q\"]", new ImportLimits { MaxLineBytes = 1_500_000 });

        Assert.Equal(["1", "3"], sink.Rows.Select(r => r[TextField.SampleId]!));
        Assert.StartsWith("The record is longer than 1500000 bytes", Assert.Single(outcome.Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_with_native_names_need_no_mapping()
    {
        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.csv", """
            lineage,branch,seed,generation,model,task,sample_id,epoch,answer,score.acc,scores.q,metadata.topic
            l,b,3,2,m,t,x,4,yes,true,0.5,bio
            """));

        Assert.Equal(0, outcome.RowsRejected);
        var row = Assert.Single(sink.Rows);
        Assert.Equal((new NodeKey("l", "b", "3", 2), "m", "t", 4), (row.Run.Node.Key, row.Run.Node.Model, row.Run.Suite, row.Repeat));
        Assert.Equal((1, .5, """{"topic":"bio"}"""), (row.Scores["acc"], row.Scores["q"], row[TextField.Metadata]));
    }

    [Fact]
    public async Task What_the_user_says_beats_the_mapping_also_in_the_model_name_and_parents()
    {
        var options = new ReadOptions
        {
            Mapping = ColumnMapping.Parse($$"""{{{Basis}},"scores":["q"],"parents":[{"generation":0,"role":"init","for_generations":[5]}]}"""),
            Overrides = new NodeOverrides { Generation = 5, Branch = "x" },
        };

        var (sink, _) = await Logs.ReadAsync(_logs.Write("a.csv", "g,id,q\n0,1,1\n"), options);

        var node = sink.Rows[0].Run.Node;
        Assert.Equal((new NodeKey("l", "x", null, 5), "m-g5"), (node.Key, node.Model));
        Assert.Equal([new DeclaredParent(0, null, null, null, ParentRole.Init)], node.Parents);
    }

    [Fact]
    public async Task Without_generation_in_the_mapping_the_file_name_tells()
    {
        var options = new ReadOptions { Mapping = ColumnMapping.Parse("""{"lineage":"l","model":"m{generation}","suite":"s","sample_id":{"column":"id"},"scores":["q"]}""") };

        var (sink, _) = await Logs.ReadAsync(_logs.Write("eval_gen3.csv", "id,q\n1,1\n"), options);

        Assert.Equal((3, "m3", "generation from file name eval_gen3"), (sink.Rows[0].Generation, sink.Rows[0].Run.Node.Model, sink.Rows[0].Run.Node.Guess));
    }

    private Task<(CollectingSink Sink, Core.Imports.ImportOutcome Outcome)> ReadAsync(string name, string text, string mapping, ImportLimits? limits = null) =>
        Logs.ReadAsync(_logs.Write(name, text), new ReadOptions { Mapping = ColumnMapping.Parse($"{{{Basis},{mapping}}}"), Limits = limits ?? new ImportLimits() });
}
