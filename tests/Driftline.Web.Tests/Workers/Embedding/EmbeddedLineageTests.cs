using System.Text.Json;
using Driftline.Core.Embeddings;
using Driftline.Storage;
using Driftline.Storage.Sqlite;
using Driftline.Web.Commands;
using Driftline.Web.Options;
using Driftline.Web.Tests.Commands;
using Driftline.Web.Workers.Embedding;
using Driftline.Web.Workers.Measuring;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Workers.Embedding;

/// <summary>A lineage whose outputs an endpoint embeds, by the command line.</summary>
public sealed class EmbeddedLineageTests : IAsyncLifetime
{
    private const string Key = "secret-of-the-house";
    private const int Prompts = 24;

    private readonly CommandLine _driftline = new();
    private FakeEmbeddingServer _server = null!;

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeEmbeddingServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_driftline.Folder, "appsettings.json"), "{\"Embedder\":{\"ApiKey\":\"" + Key + "\",\"BatchSize\":10}}", Cancelled);
        using var database = await DriftlineDatabase.OpenAsync(_driftline.Folder, Cancelled);
        await database.Settings.SetAsync(SettingKeys.Embedder, _server.Endpoint, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _driftline.Dispose();
    }

    [Fact]
    public async Task A_new_lineage_is_embedded_by_the_endpoint_and_no_text_is_sent_twice()
    {
        await ImportAsync(0, 1);

        var point = Assert.Single(await EnergyAsync());
        Assert.Equal("ok", point.GetProperty("status").GetString());
        Assert.DoesNotContain("Lexical", point.GetProperty("reason").GetString() ?? "", StringComparison.Ordinal);
        Assert.Equal(2 * Prompts, _server.Texts.Count);
        Assert.Equal(_server.Texts.Distinct().Count(), _server.Texts.Count);

        await _driftline.JsonAsync("recompute");
        Assert.Equal(2 * Prompts, _server.Texts.Count);
        Assert.Equal(point.GetRawText(), Assert.Single(await EnergyAsync()).GetRawText());
    }

    [Fact]
    public async Task The_key_is_sent_and_nowhere_stored()
    {
        await ImportAsync(0);

        Assert.All(_server.Keys, key => Assert.Equal("Bearer " + Key, key));
        Assert.NotEmpty(_server.Keys);
        foreach (var file in Directory.EnumerateFiles(_driftline.Folder, "driftline.db*"))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file, Cancelled)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Key)));
        }
    }

    [Fact]
    public async Task An_endpoint_that_refuses_leaves_a_sentence_and_is_tried_again()
    {
        _server.RefusesAll = 404;
        await ImportAsync(0, 1);

        var point = Assert.Single(await EnergyAsync());
        Assert.Equal("error", point.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, point.GetProperty("value").ValueKind);
        Assert.Contains("answered 404", point.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("tried again at the next import or recompute", point.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("ok", (await _driftline.PointsAsync("--lineage", "loop", "--measure", "answer_length", "--suite", "stories"))[0].GetProperty("status").GetString());

        _server.RefusesAll = null;
        Assert.Equal(0, (await _driftline.JsonAsync("recompute")).GetProperty("lineages")[0].GetProperty("failed").GetInt32());
        Assert.Equal("ok", Assert.Single(await EnergyAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_embedder_stays_when_the_endpoint_changes_and_changes_when_a_person_says_so()
    {
        await ImportAsync(0, 1);
        var embedded = Assert.Single(await EnergyAsync()).GetProperty("value").GetDouble();
        using (var database = await DriftlineDatabase.OpenAsync(_driftline.Folder, Cancelled))
        {
            await database.Settings.SetAsync(SettingKeys.Embedder, _server.Endpoint with { Model = "fake-2" }, Cancelled);
        }

        await ImportAsync(2);
        var points = await EnergyAsync();
        Assert.Equal(embedded, points[0].GetProperty("value").GetDouble());
        Assert.Contains("embedded by fake-1, for which no endpoint is set", points[1].GetProperty("reason").GetString(), StringComparison.Ordinal);

        await using (var services = new ServiceCollection().AddLogging().AddDriftline(new DriftlineOptions { DataDir = _driftline.Folder }).BuildServiceProvider())
        {
            var lineage = (await services.GetRequiredService<LineageQueries>().FindAsync("loop", Cancelled))!;
            var embedder = services.GetRequiredService<FrozenEmbedder>();
            Assert.Equal(EndpointEmbedder.NameOf("fake-1"), await embedder.OfAsync(lineage.Id, Cancelled));
            await embedder.ChangeAsync(lineage.Id, LexicalEmbedder.Name, Cancelled);
            Assert.DoesNotContain((await services.GetRequiredService<MeasurementStore>().RunsAsync(lineage.Id, Cancelled)).Keys, run => run.Measure == "energy_distance");
            await services.GetRequiredService<MeasureRunner>().RunAsync(lineage.Id, Recompute.Outdated, null, Cancelled);
        }

        Assert.All(await EnergyAsync(), point => Assert.Contains("Lexical drift", point.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    private Task<JsonElement[]> EnergyAsync() => _driftline.PointsAsync("--lineage", "loop", "--measure", "energy_distance", "--suite", "stories");

    private async Task ImportAsync(params int[] generations)
    {
        foreach (var generation in generations)
        {
            var lines = Enumerable.Range(0, Prompts).Select(prompt => JsonSerializer.Serialize(new
            {
                schema_version = "1",
                type = "sample",
                lineage = "loop",
                branch = "main",
                generation,
                model = $"loop-g{generation}",
                task = "stories",
                sample_id = $"p{prompt}",
                input = $"Tell story {prompt}.",
                output = $"In generation {generation} there was a story number {prompt} that went on for quite some words.",
            }));
            var result = await _driftline.WithInputAsync(string.Join('\n', lines) + "\n", "import", "-");
            Assert.True(result.ExitCode == ExitCode.Success, result.Error + result.Output);
        }
    }
}
