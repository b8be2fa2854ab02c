using System.Text.Json;
using Driftline.Web.Commands;

namespace Driftline.Web.Tests.Commands;

/// <summary>A folder that holds a bit of everything, real logs of every format among it, imported with one command.</summary>
public sealed class WholeFolderTests : IDisposable
{
    private static readonly string[] Statuses = ["imported", "unchanged", "replaced", "partial", "rejected"];

    private readonly CommandLine _driftline = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftline-whole-");

    public WholeFolderTests()
    {
        foreach (var format in new DirectoryInfo(Path.Combine(Repository(), "tests", "Driftline.Ingest.Tests", "Fixtures")).EnumerateDirectories())
        {
            Copy(format, _folder.CreateSubdirectory(format.Name));
        }

        CopyDemo("microworld", "root-g00.jsonl.gz");
        CopyDemo("gpt2-political-bias", "Synthetic_Perplexity.csv.gz", "Synthetic_Perplexity.mapping.json", "Synthetic_Generation_Quality.csv.gz");
        File.WriteAllText(Path.Combine(_folder.FullName, "notes.txt"), "generation,score\nnot a log\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "broken.csv"), "id,q\n1,2\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "broken.mapping.json"), """{"lineage":"l","suit":"s"}""");
    }

    public void Dispose()
    {
        _driftline.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_file_is_reported_or_said_to_be_left_alone_and_each_reason_says_what_to_do()
    {
        var result = await _driftline.RunAsync("import", _folder.FullName, "--lineage", "all", "--dry-run", "--json");

        Assert.Equal(ExitCode.Partial, result.ExitCode);
        var report = Report(result.Json);
        var ignored = result.Json.GetProperty("ignored").EnumerateArray().Select(file => Path.GetRelativePath(_folder.FullName, file.GetString()!)).ToList();
        Assert.Equal(
            _folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.FullName, file.FullName)).Where(file => !file.EndsWith(".mapping.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            report.Keys.Concat(ignored).Order(StringComparer.Ordinal));
        Assert.All(ignored, file => Assert.True(Path.GetFileName(file) is "LICENSE" or "notes.txt" || file.EndsWith(".md", StringComparison.Ordinal), file));
        Assert.Contains($"{ignored.Count}\u00A0files in the folders", result.Error, StringComparison.Ordinal);
        Assert.All(report.Values, file => Assert.Contains(file.GetProperty("status").GetString(), Statuses));
        Assert.All(report.Values.Where(file => file.GetProperty("status").GetString() == "rejected" && file.GetProperty("rows_rejected").GetInt64() == 0), file => Assert.True(file.GetProperty("reason").GetString()!.Length > 30));

        // Logs by their bytes, whatever their names.
        Assert.Equal("inspect", Text(report["inspect/log_valid.txt"], "format"));
        Assert.Equal(("imported", "native", 1833L), Row(report["microworld/root-g00.jsonl.gz"]));
        Assert.Equal(("imported", "csv", 16_698L), Row(report["gpt2-political-bias/Synthetic_Perplexity.csv.gz"]));

        Rejected(report["gpt2-political-bias/Synthetic_Generation_Quality.csv.gz"], null, "Its columns: Generation, GibberishLevel. Give a column mapping", "\"generation\":{\"column\":\"Generation\"}");
        Rejected(report["broken.csv"], null, "the mapping beside it, broken.mapping.json, is wrong", "suit");
        Rejected(report["every_eval_ever/instance_level_eval.schema.json"], null, "is not a log: it is a JSON Schema");
        Rejected(report["pythia/160m_step1000.json"], "lm_eval", "step1000 counts training inside a generation, not generations", "--generation");
        Rejected(report["lm_eval/v0.4.0_wmdp/results.json"], "lm_eval", "generation is missing", "--generation");
        Rejected(report["inspect/derived/truncated.eval"], "inspect", "is cut off or damaged");
    }

    [Fact]
    public async Task With_a_generation_every_log_goes_in_and_the_same_command_again_adds_nothing()
    {
        string[] command = ["import", _folder.FullName, "--lineage", "all", "--generation", "0", "--json"];
        var first = await _driftline.RunAsync(command);
        var report = Report(first.Json);

        Assert.Equal(ExitCode.Partial, first.ExitCode);
        foreach (var format in new[] { "inspect", "lm_eval", "every_eval_ever", "openai_evals", "pythia", "helm" })
        {
            var logs = report.Where(file => file.Key.StartsWith(format + "/", StringComparison.Ordinal) && file.Value.GetProperty("format").GetString() is not null).ToList();
            Assert.NotEmpty(logs);
            Assert.All(logs, file => Assert.True(Text(file.Value, "status") is not "rejected" || file.Key.EndsWith("truncated.eval", StringComparison.Ordinal), $"{file.Key}: {Text(file.Value, "reason")}"));
            Assert.All(logs.Where(file => Text(file.Value, "status") is "imported" or "partial"), file => Assert.NotEmpty(file.Value.GetProperty("placements").EnumerateArray()));
        }

        // A run of HELM is read whole with the first of its files, and so counted once.
        Assert.Equal([1, 1], report.Where(file => file.Key.StartsWith("helm/", StringComparison.Ordinal) && Text(file.Value, "status") == "imported").GroupBy(file => Path.GetDirectoryName(file.Key)).Select(run => run.Count()));
        Assert.InRange(report["inspect/derived/zstd_transcoded_100.eval"].GetProperty("rows_written").GetInt64(), 100, 110);

        var again = await _driftline.RunAsync(command);
        Assert.Equal(0, again.Json.GetProperty("rows_written").GetInt64());
        Assert.Equal(
            report.Where(file => Text(file.Value, "status") == "rejected").Select(file => file.Key).Order(StringComparer.Ordinal),
            Report(again.Json).Where(file => Text(file.Value, "status") != "unchanged").Select(file => file.Key).Order(StringComparer.Ordinal));
    }

    private Dictionary<string, JsonElement> Report(JsonElement json) =>
        json.GetProperty("files").EnumerateArray().ToDictionary(file => Path.GetRelativePath(_folder.FullName, file.GetProperty("path").GetString()!), StringComparer.Ordinal);

    private static void Rejected(JsonElement file, string? format, params string[] words)
    {
        Assert.Equal(("rejected", format), (Text(file, "status"), Text(file, "format")));
        Assert.All(words, word => Assert.Contains(word, Text(file, "reason"), StringComparison.Ordinal));
    }

    private static (string? Status, string? Format, long Rows) Row(JsonElement file) => (Text(file, "status"), Text(file, "format"), file.GetProperty("rows_written").GetInt64());

    private static string? Text(JsonElement file, string key) => file.TryGetProperty(key, out var value) ? value.GetString() : null;

    private void CopyDemo(string lineage, params string[] files)
    {
        var folder = _folder.CreateSubdirectory(lineage);
        foreach (var file in files)
        {
            File.Copy(Path.Combine(CommandLine.Demo, lineage, file), Path.Combine(folder.FullName, file));
        }
    }

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        // Of checkpoints that differ in nothing but numbers two are enough; their reader is tested with all.
        foreach (var file in from.EnumerateFiles().Where(file => !file.Name.EndsWith(".json.gz", StringComparison.Ordinal)))
        {
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories())
        {
            Copy(folder, to.CreateSubdirectory(folder.Name));
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run from inside the repository.");
        }

        return folder.FullName;
    }
}
