using System.Net;
using System.Text.Json;
using Driftline.Web.Commands;
using Driftline.Web.Options;

namespace Driftline.Web.Tests.Commands;

/// <summary>Single samples on the command line and over HTTP.</summary>
public sealed class SamplesCommandTests(SamplesCommandTests.ThreeGenerations generations) : IClassFixture<SamplesCommandTests.ThreeGenerations>
{
    private readonly CommandLine _driftline = generations.Driftline;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_row_is_one_line_with_all_that_was_logged()
    {
        var rows = await RowsAsync("--suite", "values", "--generation", "2");

        var evaluation = (await _driftline.JsonAsync("list", "evaluations")).EnumerateArray()
            .Single(known => known.GetProperty("generation").GetInt32() == 2 && known.GetProperty("suite").GetString() == "values");
        Assert.Equal(evaluation.GetProperty("samples").GetInt32(), rows.Count);
        Assert.All(rows, row => Assert.Equal(("microworld", "replace", 2, "values"), (Text(row, "lineage"), Text(row, "branch"), row.GetProperty("generation").GetInt32(), Text(row, "suite"))));
        Assert.All(rows, row => Assert.Equal(JsonValueKind.Object, row.GetProperty("metadata").ValueKind));
        Assert.All(rows, row => Assert.False(string.IsNullOrEmpty(Text(row, "answer"))));
        Assert.Equal(rows.Count, rows.Select(row => (Text(row, "sample_id"), row.GetProperty("repeat").GetInt32())).Distinct().Count());
    }

    [Fact]
    public async Task Flipped_prompts_are_as_many_as_the_flip_rate_says()
    {
        var point = (await _driftline.PointsAsync("--lineage", "microworld", "--suite", "values", "--measure", "flip_rate"))
            .Single(point => point.GetProperty("generation").GetInt32() == 2);

        var flipped = await RowsAsync("--suite", "values", "--generation", "2", "--flipped");

        Assert.Equal(point.GetProperty("value").GetDouble() * point.GetProperty("n").GetInt32(), flipped.Select(row => Text(row, "sample_id")).Distinct().Count(), 9);
        Assert.Empty(await RowsAsync("--suite", "values", "--generation", "0", "--flipped"));
    }

    [Theory]
    [InlineData("nowhere", "samples", "--lineage", "nowhere")]
    [InlineData("say which suite", "samples", "--lineage", "microworld")]
    [InlineData("no suite is called \"dragons\"", "samples", "--lineage", "microworld", "--suite", "dragons")]
    [InlineData("generation", "samples", "--lineage", "microworld", "--suite", "values", "--generation", "77")]
    [InlineData("no baseline \"training_data\"", "samples", "--lineage", "microworld", "--suite", "values", "--flipped", "--baseline", "training_data")]
    public async Task A_failure_names_what_is_at_fault(string part, params string[] arguments)
    {
        var result = await _driftline.RunAsync(arguments);

        Assert.Contains(result.ExitCode, new[] { ExitCode.Failure, ExitCode.Usage });
        Assert.Contains(part, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_over_http_add_up_to_the_rows_of_the_command()
    {
        var expected = await RowsAsync("--suite", "values");
        await using var server = DriftlineApplication.Create(new DriftlineOptions { DataDir = _driftline.Folder, Urls = "http://127.0.0.1:0" });
        await server.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(server.Addresses.Single()) };

        var rows = new List<JsonElement>();
        string? cursor = null;
        int read;
        do
        {
            var page = await http.GetStringAsync(new Uri($"/api/v1/lineages/microworld/samples?suite=values&limit=101{(cursor is null ? "" : $"&cursor={cursor}")}", UriKind.Relative), Cancellation);
            var lines = page.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            read = lines.Length;
            rows.AddRange(lines.Select(Parse));
            cursor = Text(rows[^1], "cursor");
        }
        while (read == 101);

        Assert.Equal(expected.Select(Identity), rows.Select(Identity));
        foreach (var (query, status) in new[] { ("?suite=values&limit=0", 422), ("?suite=values&cursor=x", 422), ("?suite=values&cursor=99.1.1", 422), ("?suite=dragons", 404), ("?suite=values&generation=x", 400) })
        {
            using var refused = await http.GetAsync(new Uri($"/api/v1/lineages/microworld/samples{query}", UriKind.Relative), Cancellation);
            Assert.Equal(((HttpStatusCode)status, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        }
    }

    /// <summary>Generations 0 to 2 of one branch, imported once for all tests here.</summary>
    public sealed class ThreeGenerations : IAsyncLifetime
    {
        private static readonly string[] Logs = ["root-g00", "replace-s1-g01", "replace-s1-g02"];

        internal CommandLine Driftline { get; } = new();

        public async ValueTask InitializeAsync() =>
            await Driftline.RunAsync(["import", .. Logs.Select(log => Path.Combine(CommandLine.Demo, "microworld", $"{log}.jsonl.gz"))]);

        public ValueTask DisposeAsync()
        {
            Driftline.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private static (string?, int, string?, int, string?) Identity(JsonElement row) =>
        (Text(row, "branch"), row.GetProperty("generation").GetInt32(), Text(row, "sample_id"), row.GetProperty("repeat").GetInt32(), Text(row, "output"));

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private async Task<List<JsonElement>> RowsAsync(params string[] arguments)
    {
        var result = await _driftline.RunAsync(["samples", "--lineage", "microworld", .. arguments, "--json"]);
        Assert.True(result.ExitCode == ExitCode.Success, result.Error);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }
}
