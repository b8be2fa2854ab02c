using System.Text.Json;
using Driftline.Core.Records;

namespace Driftline.Ingest.Tests.LmEval;

/// <summary>Every fact of every real file.</summary>
public sealed class HarnessFactsTests
{
    public static TheoryData<string> Results { get; } = [.. Files("tasks")];

    public static TheoryData<string> Checkpoints { get; } = [.. RealLogs.Pythia.Files];

    public static TheoryData<string> Samples { get; } = [.. Files("rows")];

    [Fact]
    public void Every_file_has_its_facts() => Assert.Equal(
        Directory.GetFiles(RealLogs.LmEval.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(RealLogs.LmEval.Folder, f))
            .Except(["facts.json", "README.md"]).Order(StringComparer.Ordinal),
        Files("tasks").Concat(Files("rows")).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Real_results_hold_what_is_known_of_them(string file)
    {
        var facts = RealLogs.LmEval.Facts.GetProperty(file);
        Assert.Equal("lm_eval", LogReaderRegistry.Default.Find(RealLogs.LmEval.Source(file), RealLogs.Placed).Format);

        var (sink, outcome) = await RealLogs.LmEval.ReadAsync(file);

        Assert.Empty(sink.Rows);
        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal(sink.Metrics.Count, outcome.RowsRead);
        var tasks = sink.Metrics.GroupBy(m => m.Run.Suite).ToDictionary(g => g.Key, g => g.ToDictionary(m => m.Metric, m => m.Value));
        Assert.Equal(facts.GetProperty("tasks").GetInt32(), tasks.Count);
        foreach (var task in facts.GetProperty("first_tasks").EnumerateObject())
        {
            // A number of samples is none of the metrics; it stands beside them.
            var length = task.Value.TryGetProperty("sample_len", out var stated) ? stated.GetInt32() : (int?)null;
            Assert.Equal(
                task.Value.EnumerateObject().Where(m => m.Name != "sample_len").ToDictionary(m => m.Name, m => (double?)m.Value.GetDouble()), tasks[task.Name]);
            Assert.All(sink.Metrics.Where(m => length is not null && m.Run.Suite == task.Name), m => Assert.Equal(length, m.Samples));
        }

        Assert.Equal(
            facts.GetProperty("groups").EnumerateArray().Select(g => g.GetString()),
            tasks.Keys.Where(t => outcome.Notes.Any(n => n.StartsWith($"{t} is a group:", StringComparison.Ordinal))).Order(StringComparer.Ordinal));
        Assert.All(sink.Metrics, m =>
        {
            var config = JsonDocument.Parse(m.Run.Config!).RootElement;
            var arguments = config.GetProperty("model_args").ToString();
            Assert.Contains(facts.GetProperty("model").GetString(), new[] { m.Run.Node.Model, arguments });
            Assert.DoesNotContain('=', m.Run.Node.Model);
            Assert.Equal(Number(facts, "limit"), Number(config, "limit"));
            Assert.Equal(facts.GetProperty("lm_eval_version").GetString(), config.TryGetProperty("lm_eval_version", out var version) ? version.GetString() : null);
            Assert.NotEqual("", m.Run.RunId);
            Assert.Equal(file.StartsWith("v0.3", StringComparison.Ordinal), m.Created is null);
        });
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public async Task Real_results_of_checkpoints_hold_what_is_known_of_them_and_their_steps_are_no_generations(string file)
    {
        var facts = RealLogs.Pythia.Facts.GetProperty(file);
        var nowhere = await Assert.ThrowsAsync<LogRejectedException>(() => RealLogs.Pythia.ReadAsync(file, new ReadOptions { Overrides = new NodeOverrides { Lineage = "l" } }));
        Assert.Contains($"step{facts.GetProperty("step").GetInt32()} counts training inside a generation", nowhere.Message, StringComparison.Ordinal);

        var (sink, outcome) = await RealLogs.Pythia.ReadAsync(file);

        Assert.Equal(0, outcome.RowsRejected);
        Assert.Equal(facts.GetProperty("tasks").GetInt32(), sink.Metrics.Select(m => m.Run.Suite).Distinct().Count());
        foreach (var (fact, task, metric) in new[] { ("lambada_acc", "lambada_openai", "acc"), ("crows_pairs_english_pct_stereotype", "crows_pairs_english", "pct_stereotype"), ("piqa_acc", "piqa", "acc") })
        {
            Assert.Equal(facts.GetProperty(fact).GetDouble(), Assert.Single(sink.Metrics, m => m.Run.Suite == task && m.Metric == metric).Value);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Real_samples_hold_what_is_known_of_them(string file)
    {
        var facts = RealLogs.LmEval.Facts.GetProperty(file);
        Assert.Equal("lm_eval", LogReaderRegistry.Default.Find(RealLogs.LmEval.Source(file), RealLogs.Placed).Format);
        Assert.Equal(facts.GetProperty("container").GetString() == "JSON array", RealLogs.LmEval.Text(file).StartsWith('['));

        var (sink, outcome) = await RealLogs.LmEval.ReadAsync(file);

        Assert.Equal((facts.GetProperty("rows").GetInt32(), 0L), ((int)outcome.RowsRead, outcome.RowsRejected));
        Assert.Equal(facts.GetProperty("rows").GetInt32(), sink.Rows.Count);
        Assert.Equal(facts.GetProperty("doc_ids").GetInt32(), sink.Rows.Select(r => r[TextField.SampleId]).Distinct().Count());
        Assert.Equal(
            facts.GetProperty("filters").EnumerateArray().Select(f => f.GetString()!.ToLowerInvariant()),
            sink.Rows.Select(r => Metadata(r).TryGetProperty("filter", out var filter) ? filter.GetString()! : "none").Distinct());
        Assert.Equal(
            facts.GetProperty("means").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetDouble()),
            sink.Rows.SelectMany(r => r.Scores).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => Math.Round(g.Average(s => s.Value), 6)));
        Assert.All(sink.Rows, r =>
        {
            Assert.False(string.IsNullOrEmpty(r[TextField.Input]));
            Assert.NotNull(r[TextField.Target]);
            Assert.Same(sink.Rows[0].Run, r.Run);
        });
    }

    [Theory]
    [InlineData("eee_fixture/results_2026-01-21T03-44-18.458309.json", "eee_fixture/samples_math_perturbed_full_2026-01-21T03-44-18.458309.jsonl", "math_perturbed_full")]
    [InlineData("v0.4.0_wmdp/results.json", "v0.4.0_wmdp/model__gpt-3.5-turbo-0125_wmdp_chem.jsonl", "wmdp_chem")]
    [InlineData("v0.4.3_asdiv/meta-llama__Meta-Llama-3-8B-Instruct/results_2024-08-21T03-44-09.494230.json", "v0.4.3_asdiv/meta-llama__Meta-Llama-3-8B-Instruct/samples_asdiv_2024-08-21T03-44-09.494230.jsonl", "asdiv")]
    [InlineData("v0.4.8_truthfulqa/truthfulqa_gen_neo125_2025-05-31T14-30-51.983293.json", "v0.4.8_truthfulqa/samples_truthfulqa_gen_2025-05-31T14-30-51.983293.jsonl", "truthfulqa_gen")]
    [InlineData("v0.4.x_2026/Qwen__Qwen3-8B/results_2026-07-08T18-15-33.115417.json", "v0.4.x_2026/Qwen__Qwen3-8B/samples_negotiationtom_belief_2026-07-08T18-15-33.115417.jsonl", "negotiationtom_belief")]
    public async Task Results_and_samples_of_a_run_have_the_same_header(string results, string samples, string task)
    {
        var (reported, _) = await RealLogs.LmEval.ReadAsync(results);
        var (rows, outcome) = await RealLogs.LmEval.ReadAsync(samples);

        var metric = reported.Metrics.First(m => m.Run.Suite == task);
        var header = rows.Rows[0].Run;
        Assert.Equal(
            (metric.Run.Suite, metric.Run.RunId, metric.Run.Config, metric.Run.Node.Model, metric.Run.Node.Key), (header.Suite, header.RunId, header.Config, header.Node.Model, header.Node.Key));
        Assert.Equal(metric.Created, rows.Rows[0].Created);
        Assert.Contains(outcome.Notes, n => n.Contains($"{Path.GetFileName(results)} beside the samples", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_checkpoints_of_a_training_run_are_not_taken_for_generations()
    {
        foreach (var file in Files("tasks").Where(f => f.Contains("epoch_", StringComparison.Ordinal)))
        {
            var thrown = await Assert.ThrowsAsync<LogRejectedException>(() => RealLogs.LmEval.ReadAsync(file, new ReadOptions { Overrides = new NodeOverrides { Lineage = "l" } }));
            Assert.StartsWith(file, thrown.Message, StringComparison.Ordinal);
            Assert.Contains("--generation", thrown.Message, StringComparison.Ordinal);
            Assert.Contains("--metadata", thrown.Message, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Files(string key) => RealLogs.LmEval.Facts.EnumerateObject().Where(f => f.Value.TryGetProperty(key, out _)).Select(f => f.Name);

    private static JsonElement Metadata(CollectedRow row) => JsonDocument.Parse(row[TextField.Metadata]!).RootElement;

    private static double? Number(JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
