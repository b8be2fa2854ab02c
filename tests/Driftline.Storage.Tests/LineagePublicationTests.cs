using Driftline.Core.Imports;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Core.Suites;
using Driftline.Storage.Queries;

namespace Driftline.Storage.Tests;

public sealed class LineagePublicationTests
{
    [Fact]
    public async Task Generations_in_any_order_end_in_the_same_lineage()
    {
        await using var inOrder = await TestDatabase.OpenAsync();
        await ImportAsync(inOrder, [0, 1, 2, 3, 4, 5, 6]);
        await using var shuffled = await TestDatabase.OpenAsync();
        await ImportAsync(shuffled, [5, 3, 6, 1, 0, 4, 2]);

        Assert.Equal(await DescribeAsync(inOrder), await DescribeAsync(shuffled));
    }

    [Fact]
    public async Task An_origin_that_comes_last_takes_its_children()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g1", Logs.Prompts(Logs.Run(1, branch: "replace", seed: "1", parentModel: "root"), 0, 1));
        var orphan = Assert.Single(await test.Database.Lineages.NodesAsync(1, default));
        Assert.Empty(orphan.Parents);
        Assert.Null(orphan.OriginId);

        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0, model: "root"), 0, 1));

        var nodes = await test.Database.Lineages.NodesAsync(1, default);
        var root = nodes.Single(n => n.Model == "root");
        var child = nodes.Single(n => n.Id == orphan.Id);
        Assert.Equal([new NodeParent(root.Id, ParentRole.Data, null), new NodeParent(root.Id, ParentRole.Init, null)], child.Parents);
        Assert.Equal(root.Id, child.OriginId);
        Assert.Equal(root.Id, root.OriginId);
        Assert.Equal([child.Id], root.Children);
    }

    [Fact]
    public async Task Facts_of_a_node_are_kept_and_what_is_not_said_stays()
    {
        await using var test = await TestDatabase.OpenAsync();
        var node = Logs.Run(2).Node;
        var created = new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        await test.ImportAsync("a", new GenerationRecord { Node = node, Step = 10, TrainingData = """{"lines":4000}""", Created = created });

        var published = await test.ImportAsync("b", new GenerationRecord { Node = node, Recipe = """{"lr":0.1}""" });

        Assert.Equal(1, published.RowsWritten);
        var stored = Assert.Single(await test.Database.Lineages.NodesAsync(1, default));
        Assert.Equal("""{"lines":4000}""", stored.TrainingData);
        Assert.Equal("""{"lr":0.1}""", stored.Recipe);
        Assert.Equal(created, stored.Created);
        Assert.Equal(DateTimeKind.Utc, stored.Created!.Value.Kind);
    }

    [Fact]
    public async Task A_guessed_generation_is_a_guess_until_a_log_states_it()
    {
        await using var test = await TestDatabase.OpenAsync();
        var run = Logs.Run(3);
        await test.ImportAsync("guess", Logs.Prompts(run with { Node = run.Node with { Guess = "folder name gen_3" } }, 0, 1));
        Assert.Equal("folder name gen_3", Assert.Single(await test.Database.Lineages.NodesAsync(1, default)).Guess);

        await test.ImportAsync("stated", Logs.Prompts(run, 0, 1));

        Assert.Null(Assert.Single(await test.Database.Lineages.NodesAsync(1, default)).Guess);
    }

    [Fact]
    public async Task A_log_that_does_not_name_its_model_leaves_the_name_that_is_known()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("unnamed", Logs.Prompts(Logs.Run(1, model: NodeHeader.UnknownModel), 0, 1));
        Assert.Equal(NodeHeader.UnknownModel, Assert.Single(await test.Database.Lineages.NodesAsync(1, default)).Model);

        var named = await test.ImportAsync("named", Logs.Prompts(Logs.Run(1, model: "m1", suite: "other"), 0, 1));
        var again = await test.ImportAsync("unnamed too", Logs.Prompts(Logs.Run(1, model: NodeHeader.UnknownModel, suite: "third"), 0, 1));

        Assert.Equal("m1", Assert.Single(await test.Database.Lineages.NodesAsync(1, default)).Model);
        Assert.Equal("third", Assert.Single(again.Changed).Suite);
        Assert.Empty(await NotesAsync(test, named));
        Assert.Empty(await NotesAsync(test, again));
    }

    [Fact]
    public async Task Two_names_of_one_model_are_said_in_the_report()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("first", Logs.Prompts(Logs.Run(1, model: "lab/m1"), 0, 1));

        var second = await test.ImportAsync("second", Logs.Prompts(Logs.Run(1, model: "hf/m1", suite: "other"), 0, 1));
        var inOne = await test.ImportAsync("both", Logs.Prompts(Logs.Run(2, model: "a"), 0, 1), Logs.Prompts(Logs.Run(2, model: "b", suite: "other"), 0, 1));

        var note = Assert.Single(await NotesAsync(test, second));
        Assert.Contains("main generation 1 was called \"lab/m1\" and is called \"hf/m1\"", note, StringComparison.Ordinal);
        Assert.Contains("main generation 2 was called \"a\" and is called \"b\"", Assert.Single(await NotesAsync(test, inOne)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_means_the_same_keeps_its_version()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0), 0, 30));
        var before = await SuiteAsync(test);

        await test.ImportAsync("g1", Logs.Prompts(Logs.Run(1), 0, 30));

        Assert.Equal(before.Definition.Version, (await SuiteAsync(test)).Definition.Version);
    }

    [Fact]
    public async Task A_mapping_beats_inference_now_and_later()
    {
        await using var test = await TestDatabase.OpenAsync();
        await using (var session = await test.Database.Imports.BeginAsync(TestDatabase.Start("g0"), default))
        {
            await session.WriteAsync(Logs.Prompts(Logs.Run(0), 0, 5), default);
            await session.PublishAsync(TestDatabase.Outcome() with { SuiteDefinitions = new Dictionary<string, string> { ["values"] = """{"family":"bias","worse":"higher"}""" } }, default);
        }

        await test.ImportAsync("g1", Logs.Prompts(Logs.Run(1), 0, 5));

        var definition = (await SuiteAsync(test)).Definition;
        Assert.Equal(SuiteFamily.Bias, definition.Family);
        Assert.Equal(WorseDirection.Higher, definition.Worse);
    }

    [Fact]
    public async Task What_a_person_sets_stays()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("g0", Logs.Prompts(Logs.Run(0), 0, 5));
        var inferred = (await SuiteAsync(test)).Definition;

        await test.Database.Suites.SaveAsync(1, new Dictionary<string, string?> { ["values"] = """{"dimension_key":null,"worse":"lower"}""" }, default);
        await test.ImportAsync("g1", Logs.Prompts(Logs.Run(1), 0, 5));

        var definition = (await SuiteAsync(test)).Definition;
        Assert.Null(definition.DimensionKey);
        Assert.Equal(inferred.Version + 1, definition.Version);
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Database.Suites.SaveAsync(1, new Dictionary<string, string?> { ["none"] = null }, default));
    }

    [Fact]
    public async Task An_import_can_bring_several_lineages()
    {
        await using var test = await TestDatabase.OpenAsync();

        var published = await test.ImportAsync("both", Logs.Prompts(Logs.Run(lineage: "b"), 0, 2), Logs.Prompts(Logs.Run(lineage: "a"), 0, 3));

        Assert.Equal(["a", "b"], (await test.Database.Lineages.LineagesAsync(default)).Select(l => l.Name));
        Assert.Equal(["a", "b"], (await test.Database.Imports.GetAsync(published.Id, default))!.Lineages);
        Assert.Equal(3, (await test.Database.Lineages.FindAsync("a", default))!.Samples);
        Assert.Equal(2, published.Changed.Count);
    }

    private static async Task<IReadOnlyList<string>> NotesAsync(TestDatabase test, PublishedImport import) =>
        (await test.Database.Imports.GetAsync(import.Id, default))!.Notes;

    private static async Task<SuiteSummary> SuiteAsync(TestDatabase test) => Assert.Single(await test.Database.Lineages.SuitesAsync(1, default));

    private static async Task ImportAsync(TestDatabase test, int[] order)
    {
        // 0: the root; 1 to 3: replace seed 1; 4 and 5: replace seed 2 by the default rule; 6: another suite of the root
        Func<object[]>[] files =
        [
            () => [Logs.Prompts(Logs.Run(0, model: "root"), 0, 40)],
            () => [Logs.Prompts(Logs.Run(1, branch: "replace", seed: "1", parentModel: "root"), 0, 40, score: 2)],
            () => [Logs.Prompts(Logs.Run(2, branch: "replace", seed: "1", parentModel: "m-replace-1-1"), 5, 40, score: 3)],
            () => [Logs.Prompts(Logs.Run(3, branch: "replace", seed: "1"), 0, 60, score: 4), new GenerationRecord { Node = Logs.Run(3, branch: "replace", seed: "1").Node, Recipe = "{}" }],
            () => [Logs.Prompts(Logs.Run(1, branch: "replace", seed: "2"), 0, 40, score: 2)],
            () => [Logs.Prompts(Logs.Run(2, branch: "replace", seed: "2"), 0, 40, score: 3), new MetricRecord { Run = Logs.Run(2, branch: "replace", seed: "2"), Metric = "ppl", Value = 2 }],
            () => [Logs.Prompts(Logs.Run(0, suite: "safety", model: "root"), 0, 10)],
        ];
        foreach (var file in order)
        {
            await test.ImportAsync($"{file}.jsonl", files[file]());
        }
    }

    private static async Task<string> DescribeAsync(TestDatabase test)
    {
        var nodes = await test.Database.Lineages.NodesAsync(1, default);
        var models = nodes.ToDictionary(n => n.Id, n => n.Model);
        var text = nodes.Select(n =>
            $"{n.Key} {n.Model} from {(n.OriginId is { } origin ? models[origin] : "nowhere")}: "
            + string.Join(", ", n.Parents.Select(p => $"{p.Role} {models[p.NodeId]}"))
            + " to " + string.Join(", ", n.Children.Select(c => models[c]).Order(StringComparer.Ordinal)));
        var suites = (await test.Database.Lineages.SuitesAsync(1, default)).Select(s => SuiteDefinitionJson.Serialize(s.Definition));
        var evaluations = (await test.Database.Lineages.EvaluationsAsync(1, default)).Select(e => $"{e.Node} {e.Suite} {e.IsCurrent} {e.Prompts} {e.ContentHash}");
        return string.Join('\n', text.Concat(suites).Concat(evaluations));
    }
}
