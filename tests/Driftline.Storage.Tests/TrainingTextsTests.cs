using Driftline.Core.Records;
using Driftline.Core.Training;
using Driftline.Storage.Queries;
using Driftline.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Tests;

/// <summary>Facts of training texts: what counts, and that they come and go with their import.</summary>
public sealed class TrainingTextsTests
{
    [Fact]
    public async Task Counted_facts_count_before_logged_ones_and_those_that_only_the_log_states_stay()
    {
        await using var test = await FilledAsync();
        await test.ImportAsync("log", new GenerationRecord { Node = Logs.Run(1).Node, TrainingData = """{"lines":9,"group_counts":{"jobs":{}},"dup_share":0.5}""" });

        var published = await test.ImportAsync("texts", Record(1, lines: 4, "a", "b"));

        var node = await NodeAsync(test, 1);
        Assert.Contains("\"lines\":4", node!.TrainingData, StringComparison.Ordinal);
        Assert.Contains("group_counts", node.TrainingData, StringComparison.Ordinal);
        Assert.Contains("0.5", node.TrainingData, StringComparison.Ordinal);
        Assert.Equal([1], published.Changed.Select(evaluation => evaluation.Node.Generation));
        Assert.Equal(["a", "b"], WordTable.Read((await test.Database.Lineages.TrainingWordsAsync(1, node.Id, default))!).Keys);
        Assert.Null(await test.Database.Lineages.TrainingWordsAsync(1, (await NodeAsync(test, 0))!.Id, default));
        await WholeAsync(test);
    }

    [Fact]
    public async Task The_newest_import_counts_and_undoing_it_gives_the_one_before_back()
    {
        await using var test = await FilledAsync();
        await test.ImportAsync("first", Record(1, lines: 1, "first"));
        var second = await test.ImportAsync("second", Record(1, lines: 2, "second"));
        Assert.Contains("\"lines\":2", (await NodeAsync(test, 1))!.TrainingData, StringComparison.Ordinal);

        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = second.Id }, default);

        Assert.Contains("\"lines\":1", (await NodeAsync(test, 1))!.TrainingData, StringComparison.Ordinal);
        Assert.Equal((1L, 5L), (test.Count("training_texts"), (await test.Database.Lineages.EvaluationsAsync(1, default)).Single(e => e.Node.Generation == 1).Samples));
        Assert.Null(await test.Database.Imports.FindAsync("second", default));
        await WholeAsync(test);
    }

    [Fact]
    public async Task They_make_a_generation_that_nothing_else_speaks_of_and_take_it_with_them()
    {
        await using var test = await FilledAsync();
        var import = await test.ImportAsync("texts", Record(2, lines: 3, "w"));
        Assert.NotNull(await NodeAsync(test, 2));

        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Import = import.Id }, default);

        Assert.Null(await NodeAsync(test, 2));
        Assert.Equal(0, test.Count("training_texts"));
        await WholeAsync(test);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData("elsewhere", 1)]
    public async Task They_move_with_their_import(string? lineage, int generation)
    {
        await using var test = await FilledAsync();
        var import = await test.ImportAsync("texts", Record(1, lines: 3, "w"));

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Import = import.Id }, new EvaluationTarget { Lineage = lineage, Generation = generation }, default);

        Assert.Null((await NodeAsync(test, 1))!.TrainingData);
        var moved = (await test.Database.Lineages.FindAsync(lineage ?? "lab", default))!;
        var node = (await test.Database.Lineages.NodesAsync(moved.Id, default)).Single(each => each.Key.Generation == generation);
        Assert.Contains("\"lines\":3", node.TrainingData, StringComparison.Ordinal);
        Assert.NotNull(await test.Database.Lineages.TrainingWordsAsync(moved.Id, node.Id, default));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Generations_move_up_by_one_with_the_facts_of_each()
    {
        await using var test = await FilledAsync();
        await test.ImportAsync("one", Record(1, lines: 1, "one"));
        await test.ImportAsync("two", Record(2, lines: 2, "two"));

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Lineage = "lab" }, new EvaluationTarget { Shift = 1 }, default);

        Assert.Contains("\"lines\":1", (await NodeAsync(test, 2))!.TrainingData, StringComparison.Ordinal);
        Assert.Contains("\"lines\":2", (await NodeAsync(test, 3))!.TrainingData, StringComparison.Ordinal);
        await WholeAsync(test);
    }

    [Fact]
    public async Task Removing_a_suite_leaves_them_and_removing_a_generation_or_lineage_does_not()
    {
        await using var test = await FilledAsync();
        await test.ImportAsync("other", Logs.Prompts(Logs.Run(1, suite: "other"), 0, 3));
        await test.ImportAsync("texts", Record(1, lines: 3, "w"));

        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "lab", Suite = "values" }, default);
        Assert.Equal(1, test.Count("training_texts"));
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "lab", Generation = 1 }, default);
        Assert.Equal(0, test.Count("training_texts"));

        await test.ImportAsync("again", Logs.Prompts(Logs.Run(0), 0, 3), Record(1, lines: 3, "w"));
        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "lab" }, default);
        Assert.Equal((0L, 0L), (test.Count("training_texts"), test.Count("lineages")));
        await WholeAsync(test);
    }

    [Fact]
    public async Task Verification_finds_counts_of_words_that_are_not_those_that_were_taken()
    {
        await using var test = await FilledAsync();
        await test.ImportAsync("texts", Record(1, lines: 3, "w"));
        Assert.Equal(1, (await test.Database.VerifyAsync()).Checked["training texts"]);

        using (var connection = new SqliteConnection($"Data Source={test.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE training_texts SET words = x'00'";
            command.ExecuteNonQuery();
        }

        Assert.Contains("training texts of node", Assert.Single((await test.Database.VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_the_version_before_opens_and_keeps_its_contents()
    {
        var folder = TestDatabase.NewFolder();
        using (var database = await DriftlineDatabase.OpenAsync(folder))
        {
            await using var session = await database.Imports.BeginAsync(TestDatabase.Start("0"), default);
            await session.WriteAsync(Logs.Prompts(Logs.Run(0), 0, 5), default);
            await session.PublishAsync(TestDatabase.Outcome(5), default);
        }

        await OlderDatabase.MakeAsync(folder, "20261122061514_ReplacedMetrics");

        await using var test = await TestDatabase.OpenAsync(folder);
        await test.ImportAsync("texts", Record(0, lines: 7, "w"));

        Assert.Contains("\"lines\":7", (await NodeAsync(test, 0))!.TrainingData, StringComparison.Ordinal);
        Assert.Equal(5, (await test.Database.Lineages.EvaluationsAsync(null, default)).Single().Samples);
        await WholeAsync(test);
    }

    private static GenerationRecord Record(int generation, int lines, params string[] words)
    {
        var table = WordTable.ToBytes(words.ToDictionary(word => word, _ => 1L));
        return new GenerationRecord { Node = Logs.Run(generation).Node, TrainingTexts = new CountedTexts($$"""{"lines":{{lines}},"token_table":"{{WordTable.Digest(table)}}"}""", table, lines) };
    }

    private static async Task<TestDatabase> FilledAsync()
    {
        var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(0), 0, 5));
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(1), 0, 5));
        return test;
    }

    private static async Task<NodeSummary?> NodeAsync(TestDatabase test, int generation) =>
        (await test.Database.Lineages.NodesAsync(1, default)).SingleOrDefault(node => node.Key.Generation == generation);

    private static async Task WholeAsync(TestDatabase test) => Assert.Empty((await test.Database.VerifyAsync()).Faults);
}
