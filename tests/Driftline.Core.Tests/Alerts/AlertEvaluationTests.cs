using System.Collections.Immutable;
using Driftline.Core.Alerts;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Alerts;

public sealed class AlertEvaluationTests
{
    [Fact]
    public void A_rule_fires_when_the_lower_bound_passes_its_threshold_and_is_resolved_when_it_comes_back()
    {
        var outcome = AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .1, .34, .36, .5, .2));

        Assert.Equal(["Fired replace s1 3", "Resolved replace s1 5"], Loop.Told(outcome));
        var state = Assert.Single(outcome.States);
        Assert.Equal((AlertState.Normal, 5), (state.State, state.Since));
    }

    [Fact]
    public void On_the_point_the_interval_does_not_count()
    {
        var outcome = AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule() with { Basis = AlertBasis.Point }), .1, .34, .36));

        Assert.Equal(["Fired replace s1 2"], Loop.Told(outcome));
    }

    [Theory]
    [InlineData(AlertCondition.Below, .3, .26, .24, 2)]
    [InlineData(AlertCondition.Outside, .3, .34, -.36, 2)]
    [InlineData(AlertCondition.Outside, .3, -.34, .36, 2)]
    public void Below_tests_the_upper_bound_and_outside_both(AlertCondition condition, double threshold, double harmless, double beyond, int fires)
    {
        var outcome = AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule(threshold) with { Condition = condition }), harmless, beyond));

        Assert.Equal([$"Fired replace s1 {fires}"], Loop.Told(outcome));
    }

    [Fact]
    public void A_rule_waits_for_as_many_successive_generations_as_it_says()
    {
        var rule = Loop.Made(Loop.Rule() with { For = 2 });

        Assert.Equal(AlertState.Pending, Assert.Single(AlertEvaluation.Run(Loop.Of(rule, .1, .5)).States).State);
        Assert.Equal(["Fired replace s1 5"], Loop.Told(AlertEvaluation.Run(Loop.Of(rule, .1, .5, .1, .5, .5))));
    }

    [Fact]
    public void Between_the_recovery_threshold_and_the_threshold_it_goes_on_firing()
    {
        var rule = Loop.Made(Loop.Rule() with { Recovery = .1, RecoveryFor = 2 });
        var outcome = AlertEvaluation.Run(Loop.Of(rule, .5, .3, .14, .3, .14, .12));

        Assert.Equal(["Fired replace s1 1", "Resolved replace s1 6"], Loop.Told(outcome));
        Assert.Equal(
            [AlertState.Firing, AlertState.Firing, AlertState.Recovering, AlertState.Firing, AlertState.Recovering, AlertState.Normal],
            Assert.Single(outcome.States).Steps.Select(step => step.State));
    }

    [Fact]
    public void A_generation_without_a_value_is_no_data_and_leaves_a_firing_alert_firing()
    {
        var calm = Assert.Single(AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .1, null)).States);
        var firing = Assert.Single(AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .5, null)).States);

        Assert.Equal(AlertState.NoData, calm.State);
        Assert.Equal("generation 2 of replace s1 is not comparable: nothing there", calm.Reason);
        Assert.Equal(AlertState.Firing, firing.State);
    }

    [Fact]
    public void An_open_generation_is_not_tested_until_somebody_closes_it()
    {
        var rule = Loop.Made(Loop.Rule());
        var input = Loop.Of(rule, .1, .5) with { Lines = [new LineHistory(Loop.Replace, [Loop.Closed(1), Loop.Open(2)])] };
        var open = AlertEvaluation.Run(input);
        var closed = AlertEvaluation.Run(input with { Lines = [new LineHistory(Loop.Replace, [Loop.Closed(1), Loop.Open(2, byHand: true)])] });

        Assert.Empty(open.Events);
        Assert.Equal("generation 2 of replace s1 is still open: values has no complete evaluation there; import it, or close the generation by hand", Assert.Single(open.States).Reason);
        Assert.Equal(["Fired replace s1 2"], Loop.Told(closed));
    }

    [Fact]
    public void A_generation_is_open_while_any_rule_that_applies_lacks_its_suite()
    {
        var other = Loop.Rule() with { Id = "r2", Name = "bias", Series = Loop.Drift with { Suite = "bias" } };
        var outcome = AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .5) with { Rules = [Loop.Made(Loop.Rule()), Loop.Made(other)] });
        var late = new RuleHistory([new RuleVersion(1, other, ImmutableDictionary<AlertLine, int>.Empty.Add(Loop.Replace, 2))]);

        Assert.Empty(outcome.Tests);
        Assert.Equal(["Fired replace s1 1"], Loop.Told(AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .5) with { Rules = [Loop.Made(Loop.Rule()), late] })));
    }

    [Fact]
    public void A_rule_made_after_a_generation_does_not_test_it()
    {
        var seen = new Dictionary<AlertLine, int> { [Loop.Replace] = 2 };
        var made = RuleVersion.Next(null, Loop.Rule(), deleted: false, seen, new Dictionary<AlertLine, int>());
        var outcome = AlertEvaluation.Run(Loop.Of(new RuleHistory([made]), .5, .5));
        var trial = AlertPreview.Of(Loop.Rule(), Loop.Of(Loop.Made(Loop.Rule()), .5, .5).Points[Loop.Drift], [Loop.Replace]);

        Assert.Empty(outcome.Events);
        Assert.Equal("replace s1 is tested from generation 3 on", Assert.Single(outcome.States).Reason);
        Assert.Equal(1, Assert.Single(trial.Fired).Test.Generation);
        Assert.Equal(["Fired replace s1 3"], Loop.Told(AlertEvaluation.Run(Loop.Of(new RuleHistory([made]), .5, .5, .5))));
    }

    [Fact]
    public void An_edited_question_starts_anew_and_leaves_what_was_tested_as_it_was()
    {
        var first = AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .1, .5));
        var two = new Dictionary<AlertLine, int> { [Loop.Replace] = 2 };
        var before = Loop.Made(Loop.Rule()).Current;
        var harder = RuleVersion.Next(before, Loop.Rule(.6), deleted: false, two, two);
        var renamed = RuleVersion.Next(before, Loop.Rule() with { Name = "another", Severity = AlertSeverity.Warn }, deleted: false, two, two);

        var edited = AlertEvaluation.Run(Loop.Of(new RuleHistory([before, harder]), .1, .5, .5) with { Tests = first.Tests });
        var named = AlertEvaluation.Run(Loop.Of(new RuleHistory([before, renamed]), .1, .5) with { Tests = first.Tests });

        Assert.Equal(["Fired replace s1 2"], Loop.Told(edited));
        Assert.Equal(AlertState.Normal, Assert.Single(edited.States).State);
        var waiting = AlertEvaluation.Run(Loop.Of(new RuleHistory([before, harder]), .1, .5) with { Tests = first.Tests });
        Assert.Equal((AlertState.NoData, null, "replace s1 is tested from generation 3 on"), (waiting.States[0].State, waiting.States[0].Last, waiting.States[0].Reason));
        Assert.Equal(AlertState.Firing, Assert.Single(named.States).State);
        Assert.Equal(AlertSeverity.Page, Assert.Single(named.Events).Severity);
        Assert.Equal(LineageAlert.Warn, AlertSummary.Of(named.States, [new RuleHistory([before, renamed])]).State);
    }

    [Fact]
    public void A_rule_that_is_turned_off_watches_nothing_but_keeps_its_history()
    {
        var first = AlertEvaluation.Run(Loop.Of(Loop.Made(Loop.Rule()), .5));
        var one = new Dictionary<AlertLine, int> { [Loop.Replace] = 1 };
        var before = Loop.Made(Loop.Rule()).Current;
        var history = new RuleHistory([before, RuleVersion.Next(before, Loop.Rule(), deleted: true, one, one)]);
        var outcome = AlertEvaluation.Run(Loop.Of(history, .5, .5) with { Tests = first.Tests });

        Assert.Equal(["Fired replace s1 1"], Loop.Told(outcome));
        Assert.Empty(outcome.States);
        Assert.Equal(AlertSummary.None, AlertSummary.Of(outcome.States, [history]));
    }

    [Fact]
    public void A_revised_measurement_is_marked_and_not_tested_again()
    {
        var rule = Loop.Made(Loop.Rule());
        var first = AlertEvaluation.Run(Loop.Of(rule, .1, .5));
        var revised = AlertEvaluation.Run(Loop.Of(rule, .1, .2) with { Tests = first.Tests });

        Assert.Equal(["Fired replace s1 2 revised"], Loop.Told(revised));
        Assert.Equal(.5, revised.Events[0].Test.Value);
        Assert.Equal(AlertState.Firing, Assert.Single(revised.States).State);
    }

    [Fact]
    public void What_a_provisional_baseline_gives_waits_for_the_complete_one()
    {
        var rule = Loop.Made(Loop.Rule());
        var input = Loop.Of(rule, .5) with
        {
            Points = new Dictionary<WatchedSeries, IReadOnlyList<SeriesPoint>> { [Loop.Drift] = [Loop.Point(Loop.Replace, 1, .5, MeasureStatus.Provisional)] },
        };

        Assert.Empty(AlertEvaluation.Run(input).Tests);
        Assert.Single(AlertEvaluation.Run(input with { Lines = [new LineHistory(Loop.Replace, [Loop.Open(1, byHand: true)])] }).Tests);
    }

    [Fact]
    public void Without_an_interval_a_rule_on_the_bound_says_what_to_do()
    {
        var rule = Loop.Made(Loop.Rule());
        var bare = new SeriesPoint("replace", "1", 1, "m1", new Estimate { Value = .5, N = 1 });
        var input = Loop.Of(rule, .5) with { Points = new Dictionary<WatchedSeries, IReadOnlyList<SeriesPoint>> { [Loop.Drift] = [bare] } };

        Assert.Contains("\"on\": \"point\"", Assert.Single(AlertEvaluation.Run(input).States).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_that_is_watched_later_is_tested_from_its_next_generation_on()
    {
        var nothing = new Dictionary<AlertLine, int>();
        var first = RuleVersion.Next(null, Loop.Rule() with { Branches = ["accumulate"] }, deleted: false, nothing, nothing);
        var wider = RuleVersion.Next(first, Loop.Rule(), deleted: false, new Dictionary<AlertLine, int> { [Loop.Replace] = 2, [Loop.Accumulate] = 2 }, nothing);
        var outcome = AlertEvaluation.Run(Loop.Of(new RuleHistory([first, wider]), .5, .5, .5));

        Assert.Equal((3, 0), (wider.FromOn(Loop.Replace), wider.FromOn(Loop.Accumulate)));
        Assert.Equal(["Fired replace s1 3"], Loop.Told(outcome));
    }

    [Fact]
    public void Branches_and_seeds_that_are_not_chosen_are_not_watched()
    {
        var rule = Loop.Rule() with { Branches = ["replace"], Seeds = [new AlertLine("replace", "2")] };

        Assert.False(rule.Covers(new AlertLine("accumulate", null)));
        Assert.False(rule.Covers(Loop.Replace));
        Assert.True(rule.Covers(new AlertLine("replace", "2")));
        Assert.True((rule with { Seeds = [] }).Covers(Loop.Replace));
    }
}
