using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Sqlite;
using Driftline.Web.Commands;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Tests.Commands;

/// <summary><c>driftline recompute</c>.</summary>
public sealed class RecomputeCommandTests : IDisposable
{
    private static readonly string[][] Series =
    [
        ["series", "--lineage", "microworld", "--measure", "energy_distance", "--suite", "stories", "--json"],
        ["series", "--lineage", "microworld", "--measure", "js_distance", "--suite", "values", "--json"],
        ["series", "--lineage", "microworld", "--measure", "trend:rate", "--suite", "safety", "--json"],
    ];

    private readonly CommandLine _driftline = new();

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public void Dispose() => _driftline.Dispose();

    [Fact]
    public async Task Recomputing_what_has_not_changed_prints_the_same_bytes()
    {
        await ImportAsync("root-g00", "replace-s1-g01", "replace-s1-g02");
        var before = await PrintAsync();

        var document = await _driftline.JsonAsync("recompute", "--lineage", "microworld");

        var lineage = Assert.Single(document.GetProperty("lineages").EnumerateArray());
        Assert.Equal("microworld", lineage.GetProperty("lineage").GetString());
        Assert.True(lineage.GetProperty("computations").GetInt32() > 100);
        Assert.Equal(0, lineage.GetProperty("failed").GetInt32());
        Assert.Equal(before, await PrintAsync());
    }

    [Fact]
    public async Task Only_the_measure_that_is_named_is_computed()
    {
        await ImportAsync("root-g00", "replace-s1-g01");

        var text = (await _driftline.RunAsync("recompute", "--measure", "flip_rate")).Output;

        Assert.Matches(@"^microworld: \d+\smeasures\sof\s\d+\sevaluations\scomputed in", text);
        var all = (await _driftline.JsonAsync("recompute")).GetProperty("lineages")[0].GetProperty("computations").GetInt32();
        var one = (await _driftline.JsonAsync("recompute", "--measure", "flip_rate")).GetProperty("lineages")[0].GetProperty("computations").GetInt32();
        Assert.InRange(one, 1, all / 10);
    }

    [Theory]
    [InlineData("--lineage", "nowhere", "no lineage is called \"nowhere\"; known: microworld", ExitCode.Failure)]
    [InlineData("--measure", "nothing", "no measure is called \"nothing\"; known: mean_score", ExitCode.Usage)]
    public async Task A_name_that_is_not_known_is_refused_with_those_that_are(string option, string name, string sentence, int exitCode)
    {
        await ImportAsync("root-g00");

        var result = await _driftline.RunAsync("recompute", option, name);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_is_tried_again_by_recompute_and_not_by_an_import()
    {
        await ImportAsync("root-g00");
        using (var database = await DriftlineDatabase.OpenAsync(_driftline.Folder, Cancelled))
        {
            var lineage = (await database.Lineages.FindAsync("microworld", Cancelled))!;
            var (key, hash) = (await database.Measurements.RunsAsync(lineage.Id, Cancelled)).First(run => run.Key.Measure == "mean_score");
            await database.Measurements.SaveAsync(
                lineage.Id, [new MeasureRun(key, RunHash.Failed(hash), 1, null, [new SlicedEstimate(null, Estimate.Without(MeasureStatus.Error, "computing it failed"))])], Cancelled);
        }

        await ImportAsync("replace-s1-g01");
        Assert.Equal(1, await ErrorsAsync());
        await _driftline.JsonAsync("recompute");
        Assert.Equal(0, await ErrorsAsync());
    }

    private async Task<int> ErrorsAsync()
    {
        using var database = await DriftlineDatabase.OpenAsync(_driftline.Folder, Cancelled);
        var lineage = (await database.Lineages.FindAsync("microworld", Cancelled))!;
        return (await database.Measurements.RunsAsync(lineage.Id, Cancelled)).Values.Count(RunHash.HasFailed);
    }

    private async Task<string[]> PrintAsync()
    {
        var printed = new List<string>();
        foreach (var series in Series)
        {
            printed.Add((await _driftline.RunAsync(series)).Output);
        }

        Assert.All(printed, text => Assert.Contains("\"value\"", text, StringComparison.Ordinal));
        return [.. printed];
    }

    private async Task ImportAsync(params string[] logs)
    {
        var result = await _driftline.RunAsync(["import", .. logs.Select(log => Path.Combine(CommandLine.Demo, "microworld", log + ".jsonl.gz"))]);
        Assert.True(result.ExitCode == ExitCode.Success, result.Error);
    }
}
