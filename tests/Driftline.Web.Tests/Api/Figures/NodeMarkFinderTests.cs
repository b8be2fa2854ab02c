using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Figures;

namespace Driftline.Web.Tests.Api.Figures;

public sealed class NodeMarkFinderTests
{
    private static readonly NodeKey Parent = new("l", "main", null, 0);
    private static readonly NodeKey Child = new("l", "main", null, 1);
    private static readonly Dictionary<NodeKey, NodeKey> Parents = new() { [Child] = Parent };

    [Fact]
    public void Another_judge_than_the_parents_is_a_break_that_names_it()
    {
        var marks = NodeMarkFinder.Find([Evaluation(Parent, """{"judge":"a"}"""), Evaluation(Child, """{"judge":"b"}""")], Parents);

        var (node, reason) = Assert.Single(marks.Breaks);
        Assert.Equal(Child, node);
        Assert.StartsWith("safety: ", reason, StringComparison.Ordinal);
        Assert.Contains("a → b", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"judge":"a"}""", """{"judge":"a","dataset_digest":"x"}""")]
    [InlineData("""{"judge":"a"}""", null)]
    [InlineData(null, null)]
    public void What_is_equal_or_unknown_is_no_break(string? before, string? after)
    {
        Assert.Empty(NodeMarkFinder.Find([Evaluation(Parent, before), Evaluation(Child, after)], Parents).Breaks);
    }

    [Fact]
    public void An_evaluation_that_is_not_complete_is_marked()
    {
        var marks = NodeMarkFinder.Find([Evaluation(Parent, null), Evaluation(Child, null) with { Status = EvaluationStatus.Started }], Parents);

        Assert.Equal([Child], marks.Unfinished);
    }

    private static CurrentEvaluation Evaluation(NodeKey node, string? config) => new(node, "safety", EvaluationStatus.Success, config);
}
