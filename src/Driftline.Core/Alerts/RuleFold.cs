namespace Driftline.Core.Alerts;

/// <summary>Folds the tests of one rule on one line into its state and its events.</summary>
internal sealed class RuleFold(RuleHistory history, AlertLine line)
{
    private readonly List<AlertStep> _steps = [];
    private readonly List<AlertEvent> _events = [];
    private AlertState _state = AlertState.NoData;
    private int? _since;
    private int _streak;
    private RuleVersion? _version;
    private AlertTest? _last;

    public IEnumerable<AlertTest> Tests => _steps.Select(step => step.Test).OfType<AlertTest>();

    public IReadOnlyList<AlertEvent> Events => _events;

    public void Take(Sight sight)
    {
        if (sight.Version is { } version)
        {
            TakeOver(version);
        }

        if (sight.Verdict == StepVerdict.Off)
        {
            Forget();
        }

        if (sight.Test is { } test)
        {
            Judge(test, sight.Version!.Rule);
        }
        else if (sight.Verdict == StepVerdict.NoData && _state is AlertState.Normal or AlertState.Pending)
        {
            Enter(AlertState.NoData, sight.Generation);
        }

        _steps.Add(new AlertStep(sight.Generation, sight.Verdict, _state, sight.Test, sight.Reason));
    }

    public RuleOnLine Finish()
    {
        var current = history.Current;
        TakeOver(current);
        var newest = _steps.LastOrDefault();
        var untested = newest is null || newest.Verdict is StepVerdict.BeforeRule or StepVerdict.Off || (newest.Test is not null && _state == AlertState.NoData);
        return new RuleOnLine
        {
            Rule = history.Id,
            Line = line,
            State = _state,
            Since = _since,
            Last = _last,
            Reason = untested ? $"{line} is tested from generation {current.FromOn(line)} on" : newest!.Reason,
            Steps = _steps,
        };
    }

    /// <summary>Another question is not answered yet; a rule that was off has forgotten.</summary>
    private void TakeOver(RuleVersion version)
    {
        if (_version is { } before && (!version.IsOn || !before.IsOn || !version.Rule.TestsTheSame(before.Rule)))
        {
            Forget();
        }

        _version = version;
    }

    private void Forget() => (_state, _since, _streak, _last) = (AlertState.NoData, null, 0, null);

    private void Judge(AlertTest test, AlertRule rule)
    {
        var badness = rule.Badness(test.Value, test.Lo, test.Hi)
            ?? throw new InvalidOperationException($"The test of rule {rule.Id} at generation {test.Generation} of {test.Line} lacks what the rule compares.");
        _last = test;
        if (_state is AlertState.Firing or AlertState.Recovering)
        {
            Recover(test, rule, badness);
            return;
        }

        if (!rule.Crosses(badness))
        {
            _streak = 0;
            Enter(AlertState.Normal, test.Generation);
            return;
        }

        _streak++;
        if (_streak < rule.For)
        {
            Enter(AlertState.Pending, test.Generation);
            return;
        }

        _streak = 0;
        Enter(AlertState.Firing, test.Generation);
        _events.Add(Event(AlertEventKind.Fired, test, rule));
    }

    private void Recover(AlertTest test, AlertRule rule, double badness)
    {
        if (!rule.Recovers(badness))
        {
            _streak = 0;
            Enter(AlertState.Firing, test.Generation);
            return;
        }

        _streak++;
        if (_streak < rule.RecoveryFor)
        {
            Enter(AlertState.Recovering, test.Generation);
            return;
        }

        _streak = 0;
        Enter(AlertState.Normal, test.Generation);
        _events.Add(Event(AlertEventKind.Resolved, test, rule));
    }

    private void Enter(AlertState state, int generation)
    {
        if (_state != state)
        {
            (_state, _since) = (state, generation);
        }
    }

    private static AlertEvent Event(AlertEventKind kind, AlertTest test, AlertRule rule) => new(kind, rule.Severity, test, rule.Threshold, Revised: false);
}
