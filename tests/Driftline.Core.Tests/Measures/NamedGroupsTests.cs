using Driftline.Core.Measures;
using Driftline.Core.Measures.Bias;
using Driftline.Core.Measures.Values;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

/// <summary>Contrasts that a suite's definition asks for, and changes in units of single answers.</summary>
public sealed class NamedGroupsTests
{
    private static readonly SuiteDefinition Suite = new()
    {
        Name = "suite", Family = SuiteFamily.Bias, PrimaryScore = "s", GroupKey = "group", Contrast = ["men", "women"],
    };

    [Fact]
    public void The_gap_of_two_named_groups_is_the_signed_difference_of_their_rates()
    {
        var table = Groups(("men", [1, 1, 0, 1]), ("women", [0, 1, 0, 0]), ("others", [1, 1, 1, 1]));

        var gap = Gap(table, Suite);
        var turned = Gap(table, Suite with { Contrast = ["women", "men"] });

        // Rates .75 and .25, each with a variance of .25 among four prompts.
        Assert.Equal(0.5, gap.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.25 / 4 * 2), gap.StdErr!.Value, 1e-12);
        Assert.Equal(0.5 - (Quantiles.StudentT(6) * gap.StdErr.Value), gap.Lo!.Value, 1e-12);
        Assert.Equal(8, gap.N);
        Assert.Equal((-gap.Value.Value, -gap.Hi!.Value), (turned.Value!.Value, turned.Lo!.Value));
    }

    [Fact]
    public void Clusters_that_span_both_groups_take_their_share_out_of_the_difference()
    {
        var paired = Groups(("men", [5, 1, 3, 7]), ("women", [4, 0, 2, 6]));

        Assert.Equal(0, Gap(paired, Suite with { ClusterKey = "template" }).StdErr!.Value, 1e-12);
        Assert.True(Gap(paired, Suite).StdErr > 1);
    }

    [Fact]
    public void A_named_group_that_is_not_there_is_said()
    {
        var gap = Gap(Groups(("men", [1, 0]), ("others", [1, 0])), Suite);

        Assert.Equal(MeasureStatus.NoData, gap.Status);
        Assert.Contains("between 'men' and 'women', but the groups of at least 2 prompts with a value of 's' are men, others", gap.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contrast_needs_two_groups_and_a_key()
    {
        var facts = new SuiteFacts
        {
            Name = "suite", Scores = new Dictionary<string, ScoreFacts>(), Answers = [], Options = [], MetadataKeys = new Dictionary<string, int> { ["group"] = 3 }, Metrics = [],
        };
        var fine = Suite with { PrimaryScore = null };

        Assert.Empty(SuiteCheck.Faults(fine, facts));
        Assert.Equal("contrast", Assert.Single(SuiteCheck.Faults(fine with { GroupKey = null }, facts)).Key);
        Assert.Equal("contrast", Assert.Single(SuiteCheck.Faults(fine with { Contrast = ["men", "men"] }, facts)).Key);
        Assert.Equal("contrast", Assert.Single(SuiteCheck.Faults(fine with { Contrast = ["men", ""] }, facts)).Key);
        Assert.Equal(["men", "women"], SuiteDefinitionJson.Deserialize(SuiteDefinitionJson.Serialize(Suite)).Contrast);
    }

    [Fact]
    public void A_change_is_also_told_in_standard_deviations_of_single_answers_at_the_origin()
    {
        var origin = Groups(("men", [1, 2, 3, 4]));
        var now = Groups(("men", [3, 3, 4, 6]));
        var input = new MeasureInput { Suite = Suite, Current = now, Baseline = origin, Origin = origin, Seed = 1 };

        var shift = new ScoreShift().Compute(input).Single().Estimate;
        var scaled = new ScoreShiftSd().Compute(input).Single().Estimate;

        // The SD of 1, 2, 3, 4 is √(5/3).
        Assert.Equal(1.5 / Math.Sqrt(5 / 3.0), scaled.Value!.Value, 1e-12);
        Assert.Equal(shift.Hi!.Value / Math.Sqrt(5 / 3.0), scaled.Hi!.Value, 1e-12);
        Assert.Equal(shift.PValue, scaled.PValue);
        Assert.Contains("That is 1.16 SD", shift.Reason, StringComparison.Ordinal);
        Assert.Equal(MeasureStatus.Undefined, new ScoreShiftSd().Compute(input with { Origin = null }).Single().Estimate.Status);
        Assert.Equal(MeasureStatus.Undefined, new ScoreShiftSd().Compute(input with { Origin = Groups(("men", [2, 2])) }).Single().Estimate.Status);
    }

    [Fact]
    public void Measures_that_are_means_over_prompts_say_what_each_prompt_adds()
    {
        var origin = Groups(("men", [1, 2, 3, 4]), ("women", [0, 1, 1, 0]));
        var now = Groups(("men", [3, 3, 4, 6]), ("women", [1, 1, 1, 0]));
        var input = new MeasureInput { Suite = Suite, Current = now, Baseline = origin, Origin = origin, Seed = 1 };

        foreach (var measure in MeasureCatalogue.Measures.OfType<IPromptMean>())
        {
            var estimates = measure.Compute(input).Where(each => each.Estimate.Value is not null).ToDictionary(each => each.Slice ?? "", each => each.Estimate.Value!.Value);
            var values = measure.ValuesByPrompt(input).ToDictionary(each => each.Slice ?? "", each => each.Values.Average(prompt => prompt.Value));
            Assert.Equal(estimates.Keys.Order(), values.Keys.Order());
            Assert.All(estimates, estimate => Assert.Equal(estimate.Value, values[estimate.Key], 1e-12));
        }
    }

    private static Estimate Gap(EvaluationTable table, SuiteDefinition suite) =>
        Assert.Single(new ParityGap().Compute(new MeasureInput { Suite = suite, Current = table, Seed = 1 })).Estimate;

    private static EvaluationTable Groups(params (string Group, double[] Scores)[] groups)
    {
        var table = new TableBuilder(generation: 1);
        foreach (var (group, scores) in groups)
        {
            foreach (var (i, score) in scores.Index())
            {
                table.Add(
                    $"{group}-{i}",
                    answer: score > 2 ? "high" : "low",
                    scores: new Dictionary<string, object?> { ["s"] = score },
                    output: string.Join(' ', Enumerable.Repeat("word", (int)score + 1)),
                    metadata: new Dictionary<string, string> { ["group"] = group, ["template"] = $"t{i}" });
            }
        }

        return table.Build();
    }
}
