using System.Globalization;
using System.Text.Json;
using Driftline.Web.Commands;

namespace Driftline.Web.Tests.Commands;

/// <summary>Real Inspect logs from the file to what is listed of them.</summary>
public sealed class InspectImportTests : IDisposable
{
    private readonly CommandLine _driftline = new();

    public void Dispose() => _driftline.Dispose();

    [Fact]
    public async Task What_is_listed_of_every_real_log_is_what_is_known_of_it()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Log("facts.json"), Xunit.TestContext.Current.CancellationToken));
        var files = document.RootElement.EnumerateObject().Where(f => !f.Value.TryGetProperty("expect", out _)).ToList();
        foreach (var file in files)
        {
            // A lineage for each: several of them are one run.
            var result = await _driftline.RunAsync("import", Log(file.Name), "--lineage", Lineage(file.Name), "--generation", "1", "--json");
            Assert.True(result.ExitCode == ExitCode.Success, $"{file.Name}: {result.Output}");
            Assert.Equal("inspect", result.Json.GetProperty("files")[0].GetProperty("format").GetString());
        }

        var listed = (await _driftline.JsonAsync("list", "evaluations")).EnumerateArray().ToDictionary(e => e.GetProperty("lineage").GetString()!);
        Assert.Equal(files.Select(f => Lineage(f.Name)).Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            var (facts, evaluation) = (file.Value, listed[Lineage(file.Name)]);
            Assert.Equal(
                (Text(facts, "task"), Text(facts, "model"), Text(facts, "status"), Utc(Text(facts, "created")), Whole(facts, "samples"), Whole(facts, "ids")),
                (Text(evaluation, "suite"), Text(evaluation, "model"), Text(evaluation, "status"), Utc(Text(evaluation, "created")), Whole(evaluation, "samples"), Whole(evaluation, "prompts")));
            Assert.Equal(
                facts.GetProperty("metrics").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ValueKind == JsonValueKind.String ? null : (double?)m.Value.GetDouble()),
                evaluation.GetProperty("reported").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ValueKind == JsonValueKind.Null ? null : (double?)Math.Round(m.Value.GetDouble(), 6)));
        }
    }

    [Fact]
    public async Task A_run_that_crashed_is_the_same_evaluation_when_it_has_ended()
    {
        string[] place = ["--lineage", "l", "--generation", "1", "--json"];
        await _driftline.RunAsync(["import", Log("derived/crashed_start_only.eval"), .. place]);
        Assert.Equal("started", Text(await OneAsync(), "status"));
        await _driftline.RunAsync(["import", Log("derived/crashed_no_header.eval"), .. place]);
        Assert.Equal(("started", 50), (Text(await OneAsync(), "status"), Whole(await OneAsync(), "samples")));

        await _driftline.RunAsync(["import", Log("2025-09-15T15-02-26-04-00_popularity_L8g2GLGDDfsiXvdJ8LyZNJ.eval"), .. place]);

        var whole = await OneAsync();
        Assert.Equal(("success", 100), (Text(whole, "status"), Whole(whole, "samples")));
        Assert.Equal(.52, whole.GetProperty("scores").GetProperty("match").GetProperty("mean").GetDouble(), 9);
    }

    [Fact]
    public async Task A_copy_from_before_the_end_of_a_run_that_comes_late_does_not_take_its_end_back()
    {
        string[] place = ["--lineage", "l", "--generation", "1", "--json"];
        await _driftline.RunAsync(["import", Log("2025-09-15T15-02-26-04-00_popularity_L8g2GLGDDfsiXvdJ8LyZNJ.eval"), .. place]);

        var late = await _driftline.RunAsync(["import", Log("derived/crashed_no_header.eval"), .. place]);

        Assert.Equal(ExitCode.Success, late.ExitCode);
        Assert.Equal(("success", 100), (Text(await OneAsync(), "status"), Whole(await OneAsync(), "samples")));
    }

    [Fact]
    public async Task A_report_lists_what_its_own_log_brought()
    {
        string[] place = ["--lineage", "l", "--generation", "1", "--json"];
        await _driftline.RunAsync(["import", Log("2025-09-15T15-02-26-04-00_popularity_L8g2GLGDDfsiXvdJ8LyZNJ.eval"), .. place]);

        // Another model, an older run of the same suite, so it is not the current one; then the same run in another container.
        var older = await _driftline.RunAsync(["import", Log("2025-05-12T20-28-13-04-00_popularity.json"), .. place]);
        var again = await _driftline.RunAsync(["import", Log("derived/zstd_transcoded_100.eval"), .. place]);

        var file = older.Json.GetProperty("files")[0];
        var own = Assert.Single(file.GetProperty("evaluations").EnumerateArray());
        Assert.Equal(("cancelled", 3, false), (Text(own, "status"), Whole(own, "samples"), own.GetProperty("current").GetBoolean()));
        Assert.Contains(file.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("was called \"openai/gpt-5\"", StringComparison.Ordinal));
        Assert.Equal(100, Whole(Assert.Single(again.Json.GetProperty("files")[0].GetProperty("evaluations").EnumerateArray()), "samples"));
    }

    [Fact]
    public async Task A_log_whose_tags_were_edited_is_the_evaluation_that_it_was()
    {
        string[] place = ["--lineage", "l", "--generation", "1", "--json"];
        var text = await File.ReadAllTextAsync(Log("2025-05-12T20-28-13-04-00_popularity.json"), Xunit.TestContext.Current.CancellationToken);
        await _driftline.RunAsync(["import", Log("2025-05-12T20-28-13-04-00_popularity.json"), .. place]);
        var samples = Whole(await OneAsync(), "samples");
        var edited = Path.Combine(_driftline.Folder, "edited.json");
        var at = text.IndexOf('{', StringComparison.Ordinal) + 1;
        await File.WriteAllTextAsync(
            edited, $"{text[..at]}\"log_updates\":[{{\"edits\":[{{\"type\":\"tags\",\"tags_add\":[\"checked\"]}}]}}],{text[at..]}", Xunit.TestContext.Current.CancellationToken);

        await _driftline.RunAsync(["import", edited, .. place]);

        var one = await OneAsync();
        Assert.Equal(samples, Whole(one, "samples"));
        Assert.Contains("checked", one.GetProperty("config").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_cut_off_leaves_nothing_behind()
    {
        var result = await _driftline.RunAsync("import", Log("derived/truncated.eval"), "--lineage", "l", "--generation", "1", "--json");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Contains("no end-of-central-directory", result.Json.GetProperty("files")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty((await _driftline.JsonAsync("list", "evaluations")).EnumerateArray());
    }

    private async Task<JsonElement> OneAsync() => Assert.Single((await _driftline.JsonAsync("list", "evaluations")).EnumerateArray());

    private static string Lineage(string file) => file.Replace('/', '-');

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    private static int Whole(JsonElement element, string key) => element.GetProperty(key).GetInt32();

    private static DateTime Utc(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;

    /// <summary>A log among the fixtures of its reader.</summary>
    private static string Log(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run from inside the repository.");
        }

        return Path.Combine(folder.FullName, "tests", "Driftline.Ingest.Tests", "Fixtures", "inspect", name);
    }
}
