using Driftline.Core.Measures;

namespace Driftline.Core.Figures;

/// <summary>How the answers of one branch and seed are spread over the options, generation by generation.</summary>
public sealed record AnswerShareFigure : FigureSpec
{
    /// <summary>The branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The seed, if any.</summary>
    public string? Seed { get; init; }

    /// <summary>Branch and seed as written beside the figure.</summary>
    public required string Label { get; init; }

    /// <summary>The branch's looks; absent for a reference.</summary>
    public LineStyle? Style { get; init; }

    /// <summary>Whether the answers are in order, so that their colours run from one end to the other.</summary>
    public required bool Ordinal { get; init; }

    /// <summary>Generations.</summary>
    public required FigureAxis X { get; init; }

    /// <summary>Shares, 0 to 1.</summary>
    public required FigureAxis Y { get; init; }

    /// <summary>Answers from the bottom of the stack to its top.</summary>
    public required IReadOnlyList<AnswerShares> Answers { get; init; }
}

/// <summary>The shares of one answer.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Points">By generation; generations without answers are left out.</param>
public sealed record AnswerShares(string Answer, IReadOnlyList<SharePoint> Points);

/// <summary>The share of one answer at one generation.</summary>
public sealed record SharePoint
{
    /// <summary>The generation.</summary>
    public required int Generation { get; init; }

    /// <summary>The share, 0 to 1.</summary>
    public required double Value { get; init; }

    /// <summary>Share and interval as people say them.</summary>
    public required string Text { get; init; }

    /// <summary>Units of analysis.</summary>
    public int N { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }
}

/// <summary>Makes answer share figures.</summary>
public static class AnswerShareFigureBuilder
{
    /// <summary>Builds the figure from one series per answer (slices <c>answer=…</c> of <c>answer_share</c>).</summary>
    /// <param name="answers">One series per answer, in the order of the options where they are known.</param>
    /// <param name="definition">The measure's definition.</param>
    /// <param name="lanes">The lineage's lanes.</param>
    /// <param name="lane">The lane to show.</param>
    /// <param name="view">The generations to show.</param>
    /// <param name="ordinal">Whether the options are in order.</param>
    public static AnswerShareFigure Build(
        IReadOnlyList<MeasureSeries> answers, MeasureDefinition? definition, LineageLanes lanes, Lane lane, FigureView view, bool ordinal)
    {
        var shares = answers.Select(series => Shares(series, definition, lanes, lane, view)).Where(answer => answer.Points.Count > 0).ToList();
        var generations = shares.SelectMany(answer => answer.Points).Select(point => point.Generation).Distinct().Order().ToList();
        var title = $"Answers of {lane.Label}, {(answers.Count > 0 ? answers[0].Suite : "no suite")}";
        return new AnswerShareFigure
        {
            Title = title,
            Lineage = answers.Count > 0 ? answers[0].Lineage : "",
            Measure = "answer_share",
            Suite = answers.Count > 0 ? answers[0].Suite : "",
            Baseline = "none",
            Branch = lane.Branch,
            Seed = lane.Seed,
            Label = lane.Label,
            Style = LineStyle.Of(lane),
            Ordinal = ordinal,
            X = FigureAxes.Generations(generations.Count == 0 ? 0 : generations[0], generations.Count == 0 ? lanes.LastGeneration : generations[^1]),
            Y = new FigureAxis("share of answers", 0, 1, [new(0, "0"), new(.25, ".25"), new(.5, ".5"), new(.75, ".75"), new(1, "1")]),
            Answers = shares,
            Summary = Summary(title, shares),
            Empty = shares.Count > 0 ? null : $"{lane.Label} has no answers in the chosen generations. Import samples with an \"answer\" to fill this.",
        };
    }

    private static AnswerShares Shares(MeasureSeries series, MeasureDefinition? definition, LineageLanes lanes, Lane lane, FigureView view)
    {
        var line = new LanePoints(
            new LineFigureInput { Series = series, Definition = definition, Lanes = lanes, View = view },
            MeasureScale.Of(series, definition)).Line(lane);
        return new AnswerShares(series.Slice is { } slice ? Slice.Parse(slice)[^1].Value : "",
        [
            .. line.Points.Where(point => point.Value is not null).Select(point => new SharePoint
            {
                Generation = point.Generation,
                Value = point.Value!.Value,
                Text = point.Text,
                N = point.N,
                Model = point.Model,
            }),
        ]);
    }

    private static string Summary(string title, List<AnswerShares> shares)
    {
        var parts = shares.Select(answer => answer.Points.Count == 1
            ? $"“{answer.Answer}” {answer.Points[0].Text}"
            : $"“{answer.Answer}” {answer.Points[0].Text} at generation {answer.Points[0].Generation}, {answer.Points[^1].Text} at generation {answer.Points[^1].Generation}");
        return shares.Count == 0 ? $"{title}: nothing to draw." : $"{title}. {string.Join("; ", parts)}.";
    }
}
