using System.Net;
using System.Text;
using System.Text.Json;
using Driftline.Web.Options;
using Driftline.Web.Tests.Commands;

namespace Driftline.Web.Tests.Api;

/// <summary>Alerts over HTTP.</summary>
public sealed class AlertEndpointsTests : IAsyncLifetime
{
    private const string Lines = """
        {"schema_version":"1","type":"metric","lineage":"loop","generation":1,"model":"m1","task":"human_text","metric":"perplexity","value":10,"stderr":0.2}
        """;

    private readonly CommandLine _driftline = new();
    private readonly HttpClient _client = new();
    private DriftlineApplication? _application;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _driftline.WithInputAsync(Lines + "\n", "import", "-");
        _application = DriftlineApplication.Create(new DriftlineOptions { DataDir = _driftline.Folder, Urls = "http://127.0.0.1:0" });
        await _application.StartAsync(Cancellation);
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

    [Fact]
    public async Task Rules_are_put_and_read_back_and_alerts_follow()
    {
        var put = await PutAsync("""[{"name":"perplexity","severity":"page","measure":"reported:perplexity","suite":"human_text","threshold":8}]""");
        var rules = await JsonAsync(await _client.GetAsync(Address("rules"), Cancellation));
        var check = await JsonAsync(await _client.PostAsync(Address("check"), null, Cancellation));
        await _client.PostAsync(new Uri("/api/v1/logs", UriKind.Relative), new StringContent(Lines.Replace("\"generation\":1", "\"generation\":2", StringComparison.Ordinal) + "\n"), Cancellation);
        var later = await JsonAsync(await _client.PostAsync(Address("check?wait=60&generation=2"), null, Cancellation));
        var alerts = await JsonAsync(await _client.GetAsync(Address("alerts"), Cancellation));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(8, rules.GetProperty("rules")[0].GetProperty("threshold").GetDouble());
        Assert.Equal(4, check.GetProperty("exit_code").GetInt32());
        Assert.Equal(20, later.GetProperty("exit_code").GetInt32());
        Assert.Equal("page", alerts.GetProperty("alert_state").GetString());
        Assert.Equal("firing", alerts.GetProperty("alerts")[0].GetProperty("state").GetString());
        Assert.Equal(("fired", 2), (alerts.GetProperty("events")[0].GetProperty("event").GetString(), alerts.GetProperty("events")[0].GetProperty("generation").GetInt32()));
    }

    [Fact]
    public async Task Mistakes_are_problems_that_name_the_key()
    {
        var wrong = await PutAsync("""[{"name":"perplexity","threshold":"high"}]""");
        var foreign = await PutAsync("""[{"lineage":"other","name":"a","measure":"rate","suite":"human_text","threshold":1}]""");
        var nowhere = await _client.GetAsync(new Uri("/api/v1/lineages/nowhere/alerts", UriKind.Relative), Cancellation);
        var closed = await _client.PostAsync(Address("close?generation=9"), null, Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("rules[0].threshold: must be a number", await wrong.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, closed.StatusCode);
    }

    private static Uri Address(string path) => new($"/api/v1/lineages/loop/{path}", UriKind.Relative);

    private Task<HttpResponseMessage> PutAsync(string json) => _client.PutAsync(Address("rules"), new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
