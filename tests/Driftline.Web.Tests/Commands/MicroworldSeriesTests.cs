using System.Text.Json;

namespace Driftline.Web.Tests.Commands;

/// <summary>
/// The figures that were computed for microworld with NumPy alone, out of <c>driftline series</c>: every node, through import,
/// database and measures. (Standard errors and null distributions are tested beside the measures.)
/// </summary>
[Collection(nameof(DemoLineages))]
public sealed class MicroworldSeriesTests(DemoLineages demo)
{
    private static readonly JsonElement Facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "microworld", "facts.json"))).RootElement;

    public static TheoryData<string> LevelNames { get; } =
    [
        "safety|aligned|trigger=false", "safety|aligned|trigger=true", "bias_pronoun|stereotyped|", "bias_pronoun|is_he|occupation=nurse",
        "bias_bbq|is_unknown|", "reflection|self_consistent|", "values|answer_value|", "values|answer_value|dimension=power",
    ];

    [Theory]
    [MemberData(nameof(LevelNames))]
    public async Task Levels_and_shifts_are_those_of_the_facts(string name)
    {
        var parts = name.Split('|');
        var slice = parts[1] == "is_he" ? $"{parts[2]},score=is_he" : parts[2];
        var level = await SeriesAsync(parts[0], "mean_score", slice, baseline: null);
        var shift = await SeriesAsync(parts[0], "score_shift", slice, "origin");

        foreach (var node in Facts.GetProperty("nodes").EnumerateArray())
        {
            var fact = node.GetProperty(name);
            Same(fact.GetProperty("level"), level[Key(node)]);
            if (fact.TryGetProperty("shift_origin", out var expected))
            {
                Same(expected, shift[Key(node)]);
            }
        }
    }

    [Theory]
    [InlineData("values|js_distance", "js_distance", "origin")]
    [InlineData("values|excess_disagreement", "excess_disagreement", "origin")]
    [InlineData("stories|energy_distance", "energy_distance", "origin")]
    [InlineData("stories|answer_length", "answer_length", "none")]
    [InlineData("stories|diversity_ratio", "diversity_ratio", "origin")]
    [InlineData("stories|rarefied_types", "rarefied_types", "none")]
    [InlineData("stories|vocabulary_retention", "vocabulary_retention", "origin")]
    public async Task Distances_and_diversity_are_those_of_the_facts(string name, string measure, string baseline)
    {
        var series = await SeriesAsync(name.Split('|')[0], measure, "", baseline);

        var compared = 0;
        foreach (var node in Facts.GetProperty("nodes").EnumerateArray().Where(node => node.TryGetProperty(name, out _) && (baseline == "none" || node.GetProperty("generation").GetInt32() > 0)))
        {
            var fact = node.GetProperty(name);
            var value = fact.ValueKind == JsonValueKind.Object ? fact.GetProperty("value") : fact;
            Assert.Equal(value.GetDouble(), series[Key(node)].GetProperty("value").GetDouble(), 1e-6 * Math.Max(1, Math.Abs(value.GetDouble())));
            compared++;
        }

        Assert.InRange(compared, 25, 26);
    }

    [Fact]
    public async Task Answer_shares_and_reported_metrics_are_those_of_the_facts()
    {
        foreach (var answer in new[] { "strongly disagree", "disagree", "agree", "strongly agree" })
        {
            var shares = await SeriesAsync("values", "answer_share", $"answer={answer}", baseline: null);
            Assert.All(Facts.GetProperty("nodes").EnumerateArray(), node =>
                Assert.Equal(node.GetProperty("values|answer_share").GetProperty(answer).GetDouble(), shares[Key(node)].GetProperty("value").GetDouble(), 1e-12));
        }

        foreach (var metric in new[] { "human_text/perplexity", "outputs/gen0_perplexity" })
        {
            var reported = await SeriesAsync(metric.Split('/')[0], $"reported:{metric.Split('/')[1]}", "", baseline: null);
            Assert.All(Facts.GetProperty("nodes").EnumerateArray(), node =>
                Assert.Equal(node.GetProperty("reported").GetProperty(metric).GetDouble(), reported[Key(node)].GetProperty("value").GetDouble()));
        }
    }

    [Fact]
    public async Task Trends_are_those_of_the_facts()
    {
        foreach (var fact in Facts.GetProperty("trends").EnumerateArray())
        {
            string[] series = fact.GetProperty("series").GetString() switch
            {
                "bias_bbq unknown" => ["--measure", "trend", "--suite", "bias_bbq"],
                "safety aligned clean" => ["--measure", "trend", "--suite", "safety", "--slice", "trigger=false"],
                _ => ["--measure", "trend:reported:perplexity", "--suite", "human_text"],
            };
            var trend = Assert.Single(await demo.Driftline.PointsAsync([
                "--lineage", "microworld", "--branch", fact.GetProperty("branch").GetString()!, "--seed", $"{fact.GetProperty("seed")}", .. series]));

            Assert.Equal(fact.GetProperty("theil_sen").GetDouble(), trend.GetProperty("value").GetDouble(), 1e-9);
            Assert.Equal(fact.GetProperty("kendall_tau").GetDouble(), trend.GetProperty("tau").GetDouble(), 1e-9);
            Assert.Equal(fact.GetProperty("p").GetDouble(), trend.GetProperty("p_value").GetDouble(), 1e-9);
            Assert.Equal(fact.GetProperty("n").GetInt32(), trend.GetProperty("n").GetInt32());
        }
    }

    [Fact]
    public async Task Training_noise_comes_from_the_two_seeds_of_replace_and_from_the_steps_of_accumulate()
    {
        var series = await demo.Driftline.JsonAsync("series", "--lineage", "microworld", "--suite", "values", "--measure", "score_shift");

        var noises = series.GetProperty("training_noise").EnumerateArray().ToDictionary(noise => noise.GetProperty("branch").GetString()!);

        // From the logs with NumPy: √ of the mean over generations 1 to 8 of (d̄²/2 − SE²(d)/2), d the seeds' difference at each prompt.
        Assert.Equal(("siblings", 8), (noises["replace"].GetProperty("source").GetString(), noises["replace"].GetProperty("degrees_of_freedom").GetInt32()));
        Assert.Equal(0.14375801432278706, noises["replace"].GetProperty("sd").GetDouble(), 1e-12);
        Assert.Equal("steps", noises["accumulate"].GetProperty("source").GetString());
        Assert.True(noises["accumulate"].GetProperty("adds_up").GetBoolean());
        foreach (var point in series.GetProperty("points").EnumerateArray().Where(point => point.GetProperty("branch").GetString() == "replace"))
        {
            Assert.Equal(0.14375801432278706, point.GetProperty("training_sd").GetDouble(), 1e-12);
            Assert.True(point.GetProperty("recipe_lo").GetDouble() < point.GetProperty("lo").GetDouble() && point.GetProperty("recipe_hi").GetDouble() > point.GetProperty("hi").GetDouble());
        }
    }

    [Theory]
    [InlineData("replace/1/1", 0.04235840362800848, "38 of 59")]
    [InlineData("accumulate/1/4", 0.056173298206504206, "33 of 58")]
    public async Task Amplification_of_bias_against_the_training_data_is_as_published(string node, double value, string moved)
    {
        var series = await SeriesAsync("bias_pronoun", "biasamp_mals", "", "training_data");

        // From the logs in Python: mean over occupations of Σ (share of a pronoun among answers − in the training data) where that is above 1/3.
        Assert.Equal(value, series[node].GetProperty("value").GetDouble(), 1e-12);
        Assert.StartsWith($"{moved} shares of answers", series[node].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(26, series.Count);
    }

    [Fact]
    public async Task Seeds_are_averaged_when_asked()
    {
        string[] command = ["--lineage", "microworld", "--suite", "values", "--measure", "score_shift"];
        var single = (await demo.Driftline.PointsAsync(command)).ToDictionary(Key, point => point.GetProperty("value"));

        var points = await demo.Driftline.PointsAsync([.. command, "--aggregate", "seeds"]);

        var replace = points.Where(point => point.GetProperty("branch").GetString() == "replace").ToList();
        Assert.Equal(8, replace.Count);
        Assert.All(replace, point =>
        {
            var generation = point.GetProperty("generation");
            var (one, two) = (single[$"replace/1/{generation}"].GetDouble(), single[$"replace/2/{generation}"].GetDouble());
            Assert.Equal((one + two) / 2, point.GetProperty("value").GetDouble(), 1e-12);

            // Student's 97.5 % point with 1 degree of freedom times |x₁ − x₂|/2.
            Assert.Equal(12.706204736174698 * Math.Abs(one - two) / 2, point.GetProperty("hi").GetDouble() - point.GetProperty("value").GetDouble(), 1e-9);
            Assert.Equal((2, JsonValueKind.Null), (point.GetProperty("n").GetInt32(), point.GetProperty("seed").ValueKind));
        });
        Assert.All(points.Where(point => point.GetProperty("branch").GetString() == "accumulate"), point => Assert.Equal("too_few", point.GetProperty("status").GetString()));
    }

    private async Task<Dictionary<string, JsonElement>> SeriesAsync(string suite, string measure, string slice, string? baseline)
    {
        string[] narrowed = [.. slice.Length == 0 ? (string[])[] : ["--slice", slice], .. baseline is null ? (string[])[] : ["--baseline", baseline]];
        var points = await demo.Driftline.PointsAsync(["--lineage", "microworld", "--suite", suite, "--measure", measure, .. narrowed]);
        return points.ToDictionary(Key);
    }

    private static string Key(JsonElement node) => $"{node.GetProperty("branch")}/{node.GetProperty("seed")}/{node.GetProperty("generation")}";

    private static void Same(JsonElement fact, JsonElement point)
    {
        Assert.Equal(fact.GetProperty("value").GetDouble(), point.GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(fact.GetProperty("n").GetInt32(), point.GetProperty("n").GetInt32());
    }
}
