using System.Text.Json;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Core.Suites;
using Driftline.Ingest.Columns;

namespace Driftline.Ingest.Tests.Columns;

/// <summary>The mappings that the demo ships, on the tables that it ships. Expected numbers were computed from the tables by other means.</summary>
public sealed class DemoMappingTests
{
    private const int Articles = 1518;

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Theory]
    [InlineData("Synthetic", "synthetic", new[] { .5441, .5165, .5586, .585, .6357, .637, .6752, .6087, .6173, .6291, .5916 })]
    [InlineData("Accumulation", "accumulation", new[] { .5441, .4914, .4625, .4526, .4414, .4302, .4289, .4256, .4177, .417, .4275 })]
    public async Task Share_of_right_by_argmax_is_that_of_the_paper(string file, string branch, double[] shares)
    {
        var (sink, outcome) = await ReadAsync($"{file}_Bias_Performance");

        Assert.Equal((11 * Articles, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.All(sink.Rows, row => Assert.Equal((branch, "political_bias"), (row.Run.Node.Key.Branch, row.Run.Suite)));
        Assert.Equal(Enumerable.Range(0, 11), ByGeneration(sink).Keys);
        foreach (var (generation, rows) in ByGeneration(sink))
        {
            Assert.Equal(Articles, rows.Count);
            Assert.Equal(shares[generation], rows.Count(r => r[TextField.Answer] == "right") / (double)Articles, 4);
        }

        var row = sink.Rows[0];
        Assert.Equal(new NodeKey("gpt2-political-bias", branch, null, 0), row.Run.Node.Key);
        Assert.Equal($"gpt2-{branch}-g0", row.Run.Node.Model);
        Assert.Equal([new DeclaredParent(0, "gpt2-base", null, null, ParentRole.Reference)], row.Run.Node.Parents);
        Assert.Empty(sink.Rows.First(r => r.Generation == 1).Run.Node.Parents);
        Assert.Equal("""["left","center","right"]""", row[TextField.Options]);
        Assert.Equal(("1", "left", 0.999327064), (row[TextField.SampleId], row[TextField.Answer], row.Scores["Left_Score"]));
        Assert.True(row.Ordinal);
    }

    [Theory]
    [InlineData("Synthetic_Generation_Quality", "quality", new[] { 2.3219, 2.3209, 2.2721, 2.1604, 2.0296, 1.9463, 1.9437, 1.9488, 1.9539, 1.6346, 1.6652 })]
    [InlineData("Accumulation_Generation_Quality", "quality", new[] { 2.3219, 2.3064, 2.2794, 2.2717, 2.2756, 2.2582, 2.2479, 2.2547, 2.2402, 2.2376, 2.2365 })]
    [InlineData("Synthetic_Perplexity", "perplexity", new[] { 7.4103, 6.1566, 5.9767, 5.6515, 5.3084, 4.7781, 4.2721, 3.7714, 3.4882, 3.2543, 3.0557 })]
    public async Task Means_are_those_of_the_paper_and_rows_are_numbered_within_each_generation(string file, string score, double[] means)
    {
        var (sink, outcome) = await ReadAsync(file);

        Assert.Equal((11 * Articles, 0), (outcome.RowsRead, outcome.RowsRejected));
        foreach (var (generation, rows) in ByGeneration(sink))
        {
            Assert.Equal(means[generation], rows.Average(r => r.Scores[score]), 4);
            Assert.Equal(Enumerable.Range(1, Articles).Select(i => $"{i}"), rows.Select(r => r[TextField.SampleId]!));
        }

        Assert.Equal([score], outcome.SuiteDefinitions.Keys);
    }

    [Fact]
    public async Task Base_model_is_one_generation_on_a_branch_of_its_own()
    {
        var (sink, outcome) = await ReadAsync("GPT2_Bias_Performance");

        Assert.Equal((Articles, 0), (outcome.RowsRead, outcome.RowsRejected));
        Assert.Equal(.4684, sink.Rows.Count(r => r[TextField.Answer] == "right") / (double)Articles, 4);
        var node = sink.Rows.Select(r => r.Run.Node).Distinct(ReferenceEqualityComparer.Instance).Cast<NodeHeader>().Single();
        Assert.Equal((new NodeKey("gpt2-political-bias", "gpt2-base", null, 0), "GPT-2", 0), (node.Key, node.Model, node.Parents.Count));
        Assert.Null(node.Guess);
    }

    [Fact]
    public async Task Suite_definitions_of_the_mappings_can_be_read_as_such()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Logs.Demo, "gpt2-political-bias"), "*.mapping.json"))
        {
            var mapping = await ColumnMapping.LoadAsync(file, TestContext.Current.CancellationToken);
            var json = Assert.Single(mapping.Suites).Definition!;
            var whole = json.Insert(1, "\"name\":\"x\",");
            var definition = JsonSerializer.Deserialize<SuiteDefinition>(whole, SnakeCase);
            Assert.True(definition!.PrimaryAnswer is not null || definition.PrimaryScore is not null);
        }
    }

    private static SortedDictionary<int, List<CollectedRow>> ByGeneration(CollectingSink sink) =>
        new(sink.Rows.GroupBy(r => r.Generation).ToDictionary(g => g.Key, g => g.ToList()));

    private static async Task<(CollectingSink Sink, Core.Imports.ImportOutcome Outcome)> ReadAsync(string name)
    {
        var folder = Path.Combine(Logs.Demo, "gpt2-political-bias");
        var mapping = await ColumnMapping.LoadAsync(Path.Combine(folder, name + ".mapping.json"), TestContext.Current.CancellationToken);
        return await Logs.ReadAsync(LogSource.FromFile(Path.Combine(folder, name + ".csv.gz")), new ReadOptions { Mapping = mapping });
    }
}
