using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Driftline.Storage;
using Driftline.Web.Commands;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Security;
using Driftline.Web.Tests.Commands;
using Driftline.Web.Workers;

namespace Driftline.Web.Tests.Api;

/// <summary>What tokens open and what they do not, over HTTP and for commands, on a server that runs.</summary>
public sealed class TokenAccessTests : IAsyncLifetime
{
    private readonly CommandLine _driftline = new();
    private readonly HttpClient _http = new();
    private DriftlineApplication _server = null!;
    private ServerLock _lock = null!;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new DriftlineOptions { DataDir = _driftline.Folder, Urls = "http://127.0.0.1:0" };
        _lock = ServerLock.Acquire(new DataFolder(options));
        _server = DriftlineApplication.Create(options);
        await _server.StartAsync(Cancellation);
        _lock.Publish(_server.Addresses, _server.LocalToken);
        _http.BaseAddress = new Uri(_server.Addresses.Single());
        foreach (var lineage in new[] { "ours", "theirs" })
        {
            using var answer = await SendAsync(HttpMethod.Post, "logs", token: null, Sample(lineage, 0));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _lock.Dispose();
        await _server.DisposeAsync();
        _driftline.Dispose();
    }

    [Theory]
    [InlineData("GET", "lineages", TokenScope.Read)]
    [InlineData("GET", "lineages/ours/generations", TokenScope.Read)]
    [InlineData("GET", "imports", TokenScope.Read)]
    [InlineData("POST", "lineages/ours/check", TokenScope.Read)]
    [InlineData("POST", "logs", TokenScope.Ingest)]
    [InlineData("POST", "lineages/ours/close?generation=0", TokenScope.Ingest)]
    [InlineData("PUT", "lineages/ours/rules", TokenScope.Admin)]
    [InlineData("POST", "lineages/ours/recompute", TokenScope.Admin)]
    [InlineData("GET", "tokens", TokenScope.Admin)]
    [InlineData("POST", "tokens", TokenScope.Admin)]
    [InlineData("DELETE", "tokens/nobody", TokenScope.Admin)]
    public async Task A_scope_opens_what_it_says(string method, string path, TokenScope needed)
    {
        foreach (var scope in Enum.GetValues<TokenScope>())
        {
            var token = await TokenAsync(scope);
            using var answer = await SendAsync(new HttpMethod(method), path, token, method == "POST" && path == "logs" ? Sample("ours", 1) : "{}");

            Assert.Equal(scope < needed, answer.StatusCode == HttpStatusCode.Forbidden);
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_token_that_is_unknown_or_revoked_is_refused_where_none_at_all_would_do()
    {
        var token = await TokenAsync(TokenScope.Admin);
        await _server.Service<ApiTokens>().RevokeAsync(nameof(TokenScope.Admin), Cancellation);

        foreach (var wrong in new[] { token, "dl_wrong", "" })
        {
            using var answer = await SendAsync(HttpMethod.Get, "lineages", wrong);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        }

        using var none = await SendAsync(HttpMethod.Get, "lineages", token: null);
        Assert.Equal(HttpStatusCode.OK, none.StatusCode);
    }

    [Fact]
    public async Task A_token_of_one_lineage_sees_no_other()
    {
        var token = await TokenAsync(TokenScope.Admin, "ours");

        var lineages = await JsonAsync(await SendAsync(HttpMethod.Get, "lineages", token));
        Assert.Equal("ours", Assert.Single(lineages.EnumerateArray()).GetProperty("lineage").GetString());
        foreach (var (path, status) in new[]
        {
            ("lineages/ours/evaluations", HttpStatusCode.OK), ("lineages/theirs/evaluations", HttpStatusCode.Forbidden), ("lineages/theirs/samples?suite=t&lineage=ours", HttpStatusCode.Forbidden),
            ("imports", HttpStatusCode.Forbidden), ("tokens", HttpStatusCode.Forbidden), ("openapi.json", HttpStatusCode.OK),
        })
        {
            using var answer = await SendAsync(HttpMethod.Get, path, token);
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
        }

        // Naming the lineage where nobody asks for it opens nothing.
        foreach (var path in new[] { "imports?lineage=ours", "imports/1?lineage=ours", "tokens?lineage=ours", "/?lineage=ours", "/figures/line?lineage=ours&lineage=theirs&measure=rate" })
        {
            using var answer = await SendAsync(HttpMethod.Get, path, token);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{path}: {answer.StatusCode}");
        }

        using (var made = await SendAsync(HttpMethod.Post, "tokens?lineage=ours", token, """{"name":"all","scope":"admin"}"""))
        {
            Assert.Equal(HttpStatusCode.Forbidden, made.StatusCode);
        }

        using (var own = await SendAsync(HttpMethod.Get, "/figures/line?lineage=ours&measure=mean_score&suite=t", token))
        {
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        foreach (var (path, status) in new[] { ("/figures/line?lineage=theirs&measure=rate", HttpStatusCode.Forbidden), ("/", HttpStatusCode.Forbidden), ("/healthz", HttpStatusCode.OK) })
        {
            using var answer = await SendAsync(HttpMethod.Get, path, token);
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_log_that_names_another_lineage_is_refused_as_a_whole()
    {
        var token = await TokenAsync(TokenScope.Ingest, "ours");
        var before = await RowsAsync();

        foreach (var (path, log) in new[]
        {
            ("logs", Sample("theirs", 5)), ("logs", Sample("ours", 5) + Sample("theirs", 5)), ("logs", Sample("new", 5)),
            ("logs?lineage=theirs", Sample("ours", 5)),
            ("logs", """{"schema_version":"1","type":"generation","lineage":"theirs","generation":9,"model":"m"}"""),
            // The same bytes as were imported for them already.
            ("logs", Sample("theirs", 0)),
        })
        {
            using var answer = await SendAsync(HttpMethod.Post, path, token, log);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{path} {log}: {answer.StatusCode}");
            Assert.Contains("limited to", (await JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, await RowsAsync());
        using var own = await SendAsync(HttpMethod.Post, "logs", token, Sample("ours", 5));
        using var renamed = await SendAsync(HttpMethod.Post, "logs?lineage=ours", token, Sample("theirs", 6));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (own.StatusCode, renamed.StatusCode));
        Assert.Equal(before + 2, await RowsAsync());
    }

    [Fact]
    public async Task Too_many_wrong_tokens_have_to_wait_while_commands_of_the_folder_go_on()
    {
        var right = await TokenAsync(TokenScope.Read);
        for (var i = 0; i < TokenFailures.Limit; i++)
        {
            using var wrong = await SendAsync(HttpMethod.Get, "lineages", $"dl_{i}");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var answer = await SendAsync(HttpMethod.Get, "lineages", right);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Equal(2, (await _driftline.JsonAsync("list", "lineages")).GetArrayLength());
    }

    [Fact]
    public async Task Tokens_are_made_listed_and_revoked_over_http()
    {
        using var made = await SendAsync(HttpMethod.Post, "tokens", token: null, """{"name":"cluster","scope":"ingest","lineage":"ours","expires":"90d"}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl?.NoStore);
        var document = await JsonAsync(made);
        var text = document.GetProperty("token").GetString()!;
        Assert.Equal(("ingest", "active"), (document.GetProperty("is").GetProperty("scope").GetString(), document.GetProperty("is").GetProperty("state").GetString()));

        var listed = await (await SendAsync(HttpMethod.Get, "tokens", token: null)).Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("cluster", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(text, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", listed, StringComparison.Ordinal);
        using var revoked = await SendAsync(HttpMethod.Delete, "tokens/cluster", token: null);
        Assert.Equal("revoked", (await JsonAsync(revoked)).GetProperty("state").GetString());
        using var gone = await SendAsync(HttpMethod.Delete, "tokens/cluster", token: null);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("{", "no token request")]
    [InlineData("""{"name":"x"}""", "scope")]
    [InlineData("""{"name":"x","scope":"root"}""", "scope: say read, ingest or admin")]
    [InlineData("""{"scope":"read"}""", "name")]
    [InlineData("""{"name":"x","scope":"read","expires":"soon"}""", "soon")]
    public async Task A_request_for_a_token_that_cannot_be_names_what_is_wrong(string body, string part)
    {
        using var answer = await SendAsync(HttpMethod.Post, "tokens", token: null, body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(part, (await JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_made_listed_and_revoked_by_commands()
    {
        var text = (await _driftline.RunAsync("token", "create", "cluster", "--scope", "ingest", "--lineage", "ours")).Output.Trim();
        Assert.Matches("^dl_[A-Za-z0-9_-]{43}$", text);
        using (var seen = await SendAsync(HttpMethod.Get, "lineages", text))
        {
            Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        }

        var listed = Assert.Single((await _driftline.JsonAsync("token", "list")).EnumerateArray());
        Assert.Equal(("cluster", "ours"), (listed.GetProperty("name").GetString(), listed.GetProperty("lineage").GetString()));
        Assert.NotEqual(JsonValueKind.Null, listed.GetProperty("last_used").ValueKind);
        Assert.Contains("cluster", (await _driftline.RunAsync("token", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await _driftline.RunAsync("token", "create", "cluster", "--scope", "read")).ExitCode);
        Assert.Equal(ExitCode.Success, (await _driftline.RunAsync("token", "revoke", listed.GetProperty("id").GetString()!)).ExitCode);
        Assert.Equal(ExitCode.Failure, (await _driftline.RunAsync("token", "revoke", "cluster")).ExitCode);
        using var revoked = await SendAsync(HttpMethod.Get, "lineages", text);
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
    }

    [Fact]
    public async Task From_another_machine_a_token_runs_the_commands_of_its_scope_and_reaches_no_files()
    {
        using var elsewhere = new CommandLine();
        var reading = await TokenAsync(TokenScope.Read, "ours");
        var all = await TokenAsync(TokenScope.Admin);

        Assert.Equal(ExitCode.Success, (await RunAsync(reading, "list", "generations", "--lineage", "ours")).ExitCode);
        foreach (var refused in new[] { await RunAsync(reading, "list", "lineages"), await RunAsync(reading, "list", "lineages", "--lineage", "theirs"), await RunAsync(reading, "token", "list"), await RunAsync(reading, "recompute") })
        {
            Assert.Equal((ExitCode.Failure, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("token", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Success, (await RunAsync(all, "token", "list")).ExitCode);
        // Whatever the caller says of where it is: only the token of the lock file reaches files.
        using var claim = new StringContent($$"""{"arguments":["backup","{{_driftline.Folder}}/stolen.db"],"working_folder":"/","is_remote":false}""" + "\n", Encoding.UTF8);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/commands") { Content = claim };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", all);
        using var answer = await _http.SendAsync(request, Cancellation);
        Assert.Contains("run it on the machine of the server", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_driftline.Folder, "stolen.db")));

        Task<CommandResult> RunAsync(string token, params string[] arguments) => elsewhere.RunAsync([.. arguments, "--server", _server.Addresses.Single(), "--token", token]);
    }

    private static string Sample(string lineage, int generation) =>
        $$"""{"schema_version":"1","type":"sample","lineage":"{{lineage}}","generation":{{generation}},"model":"m{{generation}}","task":"t","sample_id":"1","answer":"yes","scores":{"s":1} }""" + "\n";

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;

    private async Task<long> RowsAsync() => (await _server.Service<LineageQueries>().LineagesAsync(Cancellation)).Sum(lineage => lineage.Samples);

    private async Task<string> TokenAsync(TokenScope scope, string? lineage = null)
    {
        var name = $"{scope}{(lineage is null ? "" : $" of {lineage}")}";
        return (await _server.Service<ApiTokens>().CreateAsync(name, scope, lineage, expires: null, Cancellation)).Text;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, string body = "")
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/v1/" + path);
        request.Content = method == HttpMethod.Get ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await _http.SendAsync(request, Cancellation);
    }
}
