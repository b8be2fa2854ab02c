using System.Text;
using System.Text.Json;
using Driftline.Core.Measures.Tables;
using Driftline.Web.Tests.Commands;

namespace Driftline.Web.Tests.Workers.Measuring;

/// <summary>A suite of which only a part of the outputs is read, by the command line.</summary>
public sealed class LargeSuiteTests : IDisposable
{
    private const int Prompts = TextSample.MostPrompts + 200;
    private const string Suite = "stories";

    private static readonly string[] Words = ["river", "stone", "lamp", "winter", "garden", "letter", "bridge", "song", "field", "boat"];

    private readonly CommandLine _driftline = new();

    public void Dispose() => _driftline.Dispose();

    [Fact]
    public async Task Outputs_of_the_same_half_of_the_prompts_are_read_in_every_generation_and_scores_of_all()
    {
        await ImportAsync(0);
        await ImportAsync(1);

        var half = await PointAsync("energy_distance");
        Assert.InRange(half.GetProperty("n").GetInt32(), Prompts / 3, 2 * Prompts / 3);
        Assert.Contains("Outputs of a half of the prompts were read", half.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("one side only", half.GetProperty("reason").GetString(), StringComparison.Ordinal);

        var types = await PointAsync("rarefied_types");
        Assert.Equal(half.GetProperty("n").GetInt32(), types.GetProperty("n").GetInt32());
        Assert.Contains("a half of the prompts", types.GetProperty("reason").GetString(), StringComparison.Ordinal);

        Assert.All(
            [await PointAsync("mean_score"), await PointAsync("answer_length")],
            whole =>
            {
                Assert.Equal(Prompts, whole.GetProperty("n").GetInt32());
                Assert.DoesNotContain("prompts were read", whole.GetProperty("reason").GetString() ?? "", StringComparison.Ordinal);
            });
    }

    private async Task<JsonElement> PointAsync(string measure) =>
        Assert.Single(await _driftline.PointsAsync("--lineage", "large", "--suite", Suite, "--measure", measure), point => point.GetProperty("generation").GetInt32() == 1);

    private Task ImportAsync(int generation)
    {
        var log = new StringBuilder();
        for (var prompt = 0; prompt < Prompts; prompt++)
        {
            var output = string.Join(' ', Enumerable.Range(0, 9).Select(word => Words[((prompt * (word + 3)) + (generation * word)) % Words.Length]));
            log.AppendLine(JsonSerializer.Serialize(new
            {
                schema_version = "1",
                type = "sample",
                lineage = "large",
                generation,
                model = $"m{generation}",
                task = Suite,
                sample_id = $"s{prompt}",
                input = $"Tell {prompt}",
                output,
                scores = new { quality = prompt % 5 },
            }));
        }

        File.WriteAllText(Path.Combine(_driftline.Folder, $"g{generation}.jsonl"), log.ToString());
        return _driftline.JsonAsync("import", Path.Combine(_driftline.Folder, $"g{generation}.jsonl"));
    }
}
