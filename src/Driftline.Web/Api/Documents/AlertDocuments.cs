using Driftline.Core.Alerts;
using Driftline.Storage.Alerts;
using Driftline.Web.Alerts;

namespace Driftline.Web.Api.Documents;

/// <summary>A rule on a line in <c>list alerts</c>.</summary>
public sealed record AlertDocument(
    string Lineage,
    string Rule,
    string Name,
    AlertSeverity Severity,
    string Branch,
    string? Seed,
    AlertState State,
    int? Since,
    int? Tested,
    double? Value,
    double? Lo,
    double? Hi,
    double Threshold,
    string Watches,
    string? Reason)
{
    /// <summary>Writes a rule on a line as the contract has it.</summary>
    public static AlertDocument Of(string lineage, AlertStanding standing) => new(
        lineage,
        standing.Rule.Id,
        standing.Rule.Name,
        standing.Rule.Severity,
        standing.Line.Branch,
        standing.Line.Seed,
        standing.State,
        standing.Since,
        standing.Last?.Generation,
        standing.Last?.Value,
        standing.Last?.Lo,
        standing.Last?.Hi,
        standing.Rule.Threshold,
        AlertWords.Watched(standing.Rule.Series),
        standing.Reason);
}

/// <summary>An event of the history: what happened, with the measurement as it was then.</summary>
public sealed record AlertEventDocument(
    string Rule,
    string Name,
    AlertEventKind Event,
    AlertSeverity Severity,
    string Branch,
    string? Seed,
    int Generation,
    string Model,
    double Value,
    double? Lo,
    double? Hi,
    int N,
    double Threshold,
    bool Revised,
    DateTime Created,
    DateTime? Acknowledged)
{
    /// <summary>Writes an event as the contract has it.</summary>
    public static AlertEventDocument Of(AlertOccurrence occurrence)
    {
        var test = occurrence.Event.Test;
        return new AlertEventDocument(
            test.Rule,
            occurrence.Rule.Name,
            occurrence.Event.Kind,
            occurrence.Event.Severity,
            test.Line.Branch,
            test.Line.Seed,
            test.Generation,
            test.Model,
            test.Value,
            test.Lo,
            test.Hi,
            test.N,
            occurrence.Event.Threshold,
            occurrence.Event.Revised,
            occurrence.When,
            occurrence.Acknowledged);
    }
}

/// <summary>The alerts of a lineage over HTTP: each rule on each line, and the history, newest generation first.</summary>
public sealed record AlertsDocument(string Lineage, LineageAlert AlertState, IReadOnlyList<AlertDocument> Alerts, IReadOnlyList<AlertEventDocument> Events);

/// <summary>A generation that was closed by hand.</summary>
public sealed record ClosedDocument(string Branch, string? Seed, int Generation);
