using System.Text.Json;
using Driftline.Storage;
using Driftline.Storage.Sqlite;
using Driftline.Web.Commands;

namespace Driftline.Web.Tests.Commands;

/// <summary>Comparisons with branches and models, which are computed once somebody asked for them.</summary>
public sealed class ComparisonTests : IDisposable
{
    private static readonly LineageLog Log = new LineageLog("w").Node("base", null, 0, null).Line("a", 1, 3).Line("a", 2, 2).Line("b", 1, 2);

    private readonly CommandLine _driftline = new();

    public void Dispose() => _driftline.Dispose();

    [Fact]
    public async Task A_branch_is_compared_at_the_same_generation_with_the_same_seed_or_the_one_it_has()
    {
        await _driftline.WithInputAsync(Log.Text, "import", "-");

        var points = await SeriesAsync("branch:b");

        // Line b is compared with nothing, the origin is that of b too.
        Assert.Equal(["a/1/1", "a/1/2", "a/1/3", "a/2/1", "a/2/2"], points.Select(Key));
        Assert.Equal(0, points[0].GetProperty("value").GetDouble());
        Assert.Equal("no_data", points[2].GetProperty("status").GetString());
        Assert.Contains("branch b has no generation 3", points[2].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(Log.Mean(2, 2) - Log.Mean(1, 2), points[4].GetProperty("value").GetDouble(), 1e-12);
        Assert.StartsWith("Compared with b-s1 generation 2.", points[4].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null(points[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_model_is_compared_by_the_id_that_list_generations_shows()
    {
        await _driftline.WithInputAsync(Log.Text, "import", "-");
        var nodes = await _driftline.JsonAsync("list", "generations", "--lineage", "w");
        var id = nodes.EnumerateArray().Single(node => node.GetProperty("model").GetString() == "a-2-1").GetProperty("node").GetString();
        Assert.Equal("a/s2/1", id);

        var points = await SeriesAsync($"node:{id}");

        Assert.Equal(["a/1/1", "a/1/2", "a/1/3", "a/2/2", "b/1/1", "b/1/2", "base//0"], points.Select(Key));
        Assert.Equal(Log.Mean(1, 3) - Log.Mean(2, 1), points[2].GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(Log.Mean(0, 0) - Log.Mean(2, 1), points[^1].GetProperty("value").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task What_was_asked_for_once_follows_every_import()
    {
        await _driftline.WithInputAsync(Log.Text, "import", "-");
        await SeriesAsync("branch:b");

        await _driftline.WithInputAsync(new LineageLog("w").Node("b", 1, 3, "b-1-2").Text, "import", "-");
        var listed = await _driftline.JsonAsync("series", "--lineage", "w", "--measure", "score_shift", "--baseline", "branch:b");

        Assert.Equal("branch:b", listed.GetProperty("baseline").GetString());
        var third = listed.GetProperty("points").EnumerateArray().Single(point => Key(point) == "a/1/3");
        Assert.Equal(("ok", 0.0), (third.GetProperty("status").GetString(), third.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task Training_noise_that_was_set_by_hand_counts_where_the_lineage_does_not_say()
    {
        await _driftline.WithInputAsync(Log.Text, "import", "-");
        using (var database = await DriftlineDatabase.OpenAsync(_driftline.Folder, Xunit.TestContext.Current.CancellationToken))
        {
            var set = new Dictionary<string, Dictionary<string, double>> { ["quality"] = new() { ["score_shift"] = 0.25 } };
            await database.Settings.SetAsync(1, SettingKeys.TrainingNoise, set, Xunit.TestContext.Current.CancellationToken);
        }

        foreach (var measure in new[] { "score_shift", "mean_score" })
        {
            var series = await _driftline.JsonAsync("series", "--lineage", "w", "--measure", measure);
            var noises = series.GetProperty("training_noise").EnumerateArray().Select(noise => $"{noise.GetProperty("branch")} {noise.GetProperty("source")}");

            // Branch a has two seeds, branch b one of two generations.
            Assert.Equal(["a siblings", "b given"], noises);
            Assert.All(
                series.GetProperty("points").EnumerateArray().Where(point => point.GetProperty("branch").GetString() == "b"),
                point => Assert.Equal(0.25, point.GetProperty("training_sd").GetDouble(), 1e-12));
        }
    }

    [Theory]
    [InlineData("branch:c", "no branch is called \"c\"; known: a, b, base")]
    [InlineData("node:a/s3/1", "no node is called \"a/s3/1\"; known: a/s1/1, a/s1/2")]
    [InlineData("elsewhere", "score_shift has no baseline \"elsewhere\"; it has origin, parent, branch:B, node:ID")]
    public async Task A_baseline_that_is_not_there_is_refused_with_those_that_are(string baseline, string sentence)
    {
        await _driftline.WithInputAsync(Log.Text, "import", "-");

        var refused = await _driftline.RunAsync("series", "--lineage", "w", "--measure", "score_shift", "--baseline", baseline, "--json");

        Assert.NotEqual(ExitCode.Success, refused.ExitCode);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
    }

    private Task<JsonElement[]> SeriesAsync(string baseline) =>
        _driftline.PointsAsync("--lineage", "w", "--measure", "score_shift", "--baseline", baseline);

    private static string Key(JsonElement point) => $"{point.GetProperty("branch")}/{point.GetProperty("seed")}/{point.GetProperty("generation")}";
}
