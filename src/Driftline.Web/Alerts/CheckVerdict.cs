using Driftline.Core.Alerts;
using Driftline.Web.Commands;

namespace Driftline.Web.Alerts;

/// <summary>Decides what <c>check</c> answers from an evaluation.</summary>
public static class CheckVerdict
{
    /// <summary>Decides.</summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="which">Which lines.</param>
    /// <param name="generation">Which generation; null is the newest of each line.</param>
    /// <exception cref="CommandFailedException">The lineage has no such line.</exception>
    public static CheckDocument Of(string lineage, LineageEvaluation evaluation, ChosenLines which, int? generation)
    {
        var (input, outcome) = (evaluation.Input, evaluation.Outcome);
        var lines = input.Lines.Where(line => which.Has(line.Line)).ToList();
        if (lines.Count == 0)
        {
            throw new CommandFailedException(UnknownName.Sentence("branch and seed", which.ToString(), input.Lines.Select(line => line.Line.ToString())));
        }

        var looked = lines
            .Select(line => (line.Line, At: generation is null ? line.Generations.MaxBy(each => each.Generation) : line.Generations.FirstOrDefault(each => each.Generation == generation)))
            .Where(line => line.At is not null)
            .ToDictionary(line => line.Line, line => line.At!);
        var rules = input.Rules.ToDictionary(rule => rule.Id, rule => rule.Current.Rule);
        var seen = outcome.States.Where(state => looked.ContainsKey(state.Line)).Select(state => Look(state, looked[state.Line].Generation)).ToList();

        var reasons = new List<string>();
        if (looked.Count == 0)
        {
            reasons.Add($"generation {generation} of {string.Join(", ", lines.Select(line => line.Line))} has not been imported; import it, or wait for it with --wait");
        }
        else if (seen.Count == 0)
        {
            reasons.Add("no alert rule watches this; make one from the menu of a chart, or with \"driftline rules apply\"");
        }
        else if (seen.TrueForAll(each => each.Step.Verdict is StepVerdict.BeforeRule or StepVerdict.Off))
        {
            reasons.AddRange(seen.Select(each => each.Step.Reason ?? $"rule \"{rules[each.State.Rule].Name}\" was off at generation {each.Step.Generation}").Distinct());
        }

        reasons.AddRange(seen.Where(each => each.Step.Verdict is StepVerdict.Open or StepVerdict.NoData).Select(each => each.Step.Reason!).Distinct());
        var firing = seen.Where(each => IsFiring(each.Reached)).Select(each => rules[each.State.Rule].Severity).ToList();
        var (result, code) = firing.Contains(AlertSeverity.Page) ? ("page", ExitCode.PageFiring)
            : firing.Count > 0 ? ("warn", ExitCode.WarnFiring)
            : reasons.Count > 0 ? ("cannot_tell", ExitCode.CannotTell)
            : ("ok", ExitCode.Success);
        return new CheckDocument(
            lineage,
            result,
            code,
            [.. looked.Select(line => new CheckedGeneration(line.Key.Branch, line.Key.Seed, line.Value.Generation, AlertEvaluation.Unfinished(line.Value, line.Key, input.Rules) is null))],
            [.. seen.Select(each => Document(each, rules[each.State.Rule]))],
            reasons);
    }

    private static bool IsFiring(AlertState state) => state is AlertState.Firing or AlertState.Recovering;

    /// <summary>As of an earlier generation a rule stood where that step left it; as of the newest, where it stands now.</summary>
    private static Seen Look(RuleOnLine state, int generation)
    {
        var step = state.Steps.First(each => each.Generation == generation);
        return generation == state.Steps[^1].Generation
            ? new Seen(state, step, state.State, state.Last)
            : new Seen(state, step, step.State, state.Steps.LastOrDefault(each => each.Generation <= generation && each.Test is not null)?.Test);
    }

    private static CheckedRule Document(Seen seen, AlertRule rule)
    {
        var test = seen.Last;
        var words = AlertWords.State(seen.Reached, test is not null);
        var measured = test is null ? "" : $"; {AlertWords.Tested(test, rule, AlertWords.Crossed(test, rule))}";
        return new CheckedRule(
            rule.Id,
            rule.Name,
            rule.Severity,
            seen.State.Line.Branch,
            seen.State.Line.Seed,
            seen.Step.Generation,
            seen.Reached,
            test?.Generation,
            test?.Value,
            test?.Lo,
            test?.Hi,
            test?.N,
            rule.Condition,
            rule.Threshold,
            rule.Basis,
            $"{rule.Name}: {words} on {seen.State.Line}{measured}");
    }

    private sealed record Seen(RuleOnLine State, AlertStep Step, AlertState Reached, AlertTest? Last);
}

/// <summary>Lines by branch and seed; null is any.</summary>
public sealed record ChosenLines(string? Branch, string? Seed)
{
    /// <summary>Whether a line is one of them.</summary>
    public bool Has(AlertLine line) => (Branch is null || line.Branch == Branch) && (Seed is null || line.Seed == Seed);

    /// <inheritdoc/>
    public override string ToString() => $"{Branch ?? "any branch"}{(Seed is null ? "" : $" seed {Seed}")}";
}
