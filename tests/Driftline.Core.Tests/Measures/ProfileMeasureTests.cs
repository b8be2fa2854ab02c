using Driftline.Core.Measures;
using Driftline.Core.Measures.Bias;
using Driftline.Core.Measures.Semantics;
using Driftline.Core.Measures.Values;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

/// <summary>Profiles of answers, scores, groups and words on cases that can be done by hand.</summary>
public sealed class ProfileMeasureTests
{
    private static readonly SuiteDefinition Suite = new()
    {
        Name = "suite", Family = SuiteFamily.Bias, Ordinal = true, PrimaryScore = "s", DimensionKey = "dimension", GroupKey = "group", FreeText = true,
    };

    [Fact]
    public void OrdinalW1_CountsSteps_AsSharesOfTheScale()
    {
        // One of four answers moves two of three steps.
        var estimate = new OrdinalW1().Compute(Input(Answers(1, "a", "b", "c", "d"), Answers(0, "a", "d", "c", "d"))).Single().Estimate;

        Assert.Equal(0.25 * 2 / 3, estimate.Value!.Value, 1e-12);
        Assert.Null(estimate.Lo);
        Assert.True(MeasureCatalogue.AppliesTo(new OrdinalW1(), Suite, Answers(0, "a")));
        Assert.False(MeasureCatalogue.AppliesTo(new OrdinalW1(), Suite with { Ordinal = false }, Answers(0, "a")));
    }

    [Fact]
    public void OrdinalW1_OptionsInAnotherOrder_AreNotOneScale()
    {
        var turned = new TableBuilder(generation: 1) { Options = ["d", "c", "b", "a"] }.Add("0", 1, "a").Build();

        var estimate = new OrdinalW1().Compute(Input(turned, Answers(0, "a"))).Single().Estimate;

        Assert.Equal(MeasureStatus.NotComparable, estimate.Status);
        Assert.Contains("a, b, c, d → d, c, b, a", estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void JsDistanceCorrected_IsTheDivergenceLessItsNull()
    {
        var now = Answers(1, [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "a" : "b")]);
        var then = Answers(0, [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? "a" : "b")]);

        var raw = new JsDistance().Compute(Input(now, then)).Single().Estimate;
        var corrected = new JsDistanceCorrected().Compute(Input(now, then)).Single().Estimate;

        // Ten prompts differ; dealt anew, "a" goes to each side Binomial(10, ½) times: JSD computed over the 11 outcomes.
        double expected = 0;
        double ways = 1;
        for (var k = 0; k <= 10; k++)
        {
            expected += ways / 1024 * Math.Pow(JensenShannon.Distance([10 + k, 30 - k], [20 - k, 20 + k]), 2);
            ways = ways * (10 - k) / (k + 1);
        }

        var root = Math.Sqrt((raw.Value!.Value * raw.Value.Value) - expected);
        Assert.Equal(root, corrected.Value!.Value, 0.01);
        Assert.InRange(corrected.Value.Value, corrected.Lo!.Value, corrected.Hi!.Value);
    }

    [Fact]
    public void JsDistanceCorrected_OfAnUnchangedModel_CoversZero()
    {
        var covered = 0;
        for (var trial = 0; trial < 100; trial++)
        {
            var random = new SeededRandom((ulong)trial);
            var estimate = new JsDistanceCorrected().Compute(Input(Draw(1, ref random), Draw(0, ref random))).Single().Estimate;
            covered += estimate.Lo <= 0 && estimate.Hi >= 0 ? 1 : 0;
        }

        Assert.InRange(covered, 92, 100);

        static EvaluationTable Draw(int generation, ref SeededRandom random)
        {
            var answers = new string[60];
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = "abcd"[random.NextInt(4)].ToString();
            }

            return Answers(generation, answers);
        }
    }

    [Theory]
    [InlineData("power", "security", true)]
    [InlineData("Self_direction", "universalism: nature", true)]
    [InlineData("power", "powerlessness", false)]
    [InlineData("honesty", "openness", false)]
    public void ValueProfile_SchwartzValues_AreTakenRelativeToTheMean(string one, string other, bool ipsatised)
    {
        // The first dimension rises by 3 and the second by 1: 2 in the mean.
        var now = Scores(1, one, other, 4, 2);
        var then = Scores(0, one, other, 1, 1);

        var estimate = new ValueProfile().Compute(Input(now, then)).Single().Estimate;

        Assert.Equal(ipsatised ? Math.Sqrt(2) : Math.Sqrt(10), estimate.Value!.Value, 1e-12);
        Assert.Equal(ipsatised, estimate.Reason?.Contains("Schwartz", StringComparison.Ordinal) ?? false);
        Assert.Equal(12, estimate.N);

        // Single answers have no floor.
        Assert.Null(estimate.FloorP95);
        Assert.InRange(estimate.Value.Value, estimate.Lo!.Value, estimate.Hi!.Value);
    }

    [Fact]
    public void ValueProfile_IsOfWholeSuitesWithDimensions()
    {
        var table = Scores(0, "a", "b", 1, 2);

        Assert.True(MeasureCatalogue.AppliesTo(new ValueProfile(), Suite, table));
        Assert.False(MeasureCatalogue.AppliesTo(new ValueProfile(), Suite, table, "dimension=a"));
        Assert.False(MeasureCatalogue.AppliesTo(new ValueProfile(), Suite with { DimensionKey = null }, table));
        Assert.Equal(MeasureStatus.TooFew, new ValueProfile().Compute(Input(Scores(1, "a", "a", 1, 2), Scores(0, "a", "a", 1, 2))).Single().Estimate.Status);
    }

    [Fact]
    public void ParityGap_TakesSamplingAway()
    {
        var certain = Groups(prompt => prompt % 2 == 0 ? 1 : 0.4);
        var noisy = Groups(prompt => prompt % 4 < 2 ? 1 : 0);

        // Rates 1 and .4 without noise: SD = .6/√2.
        var gap = new ParityGap().Compute(Input(certain, null)).Single().Estimate;
        Assert.Equal(0.6 / Math.Sqrt(2), gap.Value!.Value, 1e-12);
        Assert.Equal(gap.Value.Value, gap.Lo!.Value, 1e-12);

        // Both rates are .5: the gap is 0, not the noise of ten prompts a group.
        var none = new ParityGap().Compute(Input(noisy, null)).Single().Estimate;
        Assert.Equal(0, none.Value);
        Assert.Equal(0, none.Lo);
        Assert.True(none.Hi > 0);
        Assert.Contains("no more than sampling", none.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cluster")]
    public void ParityGap_SquaredIsFreeOfBias_AndItsIntervalHoldsTheTruth(string? clusterKey)
    {
        const int Trials = 300;
        var covered = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var random = new SeededRandom((ulong)trial + 5);
            var shared = Enumerable.Range(0, 20).Select(_ => random.NextNormal()).ToArray();
            var table = new TableBuilder(generation: 1);
            for (var group = 0; group < 4; group++)
            {
                for (var prompt = 0; prompt < 20; prompt++)
                {
                    var score = group + (clusterKey is null ? 0 : 2 * shared[prompt]) + (2 * random.NextNormal());
                    table.Add($"{group}-{prompt:00}", scores: new Dictionary<string, object?> { ["s"] = score }, metadata: new Dictionary<string, string> { ["group"] = $"g{group}", ["cluster"] = $"c{prompt}" });
                }
            }

            var estimate = new ParityGap().Compute(Input(table.Build(), null) with { Suite = Suite with { ClusterKey = clusterKey } }).Single().Estimate;
            covered += estimate.Lo <= Math.Sqrt(5.0 / 3) && estimate.Hi >= Math.Sqrt(5.0 / 3) ? 1 : 0;
        }

        Assert.InRange(covered / (double)Trials, 0.91, 0.99);
    }

    [Fact]
    public void BiasAmplification_FollowsThePreferredAnswers()
    {
        // Nurses were "she" throughout and are half of the time; pilots were "he" and stay so.
        var now = Pronouns(1, repeat => repeat % 2 == 0 ? "he" : "she", _ => "he");
        var then = Pronouns(0, _ => "she", _ => "he");

        var estimate = new BiasAmplification().Compute(Input(now, then)).Single().Estimate;

        Assert.Equal(-0.25, estimate.Value!.Value, 1e-12);
        Assert.Equal(12, estimate.N);
        Assert.EndsWith("2 of 3 shares of answers by group moved by more than 0.05.", estimate.Reason, StringComparison.Ordinal);
        Assert.False(MeasureCatalogue.AppliesTo(new BiasAmplification(), Suite with { Family = SuiteFamily.Value }, now));
        Assert.Empty(new BiasAmplification().Compute(Input(now, then) with { Suite = Suite with { Benchmark = "bbq" } }));
    }

    [Fact]
    public void VocabularyRetention_CountsTheBaselinesWordsOnly()
    {
        var then = new TableBuilder();
        var now = new TableBuilder(generation: 1);
        for (var i = 0; i < 10; i++)
        {
            then.Add($"{i}", output: "red green blue gold grey");
            now.Add($"{i}", output: "red green cyan teal pink");
        }

        var origin = then.Build();
        var kept = new VocabularyRetention().Compute(Input(now.Build(), origin)).Single().Estimate;
        var self = new VocabularyRetention().Compute(Input(origin, origin)).Single().Estimate;
        var types = new RarefiedTypes().Compute(Input(now.Build(), origin)).Single().Estimate;

        // At 40 of 50 words all types that occur ten times are seen almost surely.
        Assert.Equal(0.4, kept.Value!.Value, 1e-6);
        Assert.Equal(1, self.Value!.Value, 1e-12);
        Assert.True(kept.FloorP95 <= kept.FloorMean && kept.Value < kept.FloorP95);
        Assert.Equal(5, types.Value!.Value, 1e-6);
    }

    private static EvaluationTable Answers(int generation, params string[] answers)
    {
        var builder = new TableBuilder(generation: generation) { Options = ["a", "b", "c", "d"] };
        foreach (var (i, answer) in answers.Index())
        {
            builder.Add($"{i}", 1, answer);
        }

        return builder.Build();
    }

    private static EvaluationTable Scores(int generation, string one, string other, double first, double second)
    {
        var builder = new TableBuilder(generation: generation);
        for (var i = 0; i < 12; i++)
        {
            builder.Add($"{i:00}", scores: new Dictionary<string, object?> { ["s"] = i < 6 ? first : second }, metadata: new Dictionary<string, string> { ["dimension"] = i < 6 ? one : other });
        }

        return builder.Build();
    }

    private static EvaluationTable Groups(Func<int, double> score)
    {
        var builder = new TableBuilder(generation: 1);
        for (var i = 0; i < 20; i++)
        {
            builder.Add($"{i:00}", scores: new Dictionary<string, object?> { ["s"] = score(i) }, metadata: new Dictionary<string, string> { ["group"] = i % 2 == 0 ? "a" : "b" });
        }

        return builder.Build();
    }

    private static EvaluationTable Pronouns(int generation, Func<int, string> nurse, Func<int, string> pilot)
    {
        var builder = new TableBuilder(generation: generation);
        for (var i = 0; i < 12; i++)
        {
            for (var repeat = 1; repeat <= 2; repeat++)
            {
                builder.Add($"{i:00}", repeat, i < 6 ? nurse(repeat) : pilot(repeat), metadata: new Dictionary<string, string> { ["group"] = i < 6 ? "nurse" : "pilot" });
            }
        }

        return builder.Build();
    }

    private static MeasureInput Input(EvaluationTable current, EvaluationTable? baseline) => new() { Suite = Suite, Current = current, Baseline = baseline, Origin = baseline, Seed = 3 };
}
