using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Core.Records;
using Driftline.Storage.Queries;

namespace Driftline.Storage.Tests;

public sealed class CorrectionStoreTests
{
    [Fact]
    public async Task A_file_moves_to_another_generation_and_its_empty_node_vanishes()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0), 0, 5));
        var wrong = await test.ImportAsync("g7", Logs.Prompts(Logs.Run(7), 0, 5, score: 3));
        var before = await AtAsync(test, "main", 7);

        var selection = new EvaluationSelection { Import = wrong.Id };
        var preview = await test.Database.Corrections.PreviewMoveAsync(selection, new EvaluationTarget { Generation = 1 }, default);
        var done = await test.Database.Corrections.MoveAsync(selection, new EvaluationTarget { Generation = 1 }, default);

        Assert.Equal((1, 5L, 0), (preview.Evaluations, preview.Rows, preview.Merged));
        Assert.Equal([(1, 0, 1), (7, 1, 0)], preview.Nodes.Select(node => (node.Node.Generation, node.EvaluationsBefore, node.EvaluationsAfter)));
        Assert.Equal([("lab", false)], done.Lineages.Select(lineage => (lineage.Name, lineage.Vanished)));
        Assert.Equal([0, 1], (await NodesAsync(test)).Select(node => node.Key.Generation));
        var after = await AtAsync(test, "main", 1);
        Assert.Equal((5L, 5, true), (after.Samples, after.Prompts, after.IsCurrent));
        Assert.NotEqual(before.ContentHash, after.ContentHash);
        await WholeAsync(test);
    }

    [Fact]
    public async Task A_file_moved_by_mistake_and_back_leaves_all_as_it_was()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0), 0, 5));
        var moved = await test.ImportAsync("g1", Logs.Prompts(Logs.Run(1), 0, 5));
        var before = await HashesAsync(test);

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Import = moved.Id }, new EvaluationTarget { Lineage = "elsewhere", Branch = "other", Seed = "4", Generation = 9 }, default);
        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Lineage = "elsewhere" }, new EvaluationTarget { Lineage = "lab", Branch = "main", Seed = "", Generation = 1 }, default);

        Assert.Equal(before, await HashesAsync(test));
        Assert.Equal(["lab"], (await test.Database.Lineages.LineagesAsync(default)).Select(lineage => lineage.Name));
        await WholeAsync(test);
    }

    [Fact]
    public async Task A_log_of_another_model_that_came_to_the_wrong_place_leaves_the_name_there_and_takes_its_own_with_it()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0, model: "base"), 0, 5));
        var strange = await test.ImportAsync("g1", Logs.Prompts(Logs.Run(0, model: "tuned", suite: "safety"), 0, 5));
        Assert.Equal(["tuned"], (await NodesAsync(test)).Select(node => node.Model));

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Import = strange.Id }, new EvaluationTarget { Generation = 1 }, default);
        Assert.Equal(["base", "tuned"], (await NodesAsync(test)).Select(node => node.Model));

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Import = strange.Id }, new EvaluationTarget { Generation = 0 }, default);
        Assert.Equal(["tuned"], (await NodesAsync(test)).Select(node => node.Model));
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = strange.Id }, default);
        Assert.Equal(["base"], (await NodesAsync(test)).Select(node => node.Model));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Generations_that_count_from_1_move_down_by_one_without_meeting()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("all", [.. Enumerable.Range(1, 4).Select(g => (object)Logs.Prompts(Logs.Run(g, run: "r"), 0, 5, score: g))]);
        await test.ImportAsync("metrics", [.. Enumerable.Range(1, 4).Select(g => (object)new MetricRecord { Run = Logs.Run(g, run: "r"), Metric = "loss", Value = g })]);
        var scores = (await EvaluationsAsync(test)).Select(evaluation => evaluation.Scores["quality"].Mean).ToList();

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Lineage = "lab" }, new EvaluationTarget { Shift = -1 }, default);

        var moved = await EvaluationsAsync(test);
        Assert.Equal([0, 1, 2, 3], moved.Select(evaluation => evaluation.Node.Generation));
        Assert.Equal(scores, moved.Select(evaluation => evaluation.Scores["quality"].Mean));
        Assert.Equal([1d, 2d, 3d, 4d], moved.Select(evaluation => evaluation.Reported["loss"].Value));
        Assert.Equal([null, 0, 0, 0], (await NodesAsync(test)).Select(node => node.OriginId is { } id && id != node.Id ? 0 : (int?)null));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Moving_to_another_lineage_takes_prompts_texts_and_suites_along_and_leaves_none_behind()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("a", Logs.Prompts(Logs.Run(0), 0, 5));
        var moved = await test.ImportAsync("b", Logs.Prompts(Logs.Run(1), 3, 5), Logs.Prompts(Logs.Run(1, suite: "bias"), 0, 4));
        await test.ImportAsync("c", Logs.Prompts(Logs.Run(0, lineage: "other"), 100, 2), Logs.Prompts(Logs.Run(0, lineage: "other"), 3, 2));
        var other = await test.Database.Lineages.FindAsync("other", default);

        var done = await test.Database.Corrections.MoveAsync(new EvaluationSelection { Import = moved.Id }, new EvaluationTarget { Lineage = "other" }, default);

        Assert.Equal(["other", "lab"], done.Lineages.Select(lineage => lineage.Name));
        var evaluations = await test.Database.Lineages.EvaluationsAsync(other!.Id, default);
        Assert.Equal([(0, "values", 4L), (1, "bias", 4L), (1, "values", 5L)], evaluations.OrderBy(e => e.Node.Generation).ThenBy(e => e.Suite).Select(e => (e.Node.Generation, e.Suite, e.Samples)));
        Assert.Equal(["bias", "values"], (await test.Database.Lineages.SuitesAsync(other.Id, default)).Select(suite => suite.Definition.Name));
        Assert.Equal(["values"], (await test.Database.Lineages.SuitesAsync(1, default)).Select(suite => suite.Definition.Name));

        // p0 to p4 stay with lab; other has its four and p3 to p7, of which it had two, and the four of the other suite
        Assert.Equal(5, test.Scalar("SELECT count(*) FROM prompts WHERE lineage_id = 1"));
        Assert.Equal(4 + 3 + 4, test.Scalar($"SELECT count(*) FROM prompts WHERE lineage_id = {other.Id}"));
        var table = await test.Database.Evaluations.LoadAsync(other.Id, evaluations.Single(e => e is { Suite: "values", Node.Generation: 1 }).Id, default);
        Assert.Equal(["p3", "p4", "p5", "p6", "p7"], table.Prompts.Select(prompt => prompt.SampleId));
        Assert.Equal([4d, 5d, 6d, 7d, 8d], table.Scores["quality"].Values);
        await WholeAsync(test);
        await test.ImportAsync("d", Logs.Prompts(Logs.Run(2), 3, 5), Logs.Prompts(Logs.Run(2, lineage: "other"), 0, 9));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Removing_an_import_gives_back_what_it_had_replaced()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0, run: "r"), 0, 10, score: 1));
        var before = await HashesAsync(test);
        var second = await test.ImportAsync("again", Logs.Prompts(Logs.Run(0, run: "r"), 5, 10, score: 50, output: "otherwise"));

        var selection = new EvaluationSelection { Import = second.Id };
        var preview = await test.Database.Corrections.PreviewRemovalAsync(selection, default);
        var done = await test.Database.Corrections.RemoveAsync(selection, default);

        Assert.Equal((0, 1, 10L, 0), (preview.Evaluations, preview.Restored, preview.Rows, preview.Nodes));
        Assert.Equal(preview with { Changes = [], VanishingLineages = [] }, done.Summary with { Changes = [], VanishingLineages = [] });
        Assert.Equal(before, await HashesAsync(test));
        Assert.Equal(["g0"], (await test.Database.Imports.ListAsync(0, 9, default)).Select(import => import.Source));
        Assert.Null(await test.Database.Imports.FindAsync("again", default));
        Assert.Equal(10, test.Scalar("SELECT count(*) FROM prompts"));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Removing_an_import_gives_back_the_metrics_that_it_had_replaced()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("first", Logs.Prompts(Logs.Run(0, run: "r"), 0, 5), Metric(Logs.Run(0, run: "r"), 1));
        var before = await HashesAsync(test);
        var second = await test.ImportAsync("second", Metric(Logs.Run(0, run: "r"), 2));
        var third = await test.ImportAsync("third", Metric(Logs.Run(0, run: "r"), 3), Metric(Logs.Run(0, run: "r"), 9, "accuracy"));

        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = second.Id }, default);
        Assert.Equal(3, (await EvaluationsAsync(test))[0].Reported["loss"].Value);
        var done = await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = third.Id }, default);

        Assert.Equal((0, 1, 2), (done.Summary.Evaluations, done.Summary.Restored, done.Summary.Metrics));
        Assert.Equal([("loss", 1d)], (await EvaluationsAsync(test))[0].Reported.Select(metric => (metric.Key, metric.Value.Value ?? -1)));
        Assert.Equal(before, await HashesAsync(test));
        Assert.Equal(["first"], (await test.Database.Imports.ListAsync(0, 9, default)).Select(import => import.Source));
        Assert.Equal(0, test.Count("replaced_metrics"));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Metrics_move_with_what_they_replaced_and_leave_behind_what_another_import_had_stated()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0), 0, 5));
        await test.ImportAsync("first", Metric(Logs.Run(3, run: "r"), 1));
        var second = await test.ImportAsync("second", Metric(Logs.Run(3, run: "r"), 2));

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Import = second.Id }, new EvaluationTarget { Generation = 1 }, default);
        Assert.Equal([(1, 2d), (3, 1d)], await LossesAsync());
        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Lineage = "lab", Generation = 3 }, new EvaluationTarget { Generation = 1 }, default);
        Assert.Equal([(1, 2d)], await LossesAsync());
        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Lineage = "lab", Generation = 1 }, new EvaluationTarget { Lineage = "other" }, default);
        Assert.Equal([(1, 2d)], await LossesAsync());
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = second.Id }, default);

        Assert.Equal([(1, 1d)], await LossesAsync());
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "other" }, default);
        Assert.Equal((0L, 0L), (test.Count("replaced_metrics"), test.Count("reported_metrics")));
        await WholeAsync(test);

        async Task<List<(int, double)>> LossesAsync() => [.. (await test.Database.Lineages.EvaluationsAsync(null, default))
            .Where(evaluation => evaluation.Reported.ContainsKey("loss"))
            .OrderBy(evaluation => evaluation.Node.Generation)
            .Select(evaluation => (evaluation.Node.Generation, evaluation.Reported["loss"].Value ?? -1))];
    }

    [Fact]
    public async Task Removing_a_generation_forgets_its_files_and_what_was_read_on_from_them()
    {
        await using var test = await TestDatabase.OpenAsync();
        await ImportAsync(test, "log.jsonl", continues: null, "first", Logs.Prompts(Logs.Run(1), 0, 5));
        await ImportAsync(test, "log.jsonl", continues: 1, "second", Logs.Prompts(Logs.Run(2), 0, 5));
        Assert.NotEmpty(await test.Database.Imports.PrefixesAsync("log.jsonl", default));

        var done = await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "lab", Generation = 1 }, default);

        Assert.Equal((1, 1, 1), (done.Summary.Imports, done.Summary.Evaluations, done.Summary.Nodes));
        Assert.Empty(await test.Database.Imports.PrefixesAsync("log.jsonl", default));
        Assert.Null(await test.Database.Imports.FindAsync("second", default));
        Assert.Equal([2], (await NodesAsync(test)).Select(node => node.Key.Generation));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Removing_the_last_of_a_lineage_removes_all_that_it_had()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("keep", Logs.Prompts(Logs.Run(0, lineage: "kept"), 0, 2));
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0), 0, 500, output: new string('x', 500)));
        var lab = (await test.Database.Lineages.FindAsync("lab", default))!;
        var evaluation = (await test.Database.Lineages.EvaluationsAsync(lab.Id, default))[0];
        await test.Database.Measurements.SaveAsync(
            lab.Id, [new MeasureRun(new MeasureRunKey(evaluation.NodeId, evaluation.SuiteId, "mean_score", Baseline.None), "h", 1, null, [])], default);

        var done = await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "lab" }, default);

        Assert.Equal(["lab"], done.Summary.VanishingLineages);
        Assert.True(done.BytesFreed > 50_000, $"only {done.BytesFreed} bytes freed");
        Assert.Equal(["kept"], (await test.Database.Lineages.LineagesAsync(default)).Select(lineage => lineage.Name));
        Assert.Equal((2L, 0L, 1L), (test.Count("prompts"), test.Count("measure_runs"), test.Count("imports")));
        await WholeAsync(test);
    }

    [Fact]
    public async Task A_move_that_would_mix_generations_or_go_nowhere_is_refused()
    {
        await using var test = await TestDatabase.OpenAsync();
        var both = await test.ImportAsync("both", Logs.Prompts(Logs.Run(0), 0, 5), Logs.Prompts(Logs.Run(1), 0, 5));
        var selection = new EvaluationSelection { Import = both.Id };

        Assert.Contains("0, 1 would all become generation 4", await RefusalAsync(selection, new EvaluationTarget { Generation = 4 }), StringComparison.Ordinal);
        Assert.Contains("none below 0", await RefusalAsync(selection, new EvaluationTarget { Shift = -1 }), StringComparison.Ordinal);
        Assert.Contains("there already", await RefusalAsync(selection, new EvaluationTarget { Branch = "main" }), StringComparison.Ordinal);
        Assert.Contains("where to", await RefusalAsync(selection, new EvaluationTarget()), StringComparison.Ordinal);
        Assert.Contains("no import 99", await RefusalAsync(new EvaluationSelection { Import = 99 }, new EvaluationTarget { Branch = "b" }), StringComparison.Ordinal);

        async Task<string> RefusalAsync(EvaluationSelection what, EvaluationTarget target) =>
            (await Assert.ThrowsAsync<CorrectionException>(() => test.Database.Corrections.MoveAsync(what, target, default))).Message;
    }

    private static MetricRecord Metric(RunHeader run, double value, string name = "loss") => new() { Run = run, Metric = name, Value = value };

    private static async Task ImportAsync(TestDatabase test, string source, long? continues, string key, SampleBatch batch)
    {
        await using var session = await test.Database.Imports.BeginAsync(TestDatabase.Start(source, key) with { Continues = continues }, default);
        await session.WriteAsync(batch, default);
        await session.PublishAsync(TestDatabase.Outcome() with { BytesConsumed = 10, PrefixHash = key }, default);
    }

    private static Task<IReadOnlyList<NodeSummary>> NodesAsync(TestDatabase test) => test.Database.Lineages.NodesAsync(1, default);

    private static Task<IReadOnlyList<EvaluationSummary>> EvaluationsAsync(TestDatabase test) => test.Database.Lineages.EvaluationsAsync(1, default);

    private static async Task<EvaluationSummary> AtAsync(TestDatabase test, string branch, int generation) =>
        (await EvaluationsAsync(test)).Single(evaluation => evaluation.Node == new NodeKey("lab", branch, null, generation));

    private static async Task<List<string>> HashesAsync(TestDatabase test) => [.. (await EvaluationsAsync(test)).Select(evaluation => evaluation.ContentHash)];

    private static async Task WholeAsync(TestDatabase test) => Assert.Empty((await test.Database.VerifyAsync()).Faults);
}
