using System.Collections.Immutable;

namespace Driftline.Core.Alerts;

/// <summary>A rule as it stood between two edits.</summary>
/// <param name="Number">1 for the first; grows with each edit.</param>
/// <param name="Rule">The rule.</param>
/// <param name="From">
/// The first generation of each line that it applies to. A line that is not named was not there yet, so that all of its generations
/// came after the edit.
/// </param>
/// <param name="Deleted">Whether the edit removed the rule.</param>
public sealed record RuleVersion(int Number, AlertRule Rule, ImmutableDictionary<AlertLine, int> From, bool Deleted = false)
{
    /// <summary>Whether there is anything to test.</summary>
    public bool IsOn => Rule.Enabled && !Deleted;

    /// <summary>The first generation of a line that it applies to.</summary>
    public int FromOn(AlertLine line) => From.GetValueOrDefault(line);

    /// <summary>
    /// The version that an edit makes. Whoever states a threshold has seen the measurements that are there, so a question that is new
    /// is asked from the next generation on; one that was asked before goes on where it stands.
    /// </summary>
    /// <param name="before">The version before it; null for a new rule.</param>
    /// <param name="rule">The rule as edited.</param>
    /// <param name="deleted">Whether the edit removes it.</param>
    /// <param name="seen">The last generation of each line that has a value of what the rule watches.</param>
    /// <param name="tested">The last generation of each line on which the rule was tested.</param>
    public static RuleVersion Next(
        RuleVersion? before, AlertRule rule, bool deleted, IReadOnlyDictionary<AlertLine, int> seen, IReadOnlyDictionary<AlertLine, int> tested)
    {
        var asksAnew = !deleted && rule.Enabled && (before is null || !before.IsOn || !before.Rule.TestsTheSame(rule));
        var from = before?.From.ToBuilder() ?? ImmutableDictionary.CreateBuilder<AlertLine, int>();

        // A line that was not watched before is a new question, too.
        var peeked = seen.Where(line => asksAnew || !before!.Rule.Covers(line.Key));
        foreach (var (line, generation) in tested.Concat(peeked))
        {
            from[line] = Math.Max(from.GetValueOrDefault(line), generation + 1);
        }

        return new RuleVersion((before?.Number ?? 0) + 1, rule, from.ToImmutable(), deleted);
    }
}

/// <summary>A rule with all its versions.</summary>
/// <param name="Versions">At least one, oldest first.</param>
public sealed record RuleHistory(IReadOnlyList<RuleVersion> Versions)
{
    /// <summary>The rule's id.</summary>
    public string Id => Current.Rule.Id;

    /// <summary>The newest version.</summary>
    public RuleVersion Current => Versions[^1];

    /// <summary>The version that a generation of a line is tested by; null when the rule was made after it.</summary>
    public RuleVersion? InForce(AlertLine line, int generation) => Versions.LastOrDefault(version => version.FromOn(line) <= generation);
}
