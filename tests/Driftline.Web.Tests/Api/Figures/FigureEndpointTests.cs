using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Web.Api.Figures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Driftline.Web.Tests.Api.Figures;

public sealed class FigureEndpointTests : IAsyncLifetime
{
    private const string Rate = "figures/line?lineage=toy&measure=rate&suite=safety";

    private readonly FakeSeries _series = new FakeSeries().With(
        new SeriesKey("rate", "safety", null, Baseline.None),
        new SeriesKey("score_shift", "values", "dimension=power", Baseline.Origin),
        new SeriesKey("score_shift", "values", "dimension=security", Baseline.Origin),
        new SeriesKey("answer_share", "values", "answer=no", Baseline.None),
        new SeriesKey("answer_share", "values", "answer=unsure", Baseline.None),
        new SeriesKey("answer_share", "values", "answer=yes", Baseline.None));

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    public FigureEndpointTests()
    {
        _series.WithSuite(new SuiteDefinition { Name = "values", Family = SuiteFamily.Value, Options = ["yes", "no"] });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddFigures().AddSingleton<ISeriesSource>(_series);
        _app = builder.Build();
        _app.MapFigures();
    }

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_line_figure_has_every_lane_from_the_shared_root_on()
    {
        using var figure = JsonDocument.Parse(await _http.GetStringAsync(Rate));

        var lines = figure.RootElement.GetProperty("lines").EnumerateArray().ToList();
        Assert.Equal("line", figure.RootElement.GetProperty("kind").GetString());
        Assert.Equal(["replace s1", "replace s2", "accumulate s1"], lines.Select(line => line.GetProperty("label").GetString()));
        Assert.All(lines, line => Assert.Equal(3, line.GetProperty("points").GetArrayLength()));
    }

    [Fact]
    public async Task The_view_of_the_page_is_obeyed()
    {
        using var figure = JsonDocument.Parse(await _http.GetStringAsync(Rate + "&branches=replace&seeds=replace:2&from=1"));

        var line = Assert.Single(figure.RootElement.GetProperty("lines").EnumerateArray());
        Assert.Equal("replace s2", line.GetProperty("label").GetString());
        Assert.Equal(
            ["n = 50", "95 % interval, prompts only", "1 of 3 lines shown"],
            figure.RootElement.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetString()));
        Assert.Equal([1, 2], line.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("generation").GetInt32()));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        using var first = await _http.GetAsync(new Uri(Rate, UriKind.Relative));
        var tag = first.Headers.ETag!;
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());

        using var second = await AskAgainAsync(tag);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);

        _series.Estimate = (_, _) => FakeSeries.Value(.9);
        using var third = await AskAgainAsync(tag);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.NotEqual(tag, third.Headers.ETag);
    }

    [Fact]
    public async Task Slices_become_rows_of_a_heatmap_and_answers_of_a_distribution()
    {
        using var heatmap = JsonDocument.Parse(await _http.GetStringAsync(
            "figures/heatmap?lineage=toy&measure=score_shift&suite=values&baseline=origin&by=dimension&branch=replace&seed=2"));
        using var shares = JsonDocument.Parse(await _http.GetStringAsync("figures/shares?lineage=toy&measure=answer_share&suite=values&branch=accumulate"));

        Assert.Equal("replace s2", heatmap.RootElement.GetProperty("label").GetString());
        Assert.Equal(["power", "security"], heatmap.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal("accumulate s1", shares.RootElement.GetProperty("label").GetString());
        // In the order of the options; what is no option follows.
        Assert.Equal(["yes", "no", "unsure"], shares.RootElement.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("answer").GetString()));
    }

    [Fact]
    public async Task The_numbers_behind_a_figure_are_a_file_to_keep_with_what_the_view_shows()
    {
        using var answer = await _http.GetAsync(new Uri("figures/line.csv?lineage=toy&measure=rate&suite=safety&branches=replace&seeds=replace:2&from=1", UriKind.Relative));

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("toy-rate-safety.csv", answer.Content.Headers.ContentDisposition!.FileName);
        var rows = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')).ToList();
        Assert.Equal([("replace", "2", "1"), ("replace", "2", "2")], rows.Select(row => (row[5], row[6], row[7])));
    }

    [Fact]
    public async Task The_root_that_lines_share_is_one_row()
    {
        var csv = await _http.GetStringAsync("figures/line.csv?lineage=toy&measure=rate&suite=safety");

        Assert.Single(csv.Split("\r\n"), row => row.Contains(",main,,0,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_of_rows_and_answers_come_below_each_other_or_as_an_array_of_series()
    {
        var heatmap = await _http.GetStringAsync("figures/heatmap.csv?lineage=toy&measure=score_shift&suite=values&baseline=origin&by=dimension&branch=replace&seed=2");
        using var shares = JsonDocument.Parse(await _http.GetStringAsync("figures/shares.json?lineage=toy&measure=answer_share&suite=values&branch=accumulate"));

        Assert.Equal(["dimension=power", "dimension=security"], heatmap.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')[3]).Distinct());
        Assert.Equal(["answer=yes", "answer=no", "answer=unsure"], shares.RootElement.EnumerateArray().Select(series => series.GetProperty("slice").GetString()));
        Assert.All(shares.RootElement.EnumerateArray(), series => Assert.Equal(3, series.GetProperty("points").GetArrayLength()));
    }

    [Theory]
    [InlineData("figures/line?lineage=nowhere&measure=rate&suite=safety", HttpStatusCode.NotFound, "There is no lineage \"nowhere\".")]
    [InlineData("figures/line?lineage=toy&measure=rate", HttpStatusCode.UnprocessableEntity, "The parameter \"suite\" is missing.")]
    public async Task A_request_that_cannot_be_answered_says_why(string address, HttpStatusCode status, string sentence)
    {
        using var response = await _http.GetAsync(new Uri(address, UriKind.Relative));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.StartsWith(sentence, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AskAgainAsync(EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Rate);
        request.Headers.IfNoneMatch.Add(tag);
        return await _http.SendAsync(request);
    }
}
