using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Figures;

public sealed class HeadlineTests
{
    private static readonly LineFigureInput Unknown = new()
    {
        Series = Microworld.Unknown,
        Definition = Microworld.Rate,
        Lanes = Microworld.Lanes,
        SinceOrigin = Microworld.UnknownShift,
    };

    [Fact]
    public void The_line_that_moved_most_leads_and_a_level_says_its_change()
    {
        var headline = Headline.Of(Unknown)!;

        Assert.Equal(("replace s2", 8, ".990"), (headline.Lane.Label, headline.Generation, headline.Value));
        Assert.StartsWith("[", headline.Beside, StringComparison.Ordinal);
        Assert.Equal(50, headline.N);
        Assert.Equal(
            "Up 35.0\u00A0points [25.2, 44.8] since generation 0: beyond its interval since generation 2. replace s1 moved the other way.",
            headline.Sentence);
    }

    [Fact]
    public void Worse_and_better_are_said_where_they_are_known()
    {
        var worse = Headline.Of(Unknown with { SinceOrigin = Microworld.UnknownShift with { Worse = WorseDirection.Higher } })!;
        var better = Headline.Of(Unknown with { SinceOrigin = Microworld.UnknownShift with { Worse = WorseDirection.Lower } })!;

        Assert.Equal("replace s2", worse.Lane.Label);
        Assert.Contains("since generation 2, for the worse.", worse.Sentence, StringComparison.Ordinal);

        // replace s2 moved farther, but for the better.
        Assert.Equal("replace s1", better.Lane.Label);
        Assert.Contains(", for the worse.", better.Sentence, StringComparison.Ordinal);
        Assert.Contains("replace s2 moved the other way", better.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_is_its_own_value()
    {
        var headline = Headline.Of(new LineFigureInput { Series = Microworld.UnknownShift, Definition = Microworld.RateShift, Lanes = Microworld.Lanes })!;

        Assert.Equal(("+35.0\u00A0points", "[25.2, 44.8]"), (headline.Value, headline.Beside));
        Assert.StartsWith("Beyond its interval since generation 2.", headline.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_its_interval_explains_is_no_change()
    {
        var view = new FigureView { Branches = ["accumulate"] };

        var headline = Headline.Of(Unknown with { View = view })!;

        Assert.Equal("accumulate s1", headline.Lane.Label);
        Assert.EndsWith("since generation 0: within the interval.", headline.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distance_is_judged_by_its_noise_floor()
    {
        var headline = Headline.Of(new LineFigureInput { Series = Microworld.Distance, Definition = Microworld.JsDistance, Lanes = Microworld.Lanes })!;

        Assert.Equal("noise floor .0400", headline.Beside);
        Assert.Matches("^Above its noise floor since generation [0-9]+\\. ", headline.Sentence);
    }

    [Fact]
    public void A_distance_below_its_floor_says_so()
    {
        var low = Microworld.Distance with
        {
            Points = [.. Microworld.Distance.Points.Select(point => point with { Estimate = point.Estimate with { FloorP95 = 1 } })],
        };

        var headline = Headline.Of(new LineFigureInput { Series = low, Definition = Microworld.JsDistance, Lanes = Microworld.Lanes })!;

        Assert.StartsWith("Within its noise floor at generation", headline.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("stay within their noise floors.", headline.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_interval_and_floor_only_the_difference_is_said()
    {
        var headline = Headline.Of(new LineFigureInput
        {
            Series = Microworld.Perplexity,
            Lanes = Microworld.Lanes,
            View = new FigureView { Branches = ["replace"] },
        })!;

        Assert.Equal(("replace s1", "2.28", ""), (headline.Lane.Label, headline.Value, headline.Beside));
        Assert.Equal("Up .409 since generation 0. replace s2 moved less.", headline.Sentence);
    }

    [Fact]
    public void Against_the_parent_only_the_last_step_is_judged()
    {
        var steps = Microworld.UnknownShift with { Baseline = Baseline.Parent };

        var headline = Headline.Of(new LineFigureInput { Series = steps, Definition = Microworld.RateShift, Lanes = Microworld.Lanes })!;

        Assert.StartsWith("Beyond its interval. ", headline.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_beyond_the_origin_is_no_headline()
    {
        Assert.Null(Headline.Of(Unknown with { View = new FigureView { To = 0 } }));
        Assert.Null(Headline.Of(Unknown with { View = new FigureView { Branches = ["no such branch"] } }));
    }

    [Fact]
    public void A_measure_whose_fall_is_worse_stands_out_below_its_floor()
    {
        var low = Microworld.Distance with
        {
            Points = [.. Microworld.Distance.Points.Select(point => point with { Estimate = point.Estimate with { Value = point.Estimate.Value - 1, FloorMean = .8, FloorP95 = .75 } })],
        };
        var high = low with { Points = [.. low.Points.Select(point => point with { Estimate = point.Estimate with { Value = .76 } })] };

        Assert.StartsWith("Below its noise floor", Headline.Of(new LineFigureInput { Series = low, Definition = Microworld.JsDistance, Lanes = Microworld.Lanes })!.Sentence, StringComparison.Ordinal);
        Assert.StartsWith("Within its noise floor", Headline.Of(new LineFigureInput { Series = high, Definition = Microworld.JsDistance, Lanes = Microworld.Lanes })!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distance_without_a_floor_is_not_judged()
    {
        var bare = Microworld.Distance with
        {
            Points = [.. Microworld.Distance.Points.Select(point => point with { Estimate = point.Estimate with { Lo = .01, Hi = .9, FloorMean = null, FloorP95 = null } })],
        };

        Assert.StartsWith("No noise floor at generation", Headline.Of(new LineFigureInput { Series = bare, Definition = Microworld.JsDistance, Lanes = Microworld.Lanes })!.Sentence, StringComparison.Ordinal);
    }
}
