using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

/// <summary>Answers as a suite's definition says.</summary>
public sealed class DefinedAnswersTests
{
    private static readonly SuiteDefinition Logged = new() { Name = "suite", Family = SuiteFamily.Bias };

    [Fact]
    public void The_answer_is_the_highest_score_the_first_of_equals_and_none_where_all_are_missing()
    {
        var table = new TableBuilder { Options = ["x", "y"] }
            .Add("1", answer: "x", scores: Scores(.2, .7))
            .Add("2", answer: "y", scores: Scores(.5, .5))
            .Add("3", answer: "x", scores: Scores(null, null))
            .Add("4", answer: "x", scores: Scores(null, .1))
            .Build();

        var read = table.ReadBy(Logged with { AnswerScores = ["left", "right"] });

        Assert.Equal(["left", "right"], read.AnswerLabels);
        Assert.Equal([1, 0, -1, 1], read.Answers);
        Assert.NotEqual(table.ContentHash, read.ContentHash);
    }

    [Fact]
    public void Scores_that_a_generation_lacks_make_no_answers()
    {
        var read = new TableBuilder().Add("1", answer: "x").Build().ReadBy(Logged with { AnswerScores = ["left", "right"] });

        Assert.Empty(read.Answers);
        Assert.Empty(read.AnswerLabels);
    }

    [Fact]
    public void Options_are_in_the_order_that_was_set_and_the_scale_moves_with_them()
    {
        var before = new TableBuilder { Options = ["low", "high", "mid"] };
        var after = new TableBuilder(generation: 1) { Options = ["low", "high", "mid"] };
        for (var i = 0; i < 20; i++)
        {
            before.Add($"{i}", answer: "low");
            after.Add($"{i}", answer: i % 2 == 0 ? "low" : "mid");
        }

        var set = Logged with
        {
            Ordinal = true,
            Options = ["low", "mid", "high"],
            Reasons = new Dictionary<string, string> { ["options"] = SuiteInference.SetByPerson },
        };

        Assert.Equal(["low", "mid", "high"], after.Build().ReadBy(set).AnswerLabels);
        Assert.Equal(1, after.Build().ReadBy(set).Answers[1]);
        Assert.Equal(.5, Distance(before, after, set with { Reasons = new Dictionary<string, string>() }), 12);
        Assert.Equal(.25, Distance(before, after, set), 12);
    }

    [Fact]
    public void What_the_definition_leaves_to_the_log_is_left_alone()
    {
        var table = new TableBuilder { Options = ["x", "y"] }.Add("1", answer: "y").Build();

        Assert.Same(table, table.ReadBy(Logged with { Options = ["y", "x"] }));
    }

    private static double Distance(TableBuilder before, TableBuilder after, SuiteDefinition suite)
    {
        var input = new MeasureInput { Suite = suite, Current = after.Build().ReadBy(suite), Baseline = before.Build().ReadBy(suite), Origin = before.Build().ReadBy(suite), Seed = 1 };
        return MeasureCatalogue.Measures.Single(measure => measure.Definition.Id == "ordinal_w1").Compute(input).Single().Estimate.Value!.Value;
    }

    private static Dictionary<string, object?> Scores(double? left, double? right) => new() { ["left"] = left, ["right"] = right };
}
