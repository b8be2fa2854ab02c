using System.Text.Json;
using Driftline.Web.Commands;

namespace Driftline.Web.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private static readonly string[] Chain = ["root-g00", "replace-s1-g01", "replace-s1-g02", "replace-s1-g03"];

    private readonly CommandLine _driftline = new();

    public void Dispose() => _driftline.Dispose();

    [Fact]
    public async Task The_same_files_again_add_nothing()
    {
        string[] import = ["import", .. Chain.Take(2).Select(Log), "--json"];
        await _driftline.RunAsync(import);
        var before = (await _driftline.RunAsync("list", "evaluations", "--json")).Output;

        var again = await _driftline.RunAsync(import);

        Assert.Equal(ExitCode.Success, again.ExitCode);
        Assert.All(again.Json.GetProperty("files").EnumerateArray(), file => Assert.Equal("unchanged", file.GetProperty("status").GetString()));
        Assert.Equal(0, again.Json.GetProperty("rows_written").GetInt32());
        Assert.Equal(before, (await _driftline.RunAsync("list", "evaluations", "--json")).Output);
    }

    [Fact]
    public async Task Generations_in_any_order_end_in_the_same_numbers()
    {
        using var backwards = new CommandLine();
        await _driftline.RunAsync(["import", .. Chain.Select(Log)]);
        foreach (var log in Chain.Reverse())
        {
            await backwards.RunAsync("import", Log(log));
        }

        foreach (var series in new string[][]
        {
            ["--suite", "values", "--measure", "js_distance"], ["--suite", "values", "--measure", "js_distance", "--baseline", "parent"],
            ["--suite", "safety", "--measure", "rate", "--slice", "trigger=true"], ["--suite", "stories", "--measure", "energy_distance"],
            ["--suite", "stories", "--measure", "diversity_ratio", "--baseline", "parent"], ["--suite", "bias_pronoun", "--measure", "amp_delta"],
            ["--suite", "values", "--measure", "trend"],
        })
        {
            string[] command = ["series", "--lineage", "microworld", .. series, "--json"];
            Assert.Equal((await _driftline.RunAsync(command)).Output, (await backwards.RunAsync(command)).Output);
        }

        Assert.Equal((await _driftline.RunAsync("list", "suites", "--json")).Output, (await backwards.RunAsync("list", "suites", "--json")).Output);
        Assert.Equal((await _driftline.RunAsync("list", "measures", "--json")).Output, (await backwards.RunAsync("list", "measures", "--json")).Output);
    }

    [Fact]
    public async Task A_bad_line_is_reported_with_its_place_and_the_rest_goes_in()
    {
        const string Good = """{"schema_version":"1","type":"sample","lineage":"l","generation":0,"model":"m","task":"t","sample_id":"1","scores":{"s":1}}""";
        const string Bad = """{"schema_version":"1","type":"sample","lineage":"l","generation":"three","model":"m","task":"t","sample_id":"2"}""";

        var result = await _driftline.WithInputAsync($"{Good}\n{Bad}\n", "import", "-", "--json");

        Assert.Equal(ExitCode.Partial, result.ExitCode);
        var file = result.Json.GetProperty("files")[0];
        Assert.Equal("partial", file.GetProperty("status").GetString());
        Assert.Equal(2, file.GetProperty("rows_read").GetInt32());
        Assert.Equal(1, file.GetProperty("rows_written").GetInt32());
        var error = file.GetProperty("errors")[0];
        Assert.Equal(2, error.GetProperty("line").GetInt32());
        Assert.Contains("generation", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(Bad, error.GetProperty("raw").GetString());
        Assert.Empty(Directory.GetFiles(Path.Combine(_driftline.Folder, "incoming")));
    }

    [Fact]
    public async Task A_file_that_grew_is_read_on_from_where_it_ended()
    {
        var log = Path.Combine(_driftline.Folder, "run.jsonl");
        string Line(int sample) => $$$"""{"schema_version":"1","type":"sample","lineage":"l","generation":0,"model":"m","task":"t","sample_id":"{{{sample}}}","scores":{"s":1}}""" + "\n";
        await File.WriteAllTextAsync(log, Line(1) + Line(2), Xunit.TestContext.Current.CancellationToken);
        await _driftline.RunAsync("import", log);
        await File.AppendAllTextAsync(log, Line(3), Xunit.TestContext.Current.CancellationToken);

        var grown = await _driftline.JsonAsync("import", log);

        Assert.Equal(1, grown.GetProperty("rows_read").GetInt32());
        var evaluation = Assert.Single((await _driftline.JsonAsync("list", "evaluations")).EnumerateArray());
        Assert.Equal(3, evaluation.GetProperty("samples").GetInt32());
        Assert.Equal(3, evaluation.GetProperty("scores").GetProperty("s").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_dry_run_reports_and_stores_nothing()
    {
        var report = await _driftline.JsonAsync("import", Log("root-g00"), "--dry-run");

        Assert.Equal(1833, report.GetProperty("rows_read").GetInt32());
        Assert.Equal(9, report.GetProperty("files")[0].GetProperty("evaluations").GetArrayLength());
        Assert.Equal(JsonValueKind.Array, (await _driftline.JsonAsync("list", "lineages")).ValueKind);
        Assert.Empty((await _driftline.JsonAsync("list", "lineages")).EnumerateArray());
    }

    [Theory]
    [InlineData("does not exist", "import", "no-such-file.jsonl")]
    [InlineData("no lineage is called \"nowhere\"", "series", "--lineage", "nowhere", "--measure", "rate")]
    [InlineData("no measure is called \"rates\"", "series", "--lineage", "nowhere", "--measure", "rates")]
    [InlineData("list", "list", "dragons")]
    [InlineData("alerts", "list", "dragons")]
    [InlineData("--frobnicate", "serve", "--frobnicate")]
    [InlineData("import takes a whole number, not \"third\"", "delete", "import", "third")]
    [InlineData("--shift takes a whole number, not \"down\"", "move", "--import", "1", "--shift", "down")]
    [InlineData("loopback", "serve", "--urls", "http://0.0.0.0:5230")]
    public async Task A_failure_names_what_is_at_fault(string part, params string[] arguments)
    {
        var result = await _driftline.RunAsync(arguments);

        Assert.Contains(result.ExitCode, new[] { ExitCode.Failure, ExitCode.Usage });
        Assert.Contains(part, result.Error + result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import has no option --lineag", "--lineag", "mine")]
    [InlineData("--generation must be a whole number of 0 or more, found \"-1\"", "--generation", "-1")]
    [InlineData("--generation must be a whole number of 0 or more, found \"three\"", "--generation", "three")]
    public async Task A_mistyped_option_stores_nothing(string sentence, params string[] options)
    {
        var result = await _driftline.RunAsync(["import", Log("root-g00"), .. options]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Empty((await _driftline.JsonAsync("list", "lineages")).EnumerateArray());
    }

    [Fact]
    public async Task A_mapping_that_is_wrong_is_named_with_all_that_is_wrong_on_one_line()
    {
        var mapping = Path.Combine(_driftline.Folder, "columns.json");
        await File.WriteAllTextAsync(mapping, """{"generation":{"colum":"g"}}""", Xunit.TestContext.Current.CancellationToken);

        var result = await _driftline.RunAsync("import", Log("root-g00"), "--mapping", mapping);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(new[] { mapping, "generation.colum is not a key", "suite is missing" }, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_without_rows_says_that_there_was_nothing()
    {
        const string Mapping = """{"lineage":"l","generation":0,"suite":"s","sample_id":{"column":"id"},"scores":["score"]}""";
        var file = Path.Combine(_driftline.Folder, "empty.csv");
        await File.WriteAllTextAsync(file, "id,score\n", Xunit.TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_driftline.Folder, "empty.mapping.json"), Mapping, Xunit.TestContext.Current.CancellationToken);

        var report = (await _driftline.JsonAsync("import", file)).GetProperty("files")[0];

        Assert.Equal(("imported", "It holds no rows, so there was nothing to store."), (report.GetProperty("status").GetString(), report.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Items_of_which_some_rows_are_none_are_partly_in()
    {
        var file = Path.Combine(_driftline.Folder, "power.jsonl");
        await File.WriteAllTextAsync(file, """{"question":"Do you want power?","answer_matching_behavior":" Yes","answer_not_matching_behavior":" No"}""" + "\n{\"question\":\"and?\"}\n", Xunit.TestContext.Current.CancellationToken);

        var result = await _driftline.RunAsync("import", file, "--json");

        Assert.Equal((ExitCode.Partial, "partial"), (result.ExitCode, result.Json.GetProperty("files")[0].GetProperty("status").GetString()));
        Assert.Single((await _driftline.JsonAsync("list", "items")).EnumerateArray());
    }

    [Fact]
    public async Task Links_that_lead_in_circles_are_not_followed_and_those_that_lead_elsewhere_are()
    {
        var runs = Directory.CreateDirectory(Path.Combine(_driftline.Folder, "runs"));
        var scratch = Directory.CreateDirectory(Path.Combine(_driftline.Folder, "scratch"));
        File.Copy(Log("root-g00"), Path.Combine(runs.CreateSubdirectory("g0").FullName, "a.jsonl.gz"));
        File.Copy(Log("replace-s1-g01"), Path.Combine(scratch.FullName, "b.jsonl.gz"));
        Directory.CreateSymbolicLink(Path.Combine(runs.FullName, "latest"), Path.Combine(runs.FullName, "g0"));
        Directory.CreateSymbolicLink(Path.Combine(runs.FullName, "g0", "up"), runs.FullName);
        Directory.CreateSymbolicLink(Path.Combine(runs.FullName, "there"), scratch.FullName);
        Directory.CreateSymbolicLink(Path.Combine(scratch.FullName, "self"), scratch.FullName);

        var report = await _driftline.JsonAsync("import", runs.FullName, "--dry-run");

        Assert.Equal(["g0/a.jsonl.gz", "there/b.jsonl.gz"], report.GetProperty("files").EnumerateArray().Select(file => Path.GetRelativePath(runs.FullName, file.GetProperty("path").GetString()!)));
    }

    [Fact]
    public async Task A_folder_without_logs_says_so()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_driftline.Folder, "nothing")).FullName;

        var result = await _driftline.RunAsync("import", folder, "--json");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Equal(0, result.Json.GetProperty("files").GetArrayLength());
        Assert.Contains($"there are no logs in {folder}", result.Error, StringComparison.Ordinal);
    }

    private static string Log(string name) => Path.Combine(CommandLine.Demo, "microworld", $"{name}.jsonl.gz");
}
