using Driftline.Core.Figures;

namespace Driftline.Core.Tests.Figures;

public sealed class AnswerShareFigureTests
{
    private static readonly Lane Replace1 = Microworld.Lanes.Find("replace", "1")!;

    [Fact]
    public void Shares_start_at_the_shared_root_and_add_up_to_one()
    {
        var figure = Build(FigureView.All);

        Assert.Equal(["strongly disagree", "disagree", "agree", "strongly agree"], figure.Answers.Select(answer => answer.Answer));
        for (var generation = 0; generation <= 8; generation++)
        {
            Assert.Equal(1, figure.Answers.Sum(answer => answer.Points[generation].Value), 9);
        }
    }

    [Fact]
    public void The_range_of_generations_is_kept()
    {
        var figure = Build(new FigureView { From = 2, To = 4 });

        Assert.All(figure.Answers, answer => Assert.Equal([2, 3, 4], answer.Points.Select(point => point.Generation)));
    }

    [Fact]
    public void Without_answers_it_says_what_would_fill_it()
    {
        var figure = AnswerShareFigureBuilder.Build([], null, Microworld.Lanes, Replace1, FigureView.All, ordinal: false);

        Assert.Contains("replace s1 has no answers", figure.Empty, StringComparison.Ordinal);
    }

    private static AnswerShareFigure Build(FigureView view) => AnswerShareFigureBuilder.Build(
        Microworld.AnswerShares,
        Microworld.Definition("answer_share", "Answer share", "share", "[0, 1]", Core.Measures.BaselineKind.None),
        Microworld.Lanes,
        Replace1,
        view,
        ordinal: true);
}
