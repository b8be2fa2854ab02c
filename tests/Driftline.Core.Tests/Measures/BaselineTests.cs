using Driftline.Core.Lineages;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Measures;

public sealed class BaselineTests
{
    [Theory]
    [InlineData("none", BaselineKind.None, null)]
    [InlineData("origin", BaselineKind.Origin, null)]
    [InlineData("parent", BaselineKind.Parent, null)]
    [InlineData("training_data", BaselineKind.TrainingData, null)]
    [InlineData("branch:replace", BaselineKind.Branch, "replace")]
    [InlineData("branch:a:b/c", BaselineKind.Branch, "a:b/c")]
    [InlineData("node:replace/s1/3", BaselineKind.Node, "replace/s1/3")]
    [InlineData("node:main/0", BaselineKind.Node, "main/0")]
    public void It_reads_what_it_writes(string text, BaselineKind kind, string? argument)
    {
        var baseline = Baseline.Parse(text);
        Assert.Equal((kind, argument), (baseline.Kind, baseline.Argument));
        Assert.Equal(text, baseline.ToString());
        Assert.Equal(Baseline.Parse(text), baseline);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Origin")]
    [InlineData("branch:")]
    [InlineData("node:")]
    [InlineData("node:replace")]
    [InlineData("node:replace/s1")]
    [InlineData("node:replace/s/1")]
    [InlineData("node:replace/s1/x")]
    [InlineData("node:replace/s1/-1")]
    [InlineData("node:replace/s1/1/a/b")]
    public void What_is_none_is_refused_with_the_way_out(string text)
    {
        Assert.False(Baseline.TryParse(text, out _));
        var refused = Assert.Throws<FormatException>(() => Baseline.Parse(text));
        Assert.Contains(text.StartsWith("node:", StringComparison.Ordinal) ? "node:replace/s1/3" : "branch:B", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replace", "1", 3, null, "replace/s1/3")]
    [InlineData("main", null, 0, null, "main/0")]
    [InlineData("main", null, 4, "step-500", "main/4/step-500")]
    [InlineData("a/b", "x/y", 12, "50%", "a%2Fb/sx%2Fy/12/50%25")]
    [InlineData("s1", "s", 0, "0", "s1/ss/0/0")]
    [InlineData("ä b", "1", 1, null, "ä b/s1/1")]
    public void The_id_of_a_node_names_it_and_can_be_read_again(string branch, string? seed, int generation, string? checkpoint, string id)
    {
        var node = new NodeKey("world", branch, seed, generation, checkpoint);
        Assert.Equal(id, node.Id);
        Assert.Equal(node, NodeKey.FromId("world", id));
        Assert.Equal(Baseline.OfNode(node), Baseline.Parse($"node:{id}"));
    }

    [Theory]
    [InlineData("origin", "against generation 0")]
    [InlineData("branch:replace", "against branch replace")]
    [InlineData("node:replace/s1/3", "against replace-s1 generation 3")]
    public void It_says_against_what(string text, string words) => Assert.Equal(words, Baseline.Parse(text).InWords());
}
