using Driftline.Core.Records;
using Driftline.Ingest;
using Driftline.Storage.Queries;
using Driftline.Storage.Sqlite;
using Driftline.Web.Options;
using Driftline.Web.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Workers;

/// <summary>A run of HELM as a browser sends its folder: file by file, each without the others beside it.</summary>
public sealed class UploadedPartsTests : IAsyncLifetime
{
    private const string Run = "mmlu-subject=philosophy,method=multiple_choice_joint,model=openai_gpt2";

    private StoredLogs _logs = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _logs = await StoredLogs.OpenAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDriftline(new DriftlineOptions { DataDir = _logs.Folder });
        services.AddDriftlineSqlite(_logs.Database);
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _logs.DisposeAsync();
    }

    [Theory]
    [InlineData("per_instance_stats.json", "run_spec.json", "scenario.json", "scenario_state.json", "stats.json")]
    [InlineData("scenario_state.json", "stats.json", "per_instance_stats.json", "run_spec.json", "scenario.json")]
    public async Task Files_of_a_run_that_come_one_by_one_are_the_run_whatever_their_order(params string[] files)
    {
        var seen = new List<string>();
        foreach (var file in files)
        {
            var report = (await UploadAsync($"runs/{Run}/{file}", file)).Report;
            seen.Add(file);
            var isRead = seen.Contains("scenario_state.json");
            Assert.Contains(report.Status, isRead ? ["imported", "replaced"] : (string[])["unchanged"]);
            if (!isRead)
            {
                Assert.StartsWith($"it is kept for 30 minutes and read with the other files of runs/{Run}: of the run's five files {5 - seen.Count} are missing: scenario_state.json (prompts and answers)", report.Reason, StringComparison.Ordinal);
            }

            // Without the scores of its answers a run is not complete.
            Assert.All(await EvaluationsAsync(), e => Assert.Equal(seen.Contains("per_instance_stats.json") ? EvaluationStatus.Success : EvaluationStatus.Started, e.Status));
        }

        var evaluations = await EvaluationsAsync();
        Assert.All(evaluations, e => Assert.True(e.IsCurrent));
        var test = Assert.Single(evaluations, e => e.Suite.EndsWith("split=test", StringComparison.Ordinal));
        Assert.Equal((9, 9L), (test.Prompts, test.Samples));
        Assert.Equal((9L, .1111), (test.Scores["exact_match"].Count, Math.Round(test.Scores["exact_match"].Mean!.Value, 4)));
        Assert.Equal(1.0 / 9, test.Reported["exact_match"].Value!.Value, 12);
        Assert.Contains("BasicGenerationMetric", test.Config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_run_under_the_same_name_is_not_mixed_with_the_one_before()
    {
        await UploadAsync($"runs/{Run}/scenario_state.json", "scenario_state.json");
        await UploadAsync($"runs/{Run}/stats.json", "stats.json");

        var other = await UploadAsync($"runs/{Run}/stats.json", "stats.json", text => text.Replace("0.1111111111111111", "0.5", StringComparison.Ordinal));

        Assert.Contains("4 are missing: scenario_state.json", other.Report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_posts_says_whether_more_is_to_come()
    {
        var kept = await UploadAsync($"runs/{Run}/scenario_state.json", "scenario_state.json", say: false);
        Assert.Equal("unchanged", kept.Report.Status);
        Assert.Contains("complete=true with any of them reads what has come", kept.Report.Reason, StringComparison.Ordinal);
        Assert.Empty(await EvaluationsAsync());

        var read = await UploadAsync($"runs/{Run}/stats.json", "stats.json", say: true);

        Assert.Equal("imported", read.Report.Status);
        var test = Assert.Single(await EvaluationsAsync(), e => e.Suite.EndsWith("split=test", StringComparison.Ordinal));
        Assert.Equal((EvaluationStatus.Success, 9L, 0), (test.Status, test.Samples, test.Scores.Count));
        Assert.Equal(1.0 / 9, test.Reported["exact_match"].Value!.Value, 12);
    }

    [Fact]
    public async Task Files_that_come_without_their_folder_are_one_run_where_what_they_say_agrees()
    {
        var alone = await UploadAsync("scenario_state.json", "scenario_state.json");
        Assert.Equal("rejected", alone.Report.Status);
        Assert.Contains("Of the run's five files 4 are missing: per_instance_stats.json (scores), stats.json (metrics), run_spec.json (the run's name and model)", alone.Report.Reason, StringComparison.Ordinal);
        Assert.Contains("drop the run's folder itself", alone.Report.Reason, StringComparison.Ordinal);
        foreach (var file in new[] { "run_spec.json", "per_instance_stats.json", "stats.json", "scenario.json" })
        {
            Assert.NotEqual("rejected", (await UploadAsync(file, file)).Report.Status);
        }

        var test = Assert.Single(await _logs.Database.Lineages.EvaluationsAsync(lineageId: null, Cancellation), e => e.IsCurrent && e.Suite.EndsWith("split=test", StringComparison.Ordinal));
        Assert.Equal(("openai/gpt2", 9L, 9L), (test.Model, test.Samples, test.Scores["exact_match"].Count));

        // The settings of another model are of another run, and of no answers that came before.
        var other = await UploadAsync("run_spec.json", "run_spec.json", text => text.Replace("openai/gpt2", "openai/gpt3", StringComparison.Ordinal));
        Assert.Equal("rejected", other.Report.Status);
        Assert.Contains("holds no results", other.Report.Reason, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<EvaluationSummary>> EvaluationsAsync() => _logs.Database.Lineages.EvaluationsAsync(lineageId: null, Cancellation);

    private async Task<ImportedFile> UploadAsync(string name, string file, Func<string, string>? change = null, bool? say = null)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Fixtures(), Run, file), Cancellation);
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(change?.Invoke(text) ?? text));
        var path = await _services.GetRequiredService<DataFolder>().SpoolAsync(stream, Cancellation);
        var request = new ImportRequest(name, path, new NodeOverrides { Lineage = "l", Generation = 1 }, DeleteWhenDone: true, Complete: say ?? true) { SaysComplete = say is not null };
        return await _services.GetRequiredService<ImportPipeline>().ImportAsync(request, progress: null, Cancellation);
    }

    private static string Fixtures()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run from inside the repository.");
        }

        return Path.Combine(folder.FullName, "tests", "Driftline.Ingest.Tests", "Fixtures", "helm");
    }
}
