using Driftline.Core.Figures;
using Driftline.Core.Measures.Recipes;

namespace Driftline.Core.Tests.Figures;

/// <summary>The same lines with intervals of the model, of the recipe, and with seeds averaged.</summary>
public sealed class IntervalKindTests
{
    private static readonly LineFigureInput Shift = new()
    {
        Series = RecipeIntervals.Add(Microworld.UnknownShift, Microworld.RateShift, new RecipeEvidence { Given = 0.1 }),
        Definition = Microworld.RateShift,
        Lanes = Microworld.Lanes,
    };

    [Fact]
    public void Intervals_of_the_recipe_hold_those_of_the_model_and_say_where_the_noise_comes_from()
    {
        var model = LineFigureBuilder.Build(Shift);
        var recipe = LineFigureBuilder.Build(Shift with { View = new FigureView { Interval = IntervalKind.Recipe } });

        var points = Points(model).Zip(Points(recipe)).Where(pair => pair.First.Generation > 0).ToList();
        Assert.Equal(25, points.Count);
        Assert.All(points, pair => Assert.True(pair.Second.Lo < pair.First.Lo && pair.Second.Hi > pair.First.Hi && pair.Second.Value == pair.First.Value));
        Assert.Equal(["n = 50", "95 % interval of the recipe, prompts and training noise", "Training noise .100 (SD), as set for this lineage"], FigureRemarks.Of(recipe));
        Assert.Contains("intervals of the recipe, over prompts and training noise. Training noise .100 (SD), as set for this lineage.", FigureCaption.Of(recipe), StringComparison.Ordinal);
        Assert.Equal(["n = 50", "95 % interval, prompts only"], FigureRemarks.Of(model));
    }

    [Fact]
    public void Without_any_source_the_interval_stays_and_it_is_said()
    {
        var input = Shift with
        {
            Series = RecipeIntervals.Add(Microworld.UnknownShift, Microworld.RateShift, new RecipeEvidence()),
            View = new FigureView { Interval = IntervalKind.Recipe },
        };

        var recipe = LineFigureBuilder.Build(input);

        Assert.Equal(Points(LineFigureBuilder.Build(Shift)).Select(point => point.Hi), Points(recipe).Select(point => point.Hi));
        Assert.Contains("Training noise not estimated: intervals cover prompts only", FigureRemarks.Of(recipe));
    }

    [Fact]
    public void Averages_of_seeds_are_one_line_a_branch_and_need_two_seeds()
    {
        var lanes = LineageLanes.From(
            Microworld.Lanes.All.SelectMany(lane => lane.Nodes).Concat(Microworld.Lanes.Roots)
                .Select(node => node with { Key = node.Key with { Seed = null }, Parent = node.Parent is { } parent ? parent with { Seed = null } : null })
                .DistinctBy(node => node.Key),
            ["replace", "accumulate", "null"]);

        var figure = LineFigureBuilder.Build(Shift with { Lanes = lanes, View = new FigureView { Interval = IntervalKind.Seeds } });

        var line = Assert.Single(figure.Lines);
        Assert.Equal(("replace", null, 9), (line.Label, line.Seed, line.Points.Count));
        Assert.All(line.Points.Skip(1), point => Assert.Equal(2, point.N));
        Assert.Contains("95 % interval over seeds", FigureRemarks.Of(figure));
        Assert.Contains("no value for accumulate, null", figure.Notes);
    }

    [Theory]
    [InlineData(0.01, "beyond its interval since generation 2. More than training noise explains since generation 2.")]
    [InlineData(0.15, "beyond its interval since generation 2. More than training noise explains since generation 7.")]
    [InlineData(0.5, "beyond its interval since generation 2. No more than training noise explains.")]
    public void A_headline_says_since_when_training_noise_does_not_explain_it(double sd, string sentence)
    {
        var input = Shift with { Series = RecipeIntervals.Add(Microworld.UnknownShift, Microworld.RateShift, new RecipeEvidence { Given = sd }) };

        Assert.Contains(sentence, Headline.Of(input)!.Sentence, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("training noise", Headline.Of(input with { View = new FigureView { Interval = IntervalKind.Recipe } })!.Sentence, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<FigurePoint> Points(LineFigure figure) => figure.Lines.SelectMany(line => line.Points);
}
