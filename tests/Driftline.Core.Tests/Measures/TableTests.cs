using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

public sealed class TableTests
{
    [Fact]
    public void Slice_RoundTrip_AllowsCommasAndEqualsInValues()
    {
        var slice = Slice.Join(Slice.Of("dimension", "self-direction, thought=1"), "score", "aligned");

        Assert.Equal("dimension=self-direction, thought=1,score=aligned", slice);
        Assert.Equal([new("dimension", "self-direction, thought=1"), new("score", "aligned")], Slice.Parse(slice));
    }

    [Theory]
    [InlineData("power")]
    [InlineData("")]
    [InlineData("=power")]
    public void Slice_WithoutKey_IsRefused(string slice) => Assert.Contains("key=value", Assert.Throws<FormatException>(() => Slice.Parse(slice)).Message, StringComparison.Ordinal);

    [Fact]
    public void Cut_KeepsMatchingPromptsWithAllTheirColumns()
    {
        var table = Table();

        var cut = table.Cut("trigger=true,group=b");

        Assert.Equal(["p3"], cut.Prompts.Select(prompt => prompt.SampleId));
        Assert.Equal([0, 2], cut.RowStart);
        Assert.Equal([3.0, 3.5], cut.Scores["s"].Values);
        Assert.Equal(["no", "yes"], cut.Answers.Select(answer => cut.AnswerLabels[answer]));
        Assert.Equal(["out 3.1", "out 3.2"], cut.Outputs());
        Assert.Equal([3f, 1f, 3f, 2f], cut.Embeddings);
        Assert.NotEqual(table.ContentHash, cut.ContentHash);
    }

    [Fact]
    public void Cut_Nothing_IsTheTableItself()
    {
        var table = Table();

        Assert.Same(table, table.Cut(null));
        Assert.Same(table, table.Cut("answer=yes"));
        Assert.Empty(table.Cut("group=c").Prompts);
        Assert.Equal(0, table.Cut("group=c").Rows);
    }

    [Fact]
    public void Slices_AreDistinctValuesInOrder() => Assert.Equal(["group=a", "group=b", "trigger=false", "trigger=true"], Table().Slices(["group", "trigger", "absent"]));

    [Fact]
    public void PromptMeans_AverageRepeatsAndLeaveOutNoValue()
    {
        var table = new TableBuilder()
            .Add("a", 1, scores: Score(1)).Add("a", 2, scores: Score(null)).Add("a", 3, scores: Score(2))
            .Add("b", scores: Score(null)).Build();

        Assert.Equal([1.5, double.NaN], table.PromptMeans("s")!);
        Assert.Equal([0.5, double.NaN], table.PromptMeans("s", threshold: 2)!);
        Assert.Null(table.PromptMeans("absent"));
    }

    [Fact]
    public void Pairs_TextChangedUnderTheSameId_AreNotPairs()
    {
        var now = new TableBuilder().Add("a").Add("b", input: "new text").Add("c").Build();
        var then = new TableBuilder().Add("a").Add("b", input: "old text").Add("d").Build();

        var pairs = PromptPairs.Of(now, then);

        Assert.Equal(1, pairs.Count);
        Assert.Equal(5, pairs.All);
        Assert.Equal("4 of 5 prompts are on one side only (their id or text differs).", pairs.MissingNote);
    }

    [Fact]
    public void Modal_Ties_TakeTheFirstLabel()
    {
        var counts = new int[3];

        Assert.Equal(1, PromptAnswers.Modal([2, 1, 1, 2], counts));
        Assert.Equal(2, PromptAnswers.Modal([2, 1, 2], counts));
        Assert.Equal(-1, PromptAnswers.Modal([], counts));
        Assert.Equal([0, 0, 0], counts);
    }

    [Fact]
    public void Answers_LabelsInAnotherOrder_AreTheSameAnswers()
    {
        var now = new TableBuilder { Options = ["yes", "no"] }.Add("a", answer: "yes").Build();
        var then = new TableBuilder { Options = ["no", "maybe", "yes"] }.Add("a", answer: "yes").Build();

        var answers = PromptAnswers.Of(now, then, PromptPairs.Of(now, then));

        Assert.Equal(["yes", "no", "maybe"], answers.Labels);
        Assert.Equal(answers.Current[0], answers.Baseline[0]);
    }

    [Fact]
    public void ClusterIds_PromptWithoutTheKey_IsItsOwn()
    {
        var table = new TableBuilder()
            .Add("a", metadata: new Dictionary<string, string> { ["t"] = "x" }).Add("b").Add("c", metadata: new Dictionary<string, string> { ["t"] = "x" }).Add("d").Build();
        var suite = new SuiteDefinition { Name = "s", Family = SuiteFamily.Value, ClusterKey = "t" };

        Assert.Equal([0, 1, 0, 2], table.ClusterIds(suite, [0, 1, 2, 3]));
        Assert.Empty(table.ClusterIds(suite with { ClusterKey = null }, [0, 1, 2, 3]));
    }

    private static Dictionary<string, object?> Score(double? value) => new() { ["s"] = value };

    private static EvaluationTable Table()
    {
        var builder = new TableBuilder();
        foreach (var (prompt, group, trigger) in new[] { (1, "a", "true"), (2, "b", "false"), (3, "b", "true") })
        {
            for (var repeat = 1; repeat <= 2; repeat++)
            {
                builder.Add(
                    $"p{prompt}", repeat, repeat == 1 ? "no" : "yes", new Dictionary<string, object?> { ["s"] = prompt + ((repeat - 1) * 0.5) }, $"out {prompt}.{repeat}",
                    [prompt, repeat], new Dictionary<string, string> { ["group"] = group, ["trigger"] = trigger });
            }
        }

        return builder.Build();
    }
}
