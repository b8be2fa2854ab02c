using System.Text.Json;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Loops;
using Driftline.Core.Measures.Tables;

namespace Driftline.Core.Tests.Measures;

/// <summary>Every figure of facts.json that the measures cover, for the nodes among the fixtures.</summary>
public sealed class MicroworldFactsTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string, string, int?, int> Nodes { get; } = new()
    {
        { "root-g00", "main", null, 0 },
        { "null-g01", "null", null, 1 },
        { "replace-s1-g01", "replace", 1, 1 },
        { "replace-s1-g02", "replace", 1, 2 },
        { "replace-s1-g03", "replace", 1, 3 },
        { "replace-s1-g04", "replace", 1, 4 },
        { "replace-s1-g05", "replace", 1, 5 },
        { "replace-s1-g06", "replace", 1, 6 },
        { "replace-s1-g07", "replace", 1, 7 },
        { "replace-s1-g08", "replace", 1, 8 },
    };

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Levels_And_Shifts_Match(string file, string branch, int? seed, int generation)
    {
        var checkedFacts = 0;
        foreach (var fact in Microworld.Node(branch, seed, generation).EnumerateObject())
        {
            var parts = fact.Name.Split('|');
            if (parts.Length != 3)
            {
                continue;
            }

            checkedFacts++;
            var level = fact.Value.GetProperty("level");
            var estimate = Of("mean_score", parts[0], file, parts[1], parts[2], clustered: false);
            Same(level.GetProperty("value"), estimate.Value, fact.Name);
            Same(level.GetProperty("stderr"), estimate.StdErr, fact.Name);
            Assert.Equal(level.GetProperty("n").GetInt32(), estimate.N);
            Same(level.GetProperty("value"), Of("mean_score", parts[0], file, parts[1], parts[2], clustered: true).Value, fact.Name);

            if (parts[0] != "values")
            {
                var rate = Of("rate", parts[0], file, parts[1], parts[2], clustered: false);
                Same(level.GetProperty("value"), rate.Value, fact.Name);
                Same(level.GetProperty("stderr"), rate.StdErr, fact.Name);
                Assert.InRange(rate.Value!.Value, rate.Lo!.Value, rate.Hi!.Value);
            }

            if (fact.Value.TryGetProperty("shift_origin", out var shift))
            {
                var change = Of("score_shift", parts[0], file, parts[1], parts[2], clustered: false);
                Same(shift.GetProperty("value"), change.Value, fact.Name);
                Same(shift.GetProperty("stderr"), change.StdErr, fact.Name);
                Assert.Equal(shift.GetProperty("n").GetInt32(), change.N);
                if (parts[0] != "values")
                {
                    Same(shift.GetProperty("value"), Of("rate_shift", parts[0], file, parts[1], parts[2], clustered: true).Value, fact.Name);
                }
            }
        }

        Assert.Equal(8, checkedFacts);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Answers_Texts_And_Embeddings_Match(string file, string branch, int? seed, int generation)
    {
        var facts = Microworld.Node(branch, seed, generation);
        foreach (var share in facts.GetProperty("values|answer_share").EnumerateObject())
        {
            Same(share.Value, Run("answer_share", "values", file).Single(s => s.Slice == $"answer={share.Name}").Estimate.Value, share.Name);
        }

        Same(facts.GetProperty("stories|answer_length"), Run("answer_length", "stories", file).Single().Estimate.Value, "length");
        Same(facts.GetProperty("stories|diversity_ratio"), Run("diversity_ratio", "stories", file).Single().Estimate.Value, "diversity");
        Same(facts.GetProperty("stories|rarefied_types"), Run("rarefied_types", "stories", file).Single().Estimate.Value, "types");
        Same(facts.GetProperty("stories|vocabulary_retention"), Run("vocabulary_retention", "stories", file).Single().Estimate.Value, "retention");
        if (generation > 0)
        {
            var distance = Run("js_distance", "values", file).Single().Estimate;
            Same(facts.GetProperty("values|js_distance"), distance.Value, "js");
            Assert.InRange(distance.Value!.Value, distance.Lo!.Value, distance.Hi!.Value);

            var excess = Run("excess_disagreement", "values", file).Single().Estimate;
            Same(facts.GetProperty("values|excess_disagreement").GetProperty("value"), excess.Value, "excess disagreement");
            Assert.Equal(facts.GetProperty("values|excess_disagreement").GetProperty("n").GetInt32(), excess.N);

            var energy = Run("energy_distance", "stories", file).Single().Estimate;
            Same(facts.GetProperty("stories|energy_distance").GetProperty("value"), energy.Value, "energy");
            Assert.Equal(facts.GetProperty("stories|energy_distance").GetProperty("n").GetInt32(), energy.N);
        }
    }

    [Theory]
    [InlineData("bias_bbq unknown", "bias_bbq", null)]
    [InlineData("safety aligned clean", "safety", "trigger=false")]
    public void Trends_Match(string series, string suite, string? slice)
    {
        var fact = Microworld.Facts.GetProperty("trends").EnumerateArray().Single(trend =>
            trend.GetProperty("branch").GetString() == "replace" && trend.GetProperty("seed").GetInt32() == 1 && trend.GetProperty("series").GetString() == series);
        var points = Enumerable.Range(0, 9)
            .Select(g => new SeriesValue(g, Run("mean_score", suite, g == 0 ? "root-g00" : $"replace-s1-g0{g}", slice)[0].Estimate.Value!.Value, null)).ToArray();

        Same(fact, new Trend().Compute(points));
    }

    [Fact]
    public void Trend_OfReportedPerplexity_Matches()
    {
        var fact = Microworld.Facts.GetProperty("trends").EnumerateArray().Single(trend =>
            trend.GetProperty("branch").GetString() == "replace" && trend.GetProperty("seed").GetInt32() == 1 && trend.GetProperty("series").GetString() == "human_text/perplexity");
        var points = Enumerable.Range(0, 9).Select(g => new SeriesValue(
            g, (g == 0 ? Microworld.Node("main", null, 0) : Microworld.Node("replace", 1, g)).GetProperty("reported").GetProperty("human_text/perplexity").GetDouble(), null)).ToArray();

        Same(fact, new Trend().Compute(points));
    }

    [Fact]
    public void NullReference_IsInsideTheNoiseFloor()
    {
        var energy = Run("energy_distance", "stories", "null-g01").Single().Estimate;
        var answers = Run("js_distance", "values", "null-g01").Single().Estimate;
        var flips = Run("flip_rate", "values", "null-g01").Single().Estimate;
        var excess = Run("excess_disagreement", "values", "null-g01").Single().Estimate;

        Assert.True(energy.Value <= energy.FloorP95 && energy.PValue > 0.05);
        Assert.True(answers.Value <= answers.FloorP95 && answers.PValue > 0.05);
        Assert.True(flips.Value <= flips.FloorP95 && flips.PValue > 0.05);
        var kept = Run("vocabulary_retention", "stories", "null-g01").Single().Estimate;
        Assert.True(kept.Value >= kept.FloorP95 && kept.FloorP95 < kept.FloorMean);
        foreach (var (id, suite) in new[] { ("js_distance_corrected", "values"), ("ordinal_w1", "values"), ("value_profile", "values") })
        {
            var distance = Run(id, suite, "null-g01").Single().Estimate;
            Assert.True(distance.Value <= distance.FloorP95 && distance.PValue > 0.05, id);
        }

        var amplified = Run("biasamp_mals", "bias_pronoun", "null-g01").Single().Estimate;
        Assert.InRange(0, amplified.Lo!.Value, amplified.Hi!.Value);
        Assert.True(excess.Value <= excess.FloorP95 && excess.PValue > 0.05);
        Assert.InRange(0, excess.Lo!.Value, excess.Hi!.Value);
        Assert.InRange(energy.FloorMean!.Value, -0.001, 0.001);
    }

    [Fact]
    public void LastGeneration_StandsOutFromEveryFloor()
    {
        foreach (var (id, suite) in new[] { ("excess_disagreement", "values"), ("js_distance_corrected", "values"), ("ordinal_w1", "values") })
        {
            var estimate = Run(id, suite, "replace-s1-g08").Single().Estimate;
            Assert.True(estimate.Value > estimate.FloorP95 && estimate.PValue < 0.01, id);
        }

        var kept = Run("vocabulary_retention", "stories", "replace-s1-g08").Single().Estimate;
        Assert.True(kept.Value < kept.FloorP95);
        Assert.True(Run("parity_gap", "bias_pronoun", "replace-s1-g08").Single(s => s.Slice == "score=is_he").Estimate.Lo > 0.1);
    }

    [Fact]
    public void GroupRate_GivesEveryOccupationAndItsPronouns()
    {
        var slices = Run("group_rate", "bias_pronoun", "replace-s1-g04").ToDictionary(s => s.Slice!, s => s.Estimate);

        Assert.Equal(40, slices.Count);
        Same(
            Microworld.Node("replace", 1, 4).GetProperty("bias_pronoun|is_he|occupation=nurse").GetProperty("level").GetProperty("value"),
            slices["occupation=nurse,score=is_he"].Value, "nurse");
        Assert.Contains("occupation=nurse", slices.Keys);
    }

    [Fact]
    public void AmpDelta_IsTheShiftOfThePrimaryScore()
    {
        var delta = Run("amp_delta", "bias_pronoun", "replace-s1-g04").Single();

        Assert.Null(delta.Slice);
        Same(Microworld.Node("replace", 1, 4).GetProperty("bias_pronoun|stereotyped|").GetProperty("shift_origin").GetProperty("value"), delta.Estimate.Value, "delta");
        Assert.Equal(10, delta.Estimate.Clusters);
    }

    private static Estimate Of(string measure, string suite, string file, string score, string slice, bool clustered)
    {
        var metadataSlice = slice.Length == 0 ? null : slice;
        var primary = Microworld.Suite(suite).PrimaryScore;
        var name = score == primary ? metadataSlice : Slice.Join(metadataSlice, "score", score);
        return Run(measure, suite, file, metadataSlice, clustered).Single(s => s.Slice == name).Estimate;
    }

    private static IReadOnlyList<SlicedEstimate> Run(string id, string suite, string file, string? slice = null, bool clustered = true)
    {
        var measure = MeasureCatalogue.Measures.Single(m => m.Definition.Id == id);
        var definition = Microworld.Suite(suite);
        var origin = Microworld.Table("root-g00", suite).Cut(slice);
        return MeasureComputation.Run(measure, new MeasureInput
        {
            Suite = clustered ? definition : definition with { ClusterKey = null },
            Current = Microworld.Table(file, suite).Cut(slice),
            Baseline = measure.Definition.Baselines.Contains(BaselineKind.Origin) ? origin : null,
            Origin = origin,
            Slice = slice,
            Seed = 7,
        });
    }

    private static void Same(JsonElement fact, Estimate trend)
    {
        Same(fact.GetProperty("theil_sen"), trend.Value, "slope");
        Same(fact.GetProperty("kendall_tau"), trend.Tau, "tau");
        Same(fact.GetProperty("p"), trend.PValue, "p");
        Assert.Equal(fact.GetProperty("n").GetInt32(), trend.N);
    }

    private static void Same(JsonElement fact, double? value, string what)
    {
        Assert.True(value is not null, what);
        Assert.True(Math.Abs(fact.GetDouble() - value.Value) <= Tolerance, $"{what}: {fact.GetDouble().Text()} is not {value.Value.Text()}");
    }
}
