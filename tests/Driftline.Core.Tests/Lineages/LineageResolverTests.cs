using Driftline.Core.Lineages;

namespace Driftline.Core.Tests.Lineages;

public sealed class LineageResolverTests
{
    [Fact]
    public void Resolve_BranchesAndSeedsOverOneRoot_ShareIt()
    {
        // the shape of microworld: one generation 0 on main, arms that name their parent's model
        var graph = Graph.Of(
            Graph.Node("main", null, 0, "mw-g0"),
            Graph.Node("replace", "1", 1, "r1-1", "mw-g0"),
            Graph.Node("replace", "1", 2, "r1-2", "r1-1"),
            Graph.Node("replace", "2", 1, "r2-1", "mw-g0"),
            Graph.Node("replace", "2", 2, "r2-2", "r2-1"),
            Graph.Node("accumulate", "1", 1, "a1-1", "mw-g0"));

        Assert.Equal("data<-mw-g0, init<-mw-g0", graph.Parents("r1-1"));
        Assert.Equal("data<-mw-g0, init<-mw-g0", graph.Parents("a1-1"));
        Assert.Equal("data<-r2-1, init<-r2-1", graph.Parents("r2-2"));
        Assert.Equal("", graph.Parents("mw-g0"));
        Assert.All(graph.Nodes, node => Assert.Equal("mw-g0", graph.Origin(node.Model)));
        Assert.All(graph.Nodes, node => Assert.False(graph.IsReference(node.Model)));
    }

    [Fact]
    public void Resolve_NothingDeclared_FollowsTheGenerationBeforeAndTheSharedRoot()
    {
        var graph = Graph.Of(
            Graph.Node("main", null, 0, "root"),
            Graph.Node("replace", "1", 1, "r1"),
            Graph.Node("replace", "1", 2, "r2"),
            Graph.Node("other", null, 1, "o1"),
            Graph.Node("other", "5", 2, "o2-s5"));

        Assert.Equal("data<-root, init<-root", graph.Parents("r1"));
        Assert.Equal("data<-r1, init<-r1", graph.Parents("r2"));
        Assert.Equal("data<-o1, init<-o1", graph.Parents("o2-s5"));
        Assert.Equal("root", graph.Origin("r2"));
    }

    [Fact]
    public void Resolve_BranchesWithTheirOwnGeneration0AndAReference_KeepApart()
    {
        // the shape of gpt2-political-bias
        var reference = new DeclaredParent(0, "base", null, "gpt2", ParentRole.Reference);
        var graph = Graph.Of(
            new LineageNode(Graph.Key("base", null, 0), "gpt2", []),
            new LineageNode(Graph.Key("synthetic", null, 0), "s0", [reference]),
            new LineageNode(Graph.Key("synthetic", null, 1), "s1", [reference]),
            new LineageNode(Graph.Key("accumulation", null, 0), "a0", [reference]),
            new LineageNode(Graph.Key("accumulation", null, 1), "a1", []));

        Assert.True(graph.IsReference("gpt2"));
        Assert.False(graph.IsReference("s0"));
        Assert.Equal("reference<-gpt2", graph.Parents("s0"));
        Assert.Equal("reference<-gpt2, data<-s0, init<-s0", graph.Parents("s1"));
        Assert.Equal("data<-a0, init<-a0", graph.Parents("a1"));
        Assert.Equal("s0", graph.Origin("s1"));
        Assert.Equal("a0", graph.Origin("a1"));
        Assert.Equal("gpt2", graph.Origin("gpt2"));
    }

    [Fact]
    public void Resolve_OneRootThatIsNotMainBesideAReference_IsTheSharedRoot()
    {
        var graph = Graph.Of(
            new LineageNode(Graph.Key("base", null, 0), "ref", []),
            new LineageNode(Graph.Key("seed-corpus", null, 0), "root", [new DeclaredParent(0, "base", null, null, ParentRole.Reference)]),
            Graph.Node("arm", "1", 1, "arm1"));

        Assert.Equal("data<-root, init<-root", graph.Parents("arm1"));
        Assert.Equal("root", graph.Origin("arm1"));
    }

    [Fact]
    public void Resolve_AGap_LeavesNoEdgeButFindsTheOrigin()
    {
        var graph = Graph.Of(Graph.Node("main", null, 0, "g0"), Graph.Node("main", null, 5, "g5"));

        Assert.Equal("", graph.Parents("g5"));
        Assert.Equal("g0", graph.Origin("g5"));
    }

    [Fact]
    public void Resolve_NoGeneration0_HasNoOrigin()
    {
        var graph = Graph.Of(Graph.Node("main", null, 3, "g3"), Graph.Node("main", null, 4, "g4"));

        Assert.Null(graph.Origin("g4"));
        Assert.Equal("data<-g3, init<-g3", graph.Parents("g4"));
    }

    [Fact]
    public void Resolve_ServedNameThatRepeats_TakesTheNearestOfTheSameArm()
    {
        var graph = Graph.Of(
            new LineageNode(Graph.Key("main", null, 0), "student", []),
            new LineageNode(Graph.Key("a", null, 1), "student", [Graph.ByName("student")]),
            new LineageNode(Graph.Key("b", null, 1), "student", [Graph.ByName("student")]),
            new LineageNode(Graph.Key("b", null, 2), "student", [Graph.ByName("student")]));

        Assert.Equal([0, 0], graph.Resolved[1].Parents.Select(p => p.Parent));
        Assert.Equal([0, 0], graph.Resolved[2].Parents.Select(p => p.Parent));
        Assert.Equal([2, 2], graph.Resolved[3].Parents.Select(p => p.Parent));
    }

    [Fact]
    public void Resolve_DeclaredGenerations_MeanTheChildsArmUnlessTheySaySo()
    {
        // restarts from the root with the predecessor's data, taught by another arm
        var graph = Graph.Of(
            Graph.Node("main", null, 0, "root"),
            new LineageNode(Graph.Key("star", "1", 1), "star1", []),
            new LineageNode(Graph.Key("teach", null, 1), "teacher", []),
            new LineageNode(Graph.Key("star", "1", 2), "star2", [
                new DeclaredParent(1, null, null, null, ParentRole.Data, 0.7),
                new DeclaredParent(0, null, null, null, ParentRole.Init),
                new DeclaredParent(1, "teach", null, null, ParentRole.Teacher)]));

        Assert.Equal("data<-star1, init<-root, teacher<-teacher", graph.Parents("star2"));
        Assert.Equal(0.7, graph.Resolved[3].Parents[0].Weight);
    }

    [Fact]
    public void Resolve_DeclaredModelThatIsSomethingElse_IsNotTaken()
    {
        var graph = Graph.Of(
            Graph.Node("main", null, 0, "root"),
            new LineageNode(Graph.Key("main", null, 1), "g1", [new DeclaredParent(0, null, null, "another", ParentRole.Data)]));

        Assert.Equal("", graph.Parents("g1"));
    }

    [Fact]
    public void Resolve_AForkWithoutARootOfItsOwn_ReachesTheOriginThroughItsParents()
    {
        var graph = Graph.Of(
            Graph.Node("left", null, 0, "l0"),
            Graph.Node("left", null, 1, "l1"),
            Graph.Node("right", null, 0, "r0"),
            new LineageNode(Graph.Key("fork", null, 2), "f2", [new DeclaredParent(1, "left", null, null, ParentRole.Data)]),
            Graph.Node("fork", null, 3, "f3"));

        Assert.Equal("l0", graph.Origin("f3"));
        Assert.Equal("r0", graph.Origin("r0"));
    }

    [Fact]
    public void Resolve_Checkpoints_BelongToTheirGenerationAndHaveNoChildren()
    {
        var graph = Graph.Of(
            Graph.Node("main", null, 0, "g0"),
            new LineageNode(Graph.Key("main", null, 1) with { Checkpoint = "half" }, "g1-half", []),
            Graph.Node("main", null, 1, "g1"),
            Graph.Node("main", null, 2, "g2"));

        Assert.Equal("data<-g0, init<-g0", graph.Parents("g1-half"));
        Assert.Equal("data<-g1, init<-g1", graph.Parents("g2"));
        Assert.Equal("g0", graph.Origin("g1-half"));
    }

    [Fact]
    public void Resolve_ParentsInACircle_Ends()
    {
        var graph = Graph.Of(
            new LineageNode(Graph.Key("a", null, 1), "a", [new DeclaredParent(1, "b", null, null, ParentRole.Data)]),
            new LineageNode(Graph.Key("b", null, 1), "b", [new DeclaredParent(1, "a", null, null, ParentRole.Data)]));

        Assert.Equal("data<-b", graph.Parents("a"));
        Assert.Null(graph.Origin("a"));
    }

    [Fact]
    public void Resolve_AnyOrderOfNodes_GivesTheSameGraph()
    {
        LineageNode[] nodes =
        [
            Graph.Node("main", null, 0, "root"),
            Graph.Node("a", "1", 1, "a1", "root"),
            Graph.Node("a", "1", 2, "a2"),
            Graph.Node("a", "2", 1, "b1", "root"),
            new LineageNode(Graph.Key("a", "2", 2), "b2", [new DeclaredParent(0, null, null, "root", ParentRole.Reference)]),
        ];
        var expected = Describe(Graph.Of(nodes));

        Assert.Equal(expected, Describe(Graph.Of([.. nodes.Reverse()])));
        Assert.Equal(expected, Describe(Graph.Of([nodes[3], nodes[1], nodes[4], nodes[0], nodes[2]])));

        static IEnumerable<string> Describe(Graph graph) =>
            graph.Nodes.Select(n => $"{n.Model}: {graph.Parents(n.Model)} from {graph.Origin(n.Model)}").Order(StringComparer.Ordinal);
    }

    private sealed record Graph(IReadOnlyList<LineageNode> Nodes, IReadOnlyList<ResolvedNode> Resolved)
    {
        public static Graph Of(params LineageNode[] nodes) => new(nodes, LineageResolver.Resolve(nodes));

        public static NodeKey Key(string branch, string? seed, int generation) => new("lab", branch, seed, generation);

        public static LineageNode Node(string branch, string? seed, int generation, string model, string? parentModel = null) =>
            new(Key(branch, seed, generation), model, parentModel is null ? [] : [ByName(parentModel)]);

        public static DeclaredParent ByName(string model) => new(null, null, null, model, ParentRole.Data);

        public string Parents(string model) => string.Join(", ", Of(model).Parents.Select(p => $"{p.Role.ToString().ToLowerInvariant()}<-{Nodes[p.Parent].Model}"));

        public string? Origin(string model) => Of(model).Origin is { } origin ? Nodes[origin].Model : null;

        public bool IsReference(string model) => Of(model).IsReference;

        private ResolvedNode Of(string model) => Resolved[Nodes.Index().First(n => n.Item.Model == model).Index];
    }
}
