using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Pages;
using Driftline.Web.Tests.Api.Figures;
using Driftline.Web.Tests.Components.Charts;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Components.Pages;

public sealed class AnalysisPagesTests : ChartContext
{
    private static readonly SuiteDefinition Values = new() { Name = "values", Family = SuiteFamily.Value, PrimaryScore = "score", DimensionKey = "dimension" };
    private static readonly SuiteDefinition Politics = new() { Name = "politics", Family = SuiteFamily.Bias, PrimaryAnswer = "right", Options = ["left", "right"], Worse = WorseDirection.Higher };
    private static readonly SuiteDefinition Stories = new() { Name = "stories", Family = SuiteFamily.Semantic, FreeText = true };

    [Fact]
    public void Values_show_the_change_of_every_suite_and_the_maps_of_every_line()
    {
        ValueSuite();

        var page = RenderIn<ValuesPage>(Scope());

        var row = Assert.Single(page.FindAll("tbody tr"));
        Assert.Contains("replace s2 · 2", row.TextContent, StringComparison.Ordinal);
        Assert.Equal(3, page.FindAll("h2").Count(title => title.TextContent.StartsWith("By dimension, ", StringComparison.Ordinal)));
        Assert.Equal(3, Figures.Count(figure => figure.Contains("figures/heatmap", StringComparison.Ordinal) && figure.Contains("shared=1", StringComparison.Ordinal)));
    }

    [Fact]
    public void Choosing_the_line_of_the_answers_is_in_the_address()
    {
        ValueSuite();
        var page = RenderIn<ValuesPage>(Scope());

        page.FindAll("select")[^1].Change("replace s2");

        Assert.Equal("lane=replace%20s2", Assert.Single(Shown).Other);
    }

    [Fact]
    public void The_address_chooses_the_suite_and_the_line()
    {
        ValueSuite();
        Services.GetRequiredService<NavigationManager>().NavigateTo("lineages/toy/values?suite=values&lane=replace%20s2");

        RenderIn<ValuesPage>(Scope());

        Assert.Contains(Figures, figure => figure.Contains("figures/shares", StringComparison.Ordinal) && figure.Contains("branch=replace&seed=2", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_without_suites_lead_on()
    {
        var page = RenderIn<ValuesPage>(Scope());

        Assert.Equal("imports", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Bias_follows_one_answer_and_shows_its_trend()
    {
        Series.WithSuite(
            Politics,
            new SeriesKey("answer_share", "politics", "answer=left", Baseline.None),
            new SeriesKey("answer_share", "politics", "answer=right", Baseline.None),
            new SeriesKey("amp_delta", "politics", "answer=left", Baseline.Origin),
            new SeriesKey("amp_delta", "politics", "answer=right", Baseline.Origin),
            new SeriesKey("amp_slope", "politics", "answer=right", Baseline.None));
        Series.Estimate = (key, node) => key.Measure == "amp_slope"
            ? new Estimate { Value = .0092, Lo = -.002, Hi = .022, Tau = .42, PValue = .0866, N = 11 }
            : FakeSeries.Value(node.Generation * .1);

        var page = RenderIn<BiasPage>(Scope());

        Assert.Contains(Figures, figure => figure.Contains("measure=amp_delta&suite=politics&slice=answer%3Dright", StringComparison.Ordinal));
        Assert.Equal(["left", "right"], page.FindAll("select")[^1].QuerySelectorAll("option").Select(option => option.TextContent));
        var trend = page.FindAll("table")[^1].QuerySelector("tbody tr")!.TextContent;
        Assert.Contains("+.00920", trend, StringComparison.Ordinal);
        Assert.Contains("p = .087", trend, StringComparison.Ordinal);
    }

    [Fact]
    public void Amplification_of_bias_stands_against_origin_parent_and_training_data_beside_each_other()
    {
        Series.WithSuite(
            Politics,
            new SeriesKey("answer_share", "politics", "answer=right", Baseline.None),
            new SeriesKey("biasamp_mals", "politics", null, Baseline.Origin),
            new SeriesKey("biasamp_mals", "politics", null, Baseline.Parent),
            new SeriesKey("biasamp_mals", "politics", null, Baseline.TrainingData));

        var page = RenderIn<BiasPage>(Scope(View with { Baseline = Baseline.Parent }));

        Assert.Equal(
            ["politics, against the parent", "politics, against generation 0", "politics, against the training data"],
            page.FindAll(".card").Where(card => card.QuerySelector("h2, h3")?.TextContent.Trim() == "Bias amplification").Select(card => card.QuerySelector(".card-note, .note, header span")!.TextContent.Trim()));
        Assert.Contains(Figures, figure => figure.Contains("measure=biasamp_mals&suite=politics&baseline=training_data", StringComparison.Ordinal));
    }

    [Fact]
    public void Observed_bias_stands_beside_its_budget_and_whether_it_is_within_is_said()
    {
        Series.WithSuite(
            Politics,
            new SeriesKey("answer_share", "politics", "answer=right", Baseline.None),
            new SeriesKey("feedback_bound", "politics", null, Baseline.None),
            new SeriesKey("feedback_bound", "politics", "kind=observed", Baseline.None));
        Series.Estimate = (key, node) => key.Slice is null ? FakeSeries.Value(.2) : FakeSeries.Value(node switch { { Branch: "replace", Seed: "1" } => .4, { Branch: "replace" } => .28, _ => .1 });

        var page = RenderIn<BiasPage>(Scope());

        Assert.Single(page.FindAll("h2"), title => title.TextContent == "Amplification budget");
        Assert.Contains("replace s1: .400 of .200 at generation 2, beyond it, more than the choice of prompts explains", page.Markup, StringComparison.Ordinal);
        Assert.Contains("replace s2: .280 of .200 at generation 2, beyond it, by no more than the choice of prompts explains", page.Markup, StringComparison.Ordinal);
        Assert.Contains("accumulate s1: .100 of .200 at generation 2, within it", page.Markup, StringComparison.Ordinal);
        Assert.Contains(Figures, figure => figure.Contains("measure=feedback_bound&suite=politics&slice=kind%3Dobserved", StringComparison.Ordinal));
        Assert.DoesNotContain(Figures, figure => figure.Contains("measure=feedback_bound&suite=politics&", StringComparison.Ordinal) && !figure.Contains("slice=kind", StringComparison.Ordinal));
    }

    [Fact]
    public void Comparisons_that_are_being_computed_have_their_places_already()
    {
        Series.Computing = true;
        Series.WithSuite(Stories, new SeriesKey("energy_distance", "stories", null, Baseline.Origin));

        RenderIn<SemanticsPage>(Scope(View with { Baseline = Baseline.OfBranch("replace") }));

        Assert.Contains(Figures, figure => figure.Contains("measure=energy_distance&suite=stories&baseline=branch%3Areplace", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trend_that_cannot_be_computed_says_why()
    {
        Series.WithSuite(
            Politics with { PrimaryScore = "biased", Boolean = true },
            new SeriesKey("rate", "politics", null, Baseline.None),
            new SeriesKey("amp_slope", "politics", null, Baseline.None));
        Series.Estimate = (key, node) => key.Measure == "amp_slope"
            ? Estimate.Without(MeasureStatus.TooFew, "3 generations with a value; a trend needs at least 5.", 3)
            : FakeSeries.Value(.5);

        var page = RenderIn<BiasPage>(Scope());

        Assert.Contains("a trend needs at least 5.", page.FindAll("table")[^1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Semantics_show_both_baselines_with_diversity_beside_length()
    {
        Series.WithSuite(
            Stories,
            new SeriesKey("energy_distance", "stories", null, Baseline.Origin),
            new SeriesKey("energy_distance", "stories", null, Baseline.Parent),
            new SeriesKey("mmd2", "stories", null, Baseline.Origin),
            new SeriesKey("diversity_ratio", "stories", null, Baseline.Origin),
            new SeriesKey("answer_length", "stories", null, Baseline.None),
            new SeriesKey("reported:perplexity", "human_text", null, Baseline.None),
            new SeriesKey("reported:perplexity", "outputs", null, Baseline.None));
        Series.Estimate = (_, _) => FakeSeries.Value(.2, floor: .05);

        var page = RenderIn<SemanticsPage>(Scope());

        Assert.Equal(
            ["Semantic drift, stories", "How far the texts moved", "Semantic drift", "Semantic drift", "How varied they stay", "Diversity of words", "Length of outputs", "Reported by the logs", "Perplexity", "Perplexity"],
            page.FindAll("h2").Select(title => title.TextContent));
        Assert.Equal(["human_text", "outputs"], page.FindAll(".card-note").TakeLast(2).Select(note => note.TextContent));

        // What says less waits behind a button; what is open is in the address.
        Assert.DoesNotContain(Figures, figure => figure.Contains("mmd2", StringComparison.Ordinal));
        var more = page.Find(".section-head button");
        Assert.Equal(("Show 1 more: maximum mean discrepancy", "false"), (more.TextContent, more.GetAttribute("aria-expanded")));
        more.Click();
        Assert.Contains("open=distance", Shown[^1].Other, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_reported_metrics_one_of_each_suite_is_shown_until_all_are_asked_for()
    {
        Series.WithSuite(Stories, [.. Enumerable.Range(0, 6).Select(i => new SeriesKey($"reported:loss_{i}", "human_text", null, Baseline.None)), new SeriesKey("reported:loss", "outputs", null, Baseline.None)]);

        var page = RenderIn<SemanticsPage>(Scope());

        Assert.Equal(["human_text", "outputs"], page.FindAll(".card-note").Select(note => note.TextContent));
        page.Find(".section-head button").Click();
        Assert.Contains("open=reported", Shown[^1].Other, StringComparison.Ordinal);
    }

    [Fact]
    public void A_measure_that_no_page_knows_by_name_appears_on_the_page_of_its_family()
    {
        ValueSuite();
        Series.With(new SeriesKey("new_measure", "values", null, Baseline.Origin), new SeriesKey("new_measure", "values", null, Baseline.Parent));

        var page = RenderIn<ValuesPage>(Scope());

        Assert.Single(page.FindAll("h2"), title => title.TextContent == "New measure");
        Assert.Contains(Figures, figure => figure.Contains("measure=new_measure&suite=values&baseline=origin", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_built_in_embedder_measures_is_called_lexical()
    {
        Series.WithSuite(Stories, new SeriesKey("energy_distance", "stories", null, Baseline.Origin));
        Series.Estimate = (_, _) => FakeSeries.Value(.2, floor: .05);
        Series.Comparability = "embedding_model=lexical-1; temperature=0.8";

        var page = RenderIn<SemanticsPage>(Scope());

        Assert.Contains(page.FindAll("h2"), title => title.TextContent == "Lexical drift");
        Assert.Contains("sees words and characters, not meaning", page.Markup, StringComparison.Ordinal);
    }

    private void ValueSuite()
    {
        Series.WithSuite(
            Values,
            new SeriesKey("mean_score", "values", null, Baseline.None),
            new SeriesKey("score_shift", "values", null, Baseline.Origin),
            new SeriesKey("score_shift", "values", "dimension=power", Baseline.Origin),
            new SeriesKey("score_shift", "values", "dimension=security", Baseline.Origin),
            new SeriesKey("answer_share", "values", "answer=no", Baseline.None),
            new SeriesKey("answer_share", "values", "answer=yes", Baseline.None));
        Series.Estimate = (_, node) => FakeSeries.Value(node is { Branch: "replace", Seed: "2" } ? -.4 : .01);
    }
}
