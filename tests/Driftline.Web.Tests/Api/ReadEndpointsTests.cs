using System.Net;
using System.Text.Json;
using Driftline.Web.Options;
using Driftline.Web.Tests.Commands;

namespace Driftline.Web.Tests.Api;

/// <summary>The API of a server that runs on what the command line imported.</summary>
public sealed class ReadEndpointsTests : IAsyncLifetime
{
    private readonly CommandLine _driftline = new();
    private readonly HttpClient _client = new();
    private DriftlineApplication? _application;

    public async ValueTask InitializeAsync()
    {
        await _driftline.RunAsync("import", Path.Combine(CommandLine.Demo, "microworld", "root-g00.jsonl.gz"), Path.Combine(CommandLine.Demo, "microworld", "null-g01.jsonl.gz"));
        _application = DriftlineApplication.Create(new DriftlineOptions { DataDir = _driftline.Folder, Urls = "http://127.0.0.1:0" });
        await _application.StartAsync(Xunit.TestContext.Current.CancellationToken);
        _client.BaseAddress = new Uri(_application.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _driftline.Dispose();
    }

    [Theory]
    [InlineData("/api/v1/lineages", "list", "lineages")]
    [InlineData("/api/v1/lineages/microworld/generations", "list", "generations", "--lineage", "microworld")]
    [InlineData("/api/v1/lineages/microworld/suites", "list", "suites", "--lineage", "microworld")]
    [InlineData("/api/v1/lineages/microworld/evaluations", "list", "evaluations", "--lineage", "microworld")]
    [InlineData("/api/v1/lineages/microworld/series?measure=js_distance&suite=values", "series", "--lineage", "microworld", "--measure", "js_distance", "--suite", "values")]
    public async Task The_api_answers_with_the_documents_of_the_command_line(string path, params string[] command)
    {
        var answer = await _client.GetStringAsync(new Uri(path, UriKind.Relative), Xunit.TestContext.Current.CancellationToken);

        Assert.Equal((await _driftline.RunAsync([.. command, "--json"])).Output.TrimEnd(), answer);
    }

    [Fact]
    public async Task A_comparison_with_a_model_is_pending_until_it_is_computed_in_the_background()
    {
        var path = new Uri("/api/v1/lineages/microworld/series?measure=score_shift&suite=values&baseline=node:null/1", UriKind.Relative);

        var first = await PointAsync(path);
        var point = first;
        await Eventually.UntilAsync("the comparison is computed", async () => (point = await PointAsync(path)).GetProperty("status").GetString() != "pending");

        Assert.Equal("pending", first.GetProperty("status").GetString());
        Assert.Contains("against null generation 1 is being computed", first.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(("ok", 0), (point.GetProperty("status").GetString(), point.GetProperty("generation").GetInt32()));
        var unknown = await _client.GetAsync(new Uri("/api/v1/lineages/microworld/series?measure=score_shift&suite=values&baseline=branch:x", UriKind.Relative), Xunit.TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("/nothing/here", "text/html")]
    [InlineData("/js/nothing.js", "text/html")]
    [InlineData("/api/v1/nothing", "application/problem+json")]
    public async Task What_is_not_there_is_said_as_a_page_or_a_problem(string path, string type)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), Xunit.TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync(Xunit.TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        var first = await _client.GetAsync(new Uri("/api/v1/lineages", UriKind.Relative), Xunit.TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/lineages");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        var second = await _client.SendAsync(again, Xunit.TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/lineages/nowhere/suites", HttpStatusCode.NotFound, "nowhere")]
    [InlineData("/api/v1/lineages/microworld/series", HttpStatusCode.UnprocessableEntity, "measure")]
    [InlineData("/api/v1/lineages/microworld/series?measure=rates", HttpStatusCode.UnprocessableEntity, "rates")]
    [InlineData("/api/v1/imports/999", HttpStatusCode.NotFound, "999")]
    [InlineData("/api/v1/dragons", HttpStatusCode.NotFound, "README")]
    public async Task A_failure_is_a_problem_that_names_what_is_at_fault(string path, HttpStatusCode status, string part)
    {
        var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), Xunit.TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Xunit.TestContext.Current.CancellationToken));
        Assert.Contains(part, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "attacker.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Origin", "http://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    public async Task Requests_that_another_site_made_are_refused(string header, string value, HttpStatusCode status)
    {
        foreach (var path in new[] { "/healthz", "/api/v1/lineages", "/", "/_blazor/negotiate?negotiateVersion=1" })
        {
            using var request = new HttpRequestMessage(path.StartsWith("/_blazor", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);

            Assert.Equal(status, (await _client.SendAsync(request, Xunit.TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    /// <summary>The one point of a series.</summary>
    private async Task<JsonElement> PointAsync(Uri path)
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(path, Xunit.TestContext.Current.CancellationToken));
        return Assert.Single(document.RootElement.GetProperty("points").EnumerateArray()).Clone();
    }
}
