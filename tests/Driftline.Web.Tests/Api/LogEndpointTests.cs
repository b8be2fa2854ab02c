using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Driftline.Storage;
using Driftline.Storage.Sqlite;
using Driftline.Web.Options;
using Driftline.Web.Tests.Commands;
using Driftline.Web.Workers;

namespace Driftline.Web.Tests.Api;

/// <summary>Logs posted to a server that runs.</summary>
public sealed class LogEndpointTests : IAsyncLifetime
{
    private readonly CommandLine _driftline = new();
    private readonly HttpClient _http = new();
    private readonly DriftlineOptions _options;
    private DriftlineApplication _server = null!;

    public LogEndpointTests() => _options = new DriftlineOptions { DataDir = _driftline.Folder, Urls = "http://127.0.0.1:0" };

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    private string Incoming => Path.Combine(_driftline.Folder, "incoming");

    public async ValueTask InitializeAsync()
    {
        _server = DriftlineApplication.Create(_options);
        await _server.StartAsync(Cancellation);
        _http.BaseAddress = new Uri(_server.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _driftline.Dispose();
    }

    [Fact]
    public async Task A_posted_log_is_answered_with_its_report()
    {
        using var answer = await PostAsync("?name=live.jsonl&lineage=mine", Sample(0, 1) + "nonsense\n");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var report = await JsonAsync(answer);
        Assert.Equal(("partial", 2, 1, 1), (report.GetProperty("status").GetString(), Number(report, "rows_read"), Number(report, "rows_written"), Number(report, "rows_rejected")));
        var file = report.GetProperty("files")[0];
        Assert.Equal(("live.jsonl", "partial"), (file.GetProperty("path").GetString(), file.GetProperty("status").GetString()));
        Assert.Equal(2, file.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Equal("mine", file.GetProperty("evaluations")[0].GetProperty("lineage").GetString());
        Assert.Equal("live.jsonl", Assert.Single(_server.Service<ImportQueue>().Jobs).Name);
        Assert.Empty(Directory.GetFiles(Incoming));
    }

    [Fact]
    public async Task What_curl_and_urllib_call_a_form_is_a_log()
    {
        using var body = new StringContent(Sample(0, 1), Encoding.UTF8, "application/x-www-form-urlencoded");

        using var answer = await _http.PostAsync(new Uri("/api/v1/logs?name=gen0.jsonl", UriKind.Relative), body, Cancellation);

        Assert.Equal("imported", (await JsonAsync(answer)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Bodies_of_JSON_are_taken_whatever_curl_calls_them()
    {
        using var log = await PostAsync("", Sample(0, 1));
        using var rules = new StringContent("[]", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var token = new StringContent("""{"name":"cluster","scope":"ingest"}""", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var wrong = new StringContent("""{"name":"other","scope":"all"}""", Encoding.UTF8, "application/json");

        using var put = await _http.PutAsync(new Uri("/api/v1/lineages/l/rules", UriKind.Relative), rules, Cancellation);
        using var made = await _http.PostAsync(new Uri("/api/v1/tokens", UriKind.Relative), token, Cancellation);
        using var refused = await _http.PostAsync(new Uri("/api/v1/tokens", UriKind.Relative), wrong, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity), (put.StatusCode, made.StatusCode, refused.StatusCode));
        Assert.Equal("scope: say read, ingest or admin", (await JsonAsync(refused)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_is_named_as_it_was_given()
    {
        using var answer = await _http.PostAsync(new Uri("/api/v1/imports/1/move?to_generation=third", UriKind.Relative), null, Cancellation);

        Assert.Equal("to_generation must be a whole number, found \"third\"", (await JsonAsync(answer)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_form_with_files_is_refused_with_the_way_out()
    {
        using var form = new MultipartFormDataContent { { new StringContent(Sample(0, 1)), "file", "gen0.jsonl" } };

        using var answer = await _http.PostAsync(new Uri("/api/v1/logs", UriKind.Relative), form, Cancellation);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("--data-binary", (await JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_parameter_stores_nothing()
    {
        using var answer = await PostAsync("?lineag=mine", Sample(0, 1));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"lineag\" is no parameter", (await JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await _server.Service<LineageQueries>().LineagesAsync(Cancellation));
    }

    [Fact]
    public async Task Headers_say_what_the_query_does_not()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/logs?branch=b") { Content = new StringContent(Sample(0, 1)) };
        request.Headers.Add("Driftline-Branch", "of the header");
        request.Headers.Add("Driftline-Generation", "7");
        request.Headers.Add("Driftline-Seed", "3");

        using var answer = await _http.SendAsync(request, Cancellation);

        var evaluation = (await JsonAsync(answer)).GetProperty("files")[0].GetProperty("evaluations")[0];
        Assert.Equal(("b", 7, "3"), (evaluation.GetProperty("branch").GetString(), evaluation.GetProperty("generation").GetInt32(), evaluation.GetProperty("seed").GetString()));
    }

    [Fact]
    public async Task A_run_that_comes_in_batches_is_provisional_until_its_end()
    {
        using var origin = await PostAsync("", string.Concat(Enumerable.Range(0, 6).Select(i => Sample(0, i, "yes"))));
        for (var batch = 0; batch < 3; batch++)
        {
            using var answer = await PostAsync("?name=live&complete=false", Sample(1, 2 * batch, "no", "r1") + Sample(1, (2 * batch) + 1, "no", "r1"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await QueueIsIdleAsync();
            Assert.Equal(("started", 2 * (batch + 1)), await EvaluationAsync(1));
            Assert.Equal("provisional", await MeasureStatusAsync(1));
        }

        Assert.Equal("success", (await EvaluationAsync(0)).Status);
        using var end = await PostAsync(
            "?name=live&complete=false", """{"schema_version":"1","type":"end","lineage":"l","generation":1,"model":"m1","run_id":"r1","status":"success"}""" + "\n");
        await QueueIsIdleAsync();

        Assert.Equal(("success", 6), await EvaluationAsync(1));
        Assert.Equal("ok", await MeasureStatusAsync(1));
    }

    [Fact]
    public async Task A_complete_post_ends_what_batches_began_even_with_the_same_bytes()
    {
        using var first = await PostAsync("?complete=false", Sample(0, 1));
        Assert.Equal("started", (await EvaluationAsync(0)).Status);
        using var retry = await PostAsync("?complete=false", Sample(0, 1));
        Assert.Equal("unchanged", (await JsonAsync(retry)).GetProperty("status").GetString());

        using var last = await PostAsync("", Sample(0, 1));

        Assert.Equal(("success", 1), await EvaluationAsync(0));
    }

    [Theory]
    [InlineData("?generation=three", HttpStatusCode.BadRequest, "three")]
    [InlineData("?complete=perhaps", HttpStatusCode.BadRequest, "perhaps")]
    [InlineData("?mapping=%7B", HttpStatusCode.BadRequest, "not valid JSON")]
    [InlineData("", HttpStatusCode.UnprocessableEntity, "")]
    public async Task A_refusal_is_a_problem_that_names_what_is_at_fault(string query, HttpStatusCode status, string part)
    {
        using var answer = await PostAsync(query, "this is no log of any kind");

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(part, (await JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Eventually.UntilAsync("what came in is gone", () => !Directory.Exists(Incoming) || Directory.GetFiles(Incoming).Length == 0);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_post()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/logs") { Content = new StringContent(Sample(0, 1)) };
        request.Headers.Add("Origin", "https://elsewhere.example");

        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(_server.Service<ImportQueue>().Jobs);
    }

    [Fact]
    public async Task A_log_that_is_too_large_is_refused_before_it_is_sent()
    {
        using var client = await ConnectAsync((((long)_options.Import.MaxUploadGigabytes) << 30) + 1);
        using var reader = new StreamReader(client.GetStream());

        Assert.Contains("413", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_clients_may_post_into_one_lineage_while_others_read_and_move()
    {
        const int Clients = 10, Batches = 6, Rows = 20;
        using var posting = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        string[] pages = ["/", "/lineages/l", "/api/v1/lineages", "/api/v1/lineages/l/series?measure=mean_score&suite=t", "/api/v1/imports", "/api/v1/lineages/l/samples?suite=t", "/healthz"];
        using (var first = await PostAsync("", Sample(0, 0)))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        await QueueIsIdleAsync();
        var reads = 0;
        var readers = pages.Select(page => Task.Run(
            async () =>
            {
                while (!posting.IsCancellationRequested)
                {
                    using var answer = await _http.GetAsync(new Uri(page, UriKind.Relative), Cancellation);
                    Assert.True(answer.IsSuccessStatusCode, $"{page}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
                    Interlocked.Increment(ref reads);
                }
            },
            Cancellation)).ToList();

        // Two clients write to one run, half of it twice, and a generation is moved while two others write to it.
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            async () =>
            {
                for (var batch = 0; batch < Batches; batch++)
                {
                    var rows = string.Concat(Enumerable.Range((client < 2 ? client * Batches * Rows / 2 : 0) + (batch * Rows), Rows).Select(i => Sample(client / 2, i, "no", $"r{client / 2}-{(client < 2 ? 0 : client)}")));
                    using var answer = await PostAsync($"?name=client{client}&complete={(batch == Batches - 1 ? "true" : "false")}", rows);
                    Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
                    if (client == 9 && batch == 2)
                    {
                        using var moved = await _http.PostAsync(new Uri("/api/v1/lineages/l/move?generation=4&to_generation=40", UriKind.Relative), content: null, Cancellation);
                        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync(Cancellation));
                    }
                }
            },
            Cancellation)));
        await QueueIsIdleAsync();
        await posting.CancelAsync();
        await Task.WhenAll(readers);

        var runs = (await _server.Service<LineageQueries>().EvaluationsAsync(lineageId: null, Cancellation)).Where(evaluation => evaluation.RunId.Length > 0).ToList();
        Assert.Equal(9, runs.Count);
        Assert.Equal(Enumerable.Repeat((long)Batches * Rows, 8).Append(Batches * Rows * 3 / 2).Order(), runs.Select(run => run.Samples).Order());
        Assert.Equal([0, 1, 1, 2, 2, 3, 3, 40, 40], runs.Select(run => run.Node.Generation).Order());
        Assert.All(runs, run => Assert.Equal(run.Samples, run.Scores["s"].Count));

        // Two batches of the one run are the same bytes, from whichever client they came first.
        Assert.Equal(1 + (Clients * Batches) - 2, (await _server.Service<ImportStore>().ListAsync(0, 1000, Cancellation)).Count);
        Assert.Empty((await _server.Service<DriftlineDatabase>().VerifyAsync()).Faults);
        Assert.True(reads > pages.Length, "nobody read meanwhile");
    }

    [Fact]
    public async Task A_connection_that_drops_leaves_nothing()
    {
        using (var client = await ConnectAsync(1_000_000))
        {
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Sample(0, 1)), Cancellation);
            await Eventually.UntilAsync("the log begins to come in", () => Directory.Exists(Incoming) && Directory.GetFiles(Incoming).Length > 0);
        }

        await Eventually.UntilAsync("what came in is gone", () => Directory.GetFiles(Incoming).Length == 0);

        Assert.Empty(_server.Service<ImportQueue>().Jobs);
    }

    private static string Sample(int generation, int sample, string answer = "yes", string? run = null) =>
        $$"""{"schema_version":"1","type":"sample","lineage":"l","generation":{{generation}},"model":"m{{generation}}","task":"t",{{(run is null ? "" : $"\"run_id\":\"{run}\",")}}"sample_id":"{{sample}}","answer":"{{answer}}","options":["yes","no"],"scores":{"s":1} }""" + "\n";

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;

    private Task<HttpResponseMessage> PostAsync(string query, string log) =>
        _http.PostAsync(new Uri("/api/v1/logs" + query, UriKind.Relative), new StringContent(log, Encoding.UTF8, "application/jsonl"), Cancellation);

    private Task QueueIsIdleAsync() => Task.WhenAll(_server.Service<ImportQueue>().Jobs.Select(job => job.Over)).WaitAsync(Cancellation);

    private async Task<(string Status, int Samples)> EvaluationAsync(int generation)
    {
        var evaluations = await _server.Service<LineageQueries>().EvaluationsAsync(lineageId: null, Cancellation);
        var evaluation = Assert.Single(evaluations, evaluation => evaluation.Node.Generation == generation);
        return (evaluation.Status.ToString().ToLowerInvariant(), (int)evaluation.Samples);
    }

    private async Task<string?> MeasureStatusAsync(int generation)
    {
        using var series = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/api/v1/lineages/l/series?measure=js_distance", UriKind.Relative), Cancellation));
        return Assert.Single(series.RootElement.GetProperty("points").EnumerateArray(), point => Number(point, "generation") == generation).GetProperty("status").GetString();
    }

    private async Task<TcpClient> ConnectAsync(long length)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _http.BaseAddress!.Port, Cancellation);
        var head = $"POST /api/v1/logs HTTP/1.1\r\nHost: 127.0.0.1:{_http.BaseAddress.Port}\r\nContent-Length: {length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancellation);
        return client;
    }
}
