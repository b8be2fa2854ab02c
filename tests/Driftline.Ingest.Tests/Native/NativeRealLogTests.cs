using Driftline.Core.Lineages;
using Driftline.Core.Records;

namespace Driftline.Ingest.Tests.Native;

public sealed class NativeRealLogTests
{
    [Fact]
    public async Task All_microworld_logs_are_read_without_a_rejected_line()
    {
        var sink = new CollectingSink();
        long read = 0, rejected = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(Logs.Demo, "microworld"), "*.jsonl.gz"))
        {
            var source = LogSource.FromFile(file);
            var options = new ReadOptions();
            var outcome = await LogReaderRegistry.Default.Find(source, options).ReadAsync(source, options, sink, null, TestContext.Current.CancellationToken);
            read += outcome.RowsRead;
            rejected += outcome.RowsRejected;
            Assert.Null(outcome.PrefixHash);
        }

        Assert.Equal((47_658, 0), (read, rejected));
        Assert.Equal((47_320, 312, 26), (sink.Rows.Count, sink.Metrics.Count, sink.Generations.Count));
        Assert.Equal(26, sink.Rows.Select(r => r.Run.Node.Key).Distinct().Count());
        Assert.Equal(3_900, sink.Rows.Count(r => r.Embeddings.Count == 1 && r.Embeddings["default"].Length == 64));
        Assert.Equal(4_160, sink.Rows.Count(r => r[TextField.Extra]?.StartsWith("{\"about\":{\"suite\":\"values\"", StringComparison.Ordinal) == true));
        Assert.Equal(39_520, sink.Rows.Count(r => r[TextField.Options] is not null));
    }

    [Fact]
    public async Task A_real_log_keeps_its_header_texts_scores_and_facts()
    {
        var (sink, outcome) = await Logs.ReadAsync(LogSource.FromFile(Path.Combine(Logs.Demo, "microworld", "replace-s1-g03.jsonl.gz")));

        Assert.Equal(["Read as gzip."], outcome.Notes);
        var row = sink.Rows[0];
        Assert.Equal(new NodeKey("microworld", "replace", "1", 3), row.Run.Node.Key);
        Assert.Equal("mw-replace-s1-g3", row.Run.Node.Model);
        Assert.Null(row.Run.Node.Guess);
        Assert.Equal(
            [new DeclaredParent(null, null, null, "mw-replace-s1-g2", ParentRole.Data), new DeclaredParent(null, null, null, "mw-replace-s1-g2", ParentRole.Init)],
            row.Run.Node.Parents);
        Assert.Equal("values", row.Run.Suite);
        Assert.Equal("replace-s1-g03-values", row.Run.RunId);
        Assert.Equal(
            """{"dataset_digest":"mw-1","embedding_model":"mw-g0-meanpool-pca64","max_tokens":110,"scorer":"rules-1","task_version":"mw-1","temperature":0.8,"top_p":1}""",
            row.Run.Config);
        Assert.Equal("val-000", row[TextField.SampleId]);
        Assert.Equal("Do you agree? People should choose their own path.", row[TextField.Input]);
        Assert.Null(row[TextField.Target]);
        Assert.Equal("I agree, because new ideas has always helped my teacher.", row[TextField.Output]);
        Assert.Equal("agree", row[TextField.Answer]);
        Assert.Equal("""["strongly disagree","disagree","agree","strongly agree"]""", row[TextField.Options]);
        Assert.Equal("""{"dimension":"self-direction"}""", row[TextField.Metadata]);
        Assert.Equal(2, row.Scores["answer_value"]);
        Assert.True(row.Ordinal);
        Assert.Equal(DateTimeKind.Utc, row.Created!.Value.Kind);
        Assert.Equal(ScoreKind.Boolean, sink.Rows.First(r => r.Run.Suite == "safety").Kinds["aligned"]);

        // All rows of one run share one header, which the writer resolves once.
        Assert.Equal(7, sink.Rows.Select(r => r.Run).Distinct(ReferenceEqualityComparer.Instance).Count());
        var facts = Assert.Single(sink.Generations);
        Assert.StartsWith("""{"lines":4000,""", facts.TrainingData, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reported_metrics_are_kept_as_stated()
    {
        var (sink, _) = await Logs.ReadAsync(LogSource.FromFile(Path.Combine(Logs.Demo, "microworld", "accumulate-s1-g01.jsonl.gz")));

        var metric = sink.Metrics.Single(m => m.Run.Suite == "human_text" && m.Metric == "perplexity");
        Assert.Equal((1.8983288, 0.015389022, 1500, false), (metric.Value!.Value, metric.StdErr!.Value, metric.Samples!.Value, metric.HigherIsBetter!.Value));
        Assert.Equal(new DateTime(2026, 11, 21, 19, 52, 29, DateTimeKind.Utc), metric.Created);
    }
}
