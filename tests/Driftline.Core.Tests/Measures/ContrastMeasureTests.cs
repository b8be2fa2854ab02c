using Driftline.Core.Measures;
using Driftline.Core.Measures.Semantics;
using Driftline.Core.Measures.Values;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

/// <summary>Measures of prompts that answer otherwise than at the baseline, on cases that can be done by hand.</summary>
public sealed class ContrastMeasureTests
{
    private static readonly SuiteDefinition Suite = new() { Name = "suite", Family = SuiteFamily.Value };

    [Fact]
    public void ExcessDisagreement_CountsPairsOfDifferentAnswers()
    {
        // a: two of two pairs within differ by 0, all cross pairs differ: U = 2. b: cross 1/2, within now 1, within then 0: U = 0.
        var now = new TableBuilder(generation: 1).Add("a", 1, "x").Add("a", 2, "x").Add("b", 1, "x").Add("b", 2, "y").Build();
        var then = new TableBuilder().Add("a", 1, "y").Add("a", 2, "y").Add("b", 1, "x").Add("b", 2, "x").Build();

        var estimate = new ExcessDisagreement().Compute(Input(now, then)).Single().Estimate;

        Assert.Equal(1, estimate.Value!.Value, 1e-12);
        Assert.Equal(1, estimate.StdErr!.Value, 1e-12);
        Assert.Equal(2, estimate.N);
        Assert.EndsWith("Its signed root, on the scale of probabilities, is 1.000.", estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ExcessDisagreement_SingleAnswers_AreTooFew_AndSayWhatWouldHelp()
    {
        var now = new TableBuilder(generation: 1).Add("a", 1, "x").Add("b", 1, "x").Add("b", 2, "x").Build();
        var then = new TableBuilder().Add("a", 1, "y").Add("a", 2, "y").Add("b", 1, "x").Build();

        var estimate = new ExcessDisagreement().Compute(Input(now, then)).Single().Estimate;

        Assert.Equal(MeasureStatus.TooFew, estimate.Status);
        Assert.Null(estimate.Value);
        Assert.Contains("at least twice", estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ExcessDisagreement_StatedProbabilities_AreTakenAsTheyAre()
    {
        // The options of b sum to 2 and are made to sum to 1.
        var now = WithProbabilities(new TableBuilder(generation: 1), [("a", 0.9, 0.1), ("b", 1, 1)]);
        var then = WithProbabilities(new TableBuilder(), [("a", 0.5, 0.5), ("b", 0.5, 0.5)]);

        var estimate = new ExcessDisagreement().Compute(Input(now, then)).Single().Estimate;

        Assert.Equal(2 * 0.4 * 0.4 / 2, estimate.Value!.Value, 1e-12);
        Assert.Null(estimate.FloorP95);
        Assert.Contains("probabilities of options that the logs state", estimate.Reason, StringComparison.Ordinal);
        Assert.True(MeasureCatalogue.AppliesTo(new ExcessDisagreement(), Suite, now));
    }

    [Fact]
    public void ExcessDisagreement_ManyRepeats_AreDealtOneByOne_AndAgreeWithTheirExactNull()
    {
        // 3 + 3 answers are dealt in 20 ways, written out; 20 + 20 cannot be.
        foreach (var repeats in new[] { 3, 20 })
        {
            var now = new TableBuilder(generation: 1);
            var then = new TableBuilder();
            for (var prompt = 0; prompt < 20; prompt++)
            {
                for (var repeat = 1; repeat <= repeats; repeat++)
                {
                    now.Add($"{prompt:00}", repeat, repeat % 2 == 0 ? "x" : "y");
                    then.Add($"{prompt:00}", repeat, repeat % 3 == 0 ? "x" : "y");
                }
            }

            var estimate = new ExcessDisagreement().Compute(Input(now.Build(), then.Build())).Single().Estimate;

            // The null of a U-statistic that is free of bias has mean 0.
            Assert.InRange(estimate.FloorMean!.Value / estimate.FloorP95!.Value, -0.15, 0.15);
        }
    }

    [Fact]
    public void PromptCosine_IsTheSquaredDistanceOfDirections_ForRepeatsThatAgree()
    {
        var now = new TableBuilder(generation: 1).Add("a", 1, embedding: [2, 0]).Add("a", 2, embedding: [1, 0]).Add("b", 1, embedding: [0, 1]).Add("b", 2, embedding: [0, 3]).Build();
        var then = new TableBuilder().Add("a", 1, embedding: [0, 1]).Add("a", 2, embedding: [0, 5]).Add("b", 1, embedding: [0, 1]).Add("b", 2, embedding: [0, 3]).Build();

        var estimate = new PromptCosine().Compute(Input(now, then)).Single().Estimate;

        Assert.Equal(1, estimate.Value!.Value, 1e-12);
        Assert.Equal(2, estimate.N);
    }

    [Fact]
    public void PromptCosine_AndItsSingleForm_NeverStandSideBySide()
    {
        var single = new TableBuilder(generation: 1).Add("a", 1, embedding: [3, 4]).Add("a", 2).Add("b", 1, embedding: [1, 0]).Build();
        var repeated = new TableBuilder().Add("a", 1, embedding: [1, 0]).Add("a", 2, embedding: [0, 1]).Add("b", 1, embedding: [1, 0]).Build();

        Assert.False(MeasureCatalogue.AppliesTo(new PromptCosine(), Suite, single));
        Assert.True(MeasureCatalogue.AppliesTo(new PromptCosineSingle(), Suite, single));
        Assert.True(MeasureCatalogue.AppliesTo(new PromptCosine(), Suite, repeated));
        Assert.False(MeasureCatalogue.AppliesTo(new PromptCosineSingle(), Suite, repeated));

        var estimate = new PromptCosineSingle().Compute(Input(single, repeated)).Single().Estimate;

        // a: cosines .6 and .8 to the two outputs then; b: the same output.
        Assert.Equal(((0.4 + 0.2) / 2 + 0) / 2, estimate.Value!.Value, 1e-12);
        Assert.Null(estimate.FloorP95);
        Assert.Contains("Includes sampling noise", estimate.Reason, StringComparison.Ordinal);
        Assert.Equal(MeasureStatus.TooFew, new PromptCosine().Compute(Input(single, repeated)).Single().Estimate.Status);
    }

    [Fact]
    public void PromptContrast_OfOneAnswerASide_CannotBe() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromptContrast(3, 2, (_, _) => 1));

    private static EvaluationTable WithProbabilities(TableBuilder builder, (string Id, double X, double Y)[] prompts)
    {
        foreach (var (id, _, _) in prompts)
        {
            builder.Add(id);
        }

        builder.Probabilities = new Dictionary<string, double[]> { ["x"] = [.. prompts.Select(prompt => prompt.X)], ["y"] = [.. prompts.Select(prompt => prompt.Y)] };
        return builder.Build();
    }

    private static MeasureInput Input(EvaluationTable current, EvaluationTable baseline) => new() { Suite = Suite, Current = current, Baseline = baseline, Origin = baseline, Seed = 3 };
}
