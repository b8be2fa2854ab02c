using Driftline.Core.Records;

namespace Driftline.Storage.Tests;

public sealed class ImportSessionTests
{
    private static readonly string[] Tables =
        ["lineages", "nodes", "suites", "prompts", "texts", "evaluations", "parts", "part_columns", "samples", "imports", "import_lineages", "suite_metadata"];

    [Fact]
    public async Task What_is_published_is_read_back()
    {
        await using var test = await TestDatabase.OpenAsync();

        var published = await test.ImportAsync("a.jsonl", Logs.Prompts(Logs.Run(), 0, 3));

        Assert.Equal(3, published.RowsWritten);
        Assert.Equal(0, published.RowsReplaced);
        var changed = Assert.Single(published.Changed);
        var lineage = Assert.Single(await test.Database.Lineages.LineagesAsync(default));
        Assert.Equal("lab", lineage.Name);
        Assert.Equal(3, lineage.Samples);
        var evaluation = Assert.Single(await test.Database.Lineages.EvaluationsAsync(lineage.Id, default));
        Assert.True(evaluation.IsCurrent);
        Assert.Equal(changed.NodeId, evaluation.NodeId);
        Assert.Equal(2, evaluation.Scores["quality"].Mean);
        Assert.Equal(["a.jsonl"], evaluation.Sources);
        var table = await test.Database.Evaluations.LoadAsync(lineage.Id, evaluation.Id, default);
        Assert.Equal(["p0", "p1", "p2"], table.Prompts.Select(p => p.SampleId));
        Assert.Equal([0, 1, 2, 3], table.RowStart);
        Assert.Equal([1, 2, 3], table.Scores["quality"].Values);
        Assert.Equal(["yes", "no"], table.AnswerLabels);
        Assert.Equal([0, 1, 0], table.Answers);
        Assert.Equal(["said 0", "said 1", "said 2"], table.Outputs());
        Assert.Equal("d1", table.Metadata[1]["dimension"]);
        Assert.Equal(EvaluationStatus.Success, table.Status);
        Assert.Equal(evaluation.ContentHash, table.ContentHash);
        Assert.Equal("dimension", Assert.Single(await test.Database.Lineages.SuitesAsync(lineage.Id, default)).Definition.DimensionKey);
    }

    [Fact]
    public async Task Before_publication_nothing_is_visible_and_abandoning_leaves_nothing()
    {
        await using var test = await TestDatabase.OpenAsync();
        await using (var session = await test.Database.Imports.BeginAsync(TestDatabase.Start(), default))
        {
            await WriteUntilOnDisk(test, session);

            Assert.Empty(await test.Database.Lineages.LineagesAsync(default));
            Assert.Null(await test.Database.Lineages.FindAsync("lab", default));
            Assert.Empty(await test.Database.Lineages.EvaluationsAsync(null, default));
            Assert.Empty(await test.Database.Imports.ListAsync(0, 10, default));
            Assert.Null(await test.Database.Imports.FindAsync("log.jsonl", default));
        }

        Assert.All(Tables, table => Assert.Equal(0, test.Count(table)));
        Assert.Equal(0, test.Scalar("PRAGMA freelist_count"));
    }

    [Fact]
    public async Task Abandoning_a_second_import_leaves_the_first_as_it_was()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("a.jsonl", Logs.Prompts(Logs.Run(), 0, 10));
        var before = Tables.Select(test.Count).ToList();
        var evaluation = Assert.Single(await test.Database.Lineages.EvaluationsAsync(null, default));

        await using (var session = await test.Database.Imports.BeginAsync(TestDatabase.Start("b.jsonl"), default))
        {
            await session.WriteAsync(Logs.Prompts(Logs.Run(), 5, 20, score: 50), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(1, "another"), 0, 5), default);
        }

        Assert.Equal(before, Tables.Select(test.Count));
        Assert.Equal(evaluation.ContentHash, Assert.Single(await test.Database.Lineages.EvaluationsAsync(null, default)).ContentHash);

        // numbers that the abandoned import took are free again and used rightly
        var published = await test.ImportAsync("c.jsonl", Logs.Prompts(Logs.Run(), 5, 20, score: 50));
        Assert.Equal(5, published.RowsReplaced);
        Assert.Equal(25, test.Count("prompts"));
    }

    [Fact]
    public async Task A_process_that_dies_leaves_nothing_that_the_next_start_does_not_sweep()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("a.jsonl", Logs.Prompts(Logs.Run(), 0, 10));
        var before = Tables.Select(test.Count).ToList();
        await using var session = await test.Database.Imports.BeginAsync(TestDatabase.Start("b.jsonl"), default);
        await WriteUntilOnDisk(test, session, run: Logs.Run(2, "late"));

        // what a machine would find after the process was killed: the files as they are now
        var folder = TestDatabase.NewFolder();
        foreach (var file in new[] { "driftline.db", "driftline.db-wal" })
        {
            File.Copy(Path.Combine(test.Folder, file), Path.Combine(folder, file));
        }

        await using var restarted = await TestDatabase.OpenAsync(folder);
        Assert.Equal(before, Tables.Select(restarted.Count));
        Assert.Equal(10, Assert.Single(await restarted.Database.Lineages.LineagesAsync(default)).Samples);

        // and the retry completes it
        var published = await restarted.ImportAsync("b.jsonl", Logs.Prompts(Logs.Run(2, "late"), 0, 10));
        Assert.Equal(10, published.RowsWritten);
        Assert.Equal(20, (await restarted.Database.Lineages.FindAsync("lab", default))!.Samples);
    }

    [Fact]
    public async Task Many_rows_lie_in_parts_and_come_back_in_order()
    {
        await using var test = await TestDatabase.OpenAsync();
        const int Rows = 70_000;
        var batches = Enumerable.Range(0, Rows / 1000).Select(i => (object)Logs.Prompts(Logs.Run(), i * 1000, 1000)).ToArray();

        await test.ImportAsync("big.jsonl", batches);

        Assert.Equal(2, test.Count("parts"));
        Assert.True(test.Scalar("SELECT max(rows) FROM parts") <= 65_536);
        var evaluation = Assert.Single(await test.Database.Lineages.EvaluationsAsync(null, default));
        Assert.Equal(Rows, evaluation.Samples);
        Assert.Equal(Rows, evaluation.Prompts);
        var table = await test.Database.Evaluations.LoadAsync(1, evaluation.Id, default);
        Assert.Equal(table.Prompts.Select(p => p.SampleId).Order(StringComparer.Ordinal), table.Prompts.Select(p => p.SampleId));
        var last = table.Prompts.Index().Single(p => p.Item.SampleId == "p69999").Index;
        Assert.Equal(70_000, table.Scores["quality"].Values[last]);
        Assert.Equal("said 69999", table.Outputs()[last]);
    }

    [Fact]
    public async Task Imports_follow_one_another()
    {
        await using var test = await TestDatabase.OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(g => Task.Run(() => test.ImportAsync($"g{g}.jsonl", Logs.Prompts(Logs.Run(g), 0, 100)))));

        var lineage = Assert.Single(await test.Database.Lineages.LineagesAsync(default));
        Assert.Equal(8, lineage.Generations);
        Assert.Equal(800, lineage.Samples);
        Assert.Equal(100, test.Count("prompts"));
    }

    [Fact]
    public async Task Readers_are_never_locked_out_by_an_import()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("a.jsonl", Logs.Prompts(Logs.Run(), 0, 100));
        using var done = new CancellationTokenSource();
        var reads = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var evaluations = await test.Database.Lineages.EvaluationsAsync(null, default);
                var first = evaluations.First(e => e.Node.Generation == 0);
                Assert.Equal(100, (await test.Database.Evaluations.LoadAsync(1, first.Id, default)).Rows);
                Interlocked.Increment(ref reads);
            }
        })).ToList();

        for (var g = 1; g < 6; g++)
        {
            await test.ImportAsync($"g{g}.jsonl", [.. Enumerable.Range(0, 5).Select(i => (object)Logs.Prompts(Logs.Run(g), i * 1000, 1000))]);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(reads > 0);
    }

    [Fact]
    public async Task Writing_after_publication_is_refused()
    {
        await using var test = await TestDatabase.OpenAsync();
        await using var session = await test.Database.Imports.BeginAsync(TestDatabase.Start(), default);
        await session.PublishAsync(TestDatabase.Outcome(), default);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await session.WriteAsync(Logs.Prompts(Logs.Run(), 0, 1), default));
    }

    [Fact]
    public async Task Hostile_names_and_texts_are_only_text()
    {
        await using var test = await TestDatabase.OpenAsync();
        var run = Logs.Run(lineage: "__proto__'; DROP TABLE nodes; --", suite: "<script>alert(1)</script>");
        var batch = Logs.Batch(run, (b, row) =>
        {
            b.Text(row, TextField.SampleId, "../../etc/\u0001");
            b.Text(row, TextField.Input, "");
            b.Text(row, TextField.Output, "nul\0inside \uFFFD");
            b.SetScore(row, "constructor", 1, ScoreKind.Number);
        });

        await test.ImportAsync("x", batch);

        var evaluation = Assert.Single(await test.Database.Lineages.EvaluationsAsync(null, default));
        var table = await test.Database.Evaluations.LoadAsync(1, evaluation.Id, default);
        Assert.Equal("__proto__'; DROP TABLE nodes; --", table.Node.Lineage);
        Assert.Equal("../../etc/\u0001", table.Prompts[0].SampleId);
        Assert.Equal("nul\0inside \uFFFD", table.Outputs()[0]);
        Assert.Equal(1, table.Scores["constructor"].Values[0]);
    }

    /// <summary>Writes until some of it is committed, a part of columns included.</summary>
    private static async Task WriteUntilOnDisk(TestDatabase test, Core.Imports.IImportSession session, RunHeader? run = null)
    {
        for (var i = 0; test.Scalar("SELECT count(*) FROM parts p JOIN imports i ON i.id = p.import_id WHERE i.status = 'writing'") == 0; i++)
        {
            await session.WriteAsync(Logs.Prompts(run ?? Logs.Run(), i * 4096, 4096), default);
        }
    }
}
