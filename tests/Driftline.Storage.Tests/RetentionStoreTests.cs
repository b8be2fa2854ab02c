using Driftline.Core.Records;

namespace Driftline.Storage.Tests;

/// <summary>What is removed, and what never is.</summary>
public sealed class RetentionStoreTests
{
    private static readonly Retention Nothing = new() { SupersededDays = 0, ReportDays = 0 };

    private static DateTime Later => DateTime.UtcNow.AddDays(40);

    [Fact]
    public async Task A_superseded_evaluation_goes_with_its_rows_and_the_current_one_stays()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("old", Logs.Prompts(Logs.Run(0, run: "a"), 0, 50));
        await test.ImportAsync("new", Logs.Prompts(Logs.Run(0, run: "b"), 0, 40));
        var current = Assert.Single(await test.Database.Lineages.EvaluationsAsync(1, default), evaluation => evaluation.IsCurrent);
        var before = await TableAsync(test, current.Id);

        var preview = await test.Database.Retention.PreviewAsync(Nothing, Later, default);
        var removed = await test.Database.Retention.ApplyAsync(Nothing, Later, default);

        Assert.Equal((1, current.Samples == 40 ? 50 : 40), (preview.Evaluations, preview.Rows));
        Assert.True(preview.Bytes > 100);
        Assert.Equal(preview, removed);
        Assert.Equal(current.Id, Assert.Single(await test.Database.Lineages.EvaluationsAsync(1, default)).Id);
        Assert.Equal(before, await TableAsync(test, current.Id));
        Assert.Equal(current.Samples, test.Scalar("SELECT sum(rows) FROM word_blocks"));
        Assert.Equal(0, test.Scalar("SELECT count(*) FROM part_columns WHERE part_id NOT IN (SELECT id FROM parts)"));
        Assert.Equal(0, test.Scalar("PRAGMA freelist_count"));
        Assert.Equal(0, (await test.Database.Retention.ApplyAsync(Nothing, Later, default)).Evaluations);
    }

    [Fact]
    public async Task What_is_young_enough_stays_and_so_does_all_without_a_retention()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("old", Logs.Prompts(Logs.Run(0, run: "a"), 0, 5));
        await test.ImportAsync("new", Logs.Prompts(Logs.Run(0, run: "b"), 0, 5));

        await test.Database.Retention.ApplyAsync(new Retention { SupersededDays = 90 }, Later, default);
        await test.Database.Retention.ApplyAsync(new Retention(), Later, default);

        Assert.Equal(2, (await test.Database.Lineages.EvaluationsAsync(1, default)).Count);
    }

    [Fact]
    public async Task A_file_whose_rows_were_removed_is_read_again_and_one_whose_rows_stay_is_not()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("old", Logs.Prompts(Logs.Run(0, run: "a"), 0, 5));
        await test.ImportAsync("new", Logs.Prompts(Logs.Run(0, run: "b"), 0, 5));

        await test.Database.Retention.ApplyAsync(Nothing, Later, default);

        var known = 0;
        foreach (var key in new[] { "old", "new" })
        {
            known += await test.Database.Imports.FindAsync(key, default) is null ? 0 : 1;
        }

        Assert.Equal(1, known);
    }

    [Fact]
    public async Task Old_reports_lose_their_rejected_rows_and_rejected_files_go_whole()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("log", Logs.Prompts(Logs.Run(0), 0, 5));
        await test.Database.Imports.RecordRejectedAsync(TestDatabase.Start("broken"), "it is no log", [new RowError(3, 1, "no JSON", "{")], default);

        await test.Database.Retention.ApplyAsync(new Retention { ReportDays = 60 }, Later, default);
        Assert.Equal(2, (await test.Database.Imports.ListAsync(0, 10, default)).Count);
        var removed = await test.Database.Retention.ApplyAsync(new Retention { ReportDays = 30 }, Later, default);

        Assert.Equal((1, 1), (removed.Reports, removed.RejectedRows));
        Assert.Equal("log", Assert.Single(await test.Database.Imports.ListAsync(0, 10, default)).Source);
        Assert.Equal(0, test.Count("import_errors"));
    }

    private static async Task<string> TableAsync(TestDatabase test, long evaluation)
    {
        var table = await test.Database.Evaluations.LoadAsync(1, evaluation, default);
        return $"{table.Rows} {table.ContentHash} {string.Join('|', table.Outputs())}";
    }
}
