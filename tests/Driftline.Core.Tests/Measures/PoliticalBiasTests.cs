using Driftline.Core.Measures;
using Driftline.Core.Measures.Bias;
using Driftline.Core.Measures.Loops;
using Driftline.Core.Measures.Values;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

/// <summary>The published study of political bias over self-training rounds: one answer an article, three possible.</summary>
public sealed class PoliticalBiasTests
{
    private static readonly SuiteDefinition Suite = new() { Name = "political_bias", Family = SuiteFamily.Bias, PrimaryAnswer = "right", Worse = WorseDirection.Higher };
    private static readonly Lazy<Dictionary<(string, int), EvaluationTable>> Tables = new(Read);

    [Theory]
    [InlineData("synthetic", "Synthetic")]
    [InlineData("accumulation", "Accumulation")]
    public void Shares_Distances_And_Flips_MatchTheReference(string branch, string name)
    {
        var reference = Fixtures.Json("bias_amplification_gpt2.json").GetProperty(name);
        var shares = reference.GetProperty("share_LCR").EnumerateArray().ToArray();
        for (var g = 0; g <= 10; g++)
        {
            var answers = new AnswerShare().Compute(Input(branch, g, 0)).ToDictionary(s => s.Slice!, s => s.Estimate);
            foreach (var (answer, index) in new[] { ("left", 0), ("center", 1), ("right", 2) })
            {
                Assert.Equal(shares[g][index].GetDouble(), answers[$"answer={answer}"].Value!.Value, 1e-12);
            }

            Assert.Equal(1518, answers["answer=right"].N);
            if (g > 0)
            {
                Assert.Equal(reference.Numbers("js_distance_base2_vs_gen0")[g - 1], new JsDistance().Compute(Input(branch, g, 0)).Single().Estimate.Value!.Value, 1e-12);
                Assert.Equal(reference.Numbers("flip_vs_gen0")[g - 1], new FlipRate().Compute(Input(branch, g, 0)).Single().Estimate.Value!.Value, 1e-12);
                Assert.Equal(reference.Numbers("flip_vs_prev")[g - 1], new FlipRate().Compute(Input(branch, g, g - 1)).Single().Estimate.Value!.Value, 1e-12);
            }
        }
    }

    [Fact]
    public void RightShare_AtTheOrigin_HasWilsonsInterval()
    {
        var share = new AnswerShare().Compute(Input("synthetic", 0, 0)).Single(s => s.Slice == "answer=right").Estimate;
        var expected = Core.Statistics.Wilson.Interval(826, 1518);

        Assert.Equal(expected.Lo, share.Lo!.Value, 1e-12);
        Assert.Equal(expected.Hi, share.Hi!.Value, 1e-12);
    }

    [Fact]
    public void AmpDelta_WithoutPrimaryScore_IsThePairedChangeOfEachShare()
    {
        var delta = new AmpDelta().Compute(Input("synthetic", 6, 0)).ToDictionary(s => s.Slice!, s => s.Estimate);
        var right = delta["answer=right"];

        // 413 articles became right-leaning and 214 ceased to be, of 1518.
        var mean = (413 - 214) / 1518.0;
        var stdErr = Math.Sqrt((((413 + 214) / 1518.0) - (mean * mean)) / 1517);
        Assert.Equal(mean, right.Value!.Value, 1e-12);
        Assert.Equal(stdErr, right.StdErr!.Value, 1e-12);
        Assert.InRange(right.PValue!.Value, 1e-16, 1e-14);
        Assert.Equal(0, delta.Values.Sum(e => e.Value!.Value), 1e-12);
    }

    [Fact]
    public void JsDistance_OfRealDrift_IsFarAboveItsNoiseFloor()
    {
        var distance = new JsDistance().Compute(Input("synthetic", 6, 0)).Single().Estimate;

        Assert.Equal(0.001, distance.PValue!.Value, 1e-12);
        Assert.True(distance.Lo > distance.FloorP95);
        Assert.InRange(distance.FloorMean!.Value, 0.005, 0.03);
    }

    [Fact]
    public void Slope_OfTheRightShare_MatchesSciPy()
    {
        var points = Enumerable.Range(0, 11).Select(g => new SeriesValue(
            g, new AnswerShare().Compute(Input("synthetic", g, 0)).Single(s => s.Slice == "answer=right").Estimate.Value!.Value, null)).ToArray();

        var slope = new AmpSlope().Compute(points);

        Assert.Equal(0.009222661396574445, slope.Value!.Value, 1e-12);
        Assert.Equal(-0.0019762845849802535, slope.Lo!.Value, 1e-12);
        Assert.Equal(0.021848924022837057, slope.Hi!.Value, 1e-12);
        Assert.Equal(0.41818181818181815, slope.Tau!.Value, 1e-12);
        Assert.Equal(0.08656124739458072, slope.PValue!.Value, 1e-12);
    }

    [Fact]
    public void Slope_OfQuality_MatchesSciPy()
    {
        var quality = Fixtures.Json("bias_amplification_gpt2.json").GetProperty("Synthetic").Numbers("tqi_mean");

        var slope = new Trend().Compute([.. quality.Select((value, g) => new SeriesValue(g, value, null))]);

        Assert.Equal(-0.07074874821748543, slope.Value!.Value, 1e-12);
        Assert.Equal(-0.0857972794761199, slope.Lo!.Value, 1e-12);
        Assert.Equal(-0.04881275760342563, slope.Hi!.Value, 1e-12);
    }

    private static MeasureInput Input(string branch, int generation, int baseline) => new()
    {
        Suite = Suite,
        Current = Tables.Value[(branch, generation)],
        Baseline = Tables.Value[(branch, baseline)],
        Origin = Tables.Value[(branch, 0)],
        Seed = 11,
    };

    private static Dictionary<(string, int), EvaluationTable> Read()
    {
        var tables = new Dictionary<(string, int), EvaluationTable>();
        foreach (var line in File.ReadLines(Path.Combine(Fixtures.Folder, "bias_amplification_gpt2_answers.txt")))
        {
            var parts = line.Split(' ');
            var generation = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            var builder = new TableBuilder("political_bias", generation, parts[0]) { Options = ["left", "center", "right"] };
            for (var i = 0; i < parts[2].Length; i++)
            {
                builder.Add($"{i + 1}", answer: parts[2][i] switch { 'L' => "left", 'C' => "center", _ => "right" });
            }

            tables[(parts[0], generation)] = builder.Build();
        }

        return tables;
    }
}
