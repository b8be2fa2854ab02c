using Driftline.Core.Alerts;

namespace Driftline.Web.Alerts;

/// <summary>The answer of <c>check</c>.</summary>
/// <param name="Lineage">The lineage.</param>
/// <param name="Result">ok, cannot_tell, warn or page.</param>
/// <param name="ExitCode">0, 4, 10 or 20.</param>
/// <param name="Generations">What was looked at: one generation of each line.</param>
/// <param name="Alerts">Each rule on each line.</param>
/// <param name="Reasons">What cannot be told, and the way out; empty when all can.</param>
public sealed record CheckDocument(
    string Lineage,
    string Result,
    int ExitCode,
    IReadOnlyList<CheckedGeneration> Generations,
    IReadOnlyList<CheckedRule> Alerts,
    IReadOnlyList<string> Reasons);

/// <summary>A generation that <c>check</c> looked at.</summary>
/// <param name="Branch">Its branch.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Generation">Its ordinal.</param>
/// <param name="Closed">Whether all that rules need of it is there, or a person closed it.</param>
public sealed record CheckedGeneration(string Branch, string? Seed, int Generation, bool Closed);

/// <summary>A rule on a line as of the generation that was looked at.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Severity">warn or page.</param>
/// <param name="Branch">The line's branch.</param>
/// <param name="Seed">The line's seed.</param>
/// <param name="Generation">The generation that was looked at.</param>
/// <param name="State">normal, pending, firing, recovering or no_data.</param>
/// <param name="Tested">The last generation that was tested up to there; null before the first.</param>
/// <param name="Value">The value that was tested.</param>
/// <param name="Lo">Lower end of its 95 % interval.</param>
/// <param name="Hi">Upper end.</param>
/// <param name="N">Units of analysis.</param>
/// <param name="Condition">above, below or outside.</param>
/// <param name="Threshold">The threshold, in the measure's unit.</param>
/// <param name="On">bound or point.</param>
/// <param name="Sentence">All of it in words.</param>
public sealed record CheckedRule(
    string Rule,
    string Name,
    AlertSeverity Severity,
    string Branch,
    string? Seed,
    int Generation,
    AlertState State,
    int? Tested,
    double? Value,
    double? Lo,
    double? Hi,
    int? N,
    AlertCondition Condition,
    double Threshold,
    AlertBasis On,
    string Sentence);
