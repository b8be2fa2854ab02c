using Driftline.Core.Alerts;
using Driftline.Storage;
using Driftline.Storage.Alerts;
using Driftline.Storage.Queries;
using Driftline.Web.Live;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Alerts;

/// <summary>What an edit of a lineage's rules changed.</summary>
/// <param name="Added">Names of new rules.</param>
/// <param name="Changed">Names of rules that are another now.</param>
/// <param name="Unchanged">Names of rules that were as given already.</param>
/// <param name="Removed">Names of rules that are gone.</param>
public sealed record RuleChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Removed);

/// <summary>Makes, edits and deletes rules, whoever asks: the editor, the command line or the API. Each edit is kept.</summary>
public sealed class AlertRules(AlertStore alerts, AlertRunner runner, LineageQueries lineages, AskedBaselines asked, GenerationFeed feed, TimeProvider time)
{
    private const int IdLength = 8;

    /// <summary>Adds rules and edits those that are there (the same id, or without one the same name).</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="replace">Whether rules that are not among them are deleted.</param>
    /// <param name="author">Who asks: <see cref="EditAuthor"/>.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="FormatException">A rule does not fit the lineage; the message names the key and the way out. Nothing is stored then.</exception>
    public async Task<RuleChanges> ApplyAsync(LineageSummary lineage, IReadOnlyList<AlertRule> rules, bool replace, string author, CancellationToken cancellationToken)
    {
        await CheckAsync(lineage, rules, cancellationToken);
        foreach (var baseline in rules.Select(rule => rule.Series.Baseline).Distinct())
        {
            await asked.ComputeAsync(lineage, baseline, cancellationToken);
        }

        var (added, changed, unchanged, removed) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        await EditAsync(
            lineage,
            async stored =>
            {
                var versions = new List<RuleVersion>();
                var given = new Dictionary<string, AlertRule>(StringComparer.Ordinal);
                foreach (var (rule, index) in rules.Select((rule, index) => (rule, index)))
                {
                    var known = Find(stored, rule);
                    var settled = rule with { Id = known?.Id ?? (rule.Id.Length > 0 ? rule.Id : NewId()) };
                    if (!given.TryAdd(settled.Id, settled))
                    {
                        throw new FormatException($"rules[{index}]: two of the rules are the same one (\"{rule.Name}\"); give each its own id and name");
                    }

                    if (known is { Current.Deleted: false } && AlertRuleJson.Write(known.Current.Rule) == AlertRuleJson.Write(settled))
                    {
                        unchanged.Add(rule.Name);
                        continue;
                    }

                    (known is null or { Current.Deleted: true } ? added : changed).Add(rule.Name);
                    versions.Add(await NextAsync(lineage.Id, stored, known, settled, deleted: false, cancellationToken));
                }

                foreach (var other in stored.Rules.Where(other => !other.Current.Deleted && !given.ContainsKey(other.Id)))
                {
                    if (replace)
                    {
                        removed.Add(other.Current.Rule.Name);
                        versions.Add(await NextAsync(lineage.Id, stored, other, other.Current.Rule, deleted: true, cancellationToken));
                    }
                    else
                    {
                        given[other.Id] = other.Current.Rule;
                    }
                }

                RefuseSameNames(given.Values);
                return versions;
            },
            author,
            cancellationToken);
        return new RuleChanges(added, changed, unchanged, removed);
    }

    /// <summary>Deletes a rule; its history stays.</summary>
    public Task DeleteAsync(LineageSummary lineage, string id, string author, CancellationToken cancellationToken) => EditAsync(
        lineage,
        async stored => stored.Rules.FirstOrDefault(rule => rule.Id == id && !rule.Current.Deleted) is { } rule
            ? [await NextAsync(lineage.Id, stored, rule, rule.Current.Rule, deleted: true, cancellationToken)]
            : [],
        author,
        cancellationToken);

    /// <summary>Closes generations by hand and tests them.</summary>
    /// <returns>Those that were closed.</returns>
    public async Task<IReadOnlyList<(AlertLine Line, int Generation)>> CloseAsync(
        LineageSummary lineage, int generation, Func<AlertLine, bool> which, string author, CancellationToken cancellationToken)
    {
        var lines = await runner.LinesAsync(lineage.Id, cancellationToken);
        var closed = lines
            .Where(line => which(line.Line) && line.Generations.Any(each => each.Generation == generation))
            .Select(line => (line.Line, generation))
            .ToList();
        await alerts.CloseAsync(lineage.Id, closed, author, time.GetUtcNow().UtcDateTime, cancellationToken);
        await EvaluateAsync(lineage, cancellationToken);
        return closed;
    }

    /// <summary>Notes that somebody has seen an event.</summary>
    public async Task AcknowledgeAsync(LineageSummary lineage, AlertEvent raised, string author, CancellationToken cancellationToken)
    {
        if (await alerts.AcknowledgeAsync(lineage.Id, raised, author, time.GetUtcNow().UtcDateTime, cancellationToken))
        {
            feed.Publish(lineage.Name);
        }
    }

    private async Task EditAsync(LineageSummary lineage, Func<StoredAlerts, Task<IReadOnlyList<RuleVersion>>> edit, string author, CancellationToken cancellationToken)
    {
        await alerts.EditAsync(lineage.Id, edit, author, time.GetUtcNow().UtcDateTime, cancellationToken);
        await EvaluateAsync(lineage, cancellationToken);
    }

    private async Task EvaluateAsync(LineageSummary lineage, CancellationToken cancellationToken)
    {
        await runner.RunAsync(lineage.Id, cancellationToken);
        feed.Publish(lineage.Name);
    }

    private async Task<RuleVersion> NextAsync(long lineageId, StoredAlerts stored, RuleHistory? known, AlertRule rule, bool deleted, CancellationToken cancellationToken)
    {
        var points = await runner.PointsAsync(lineageId, rule.Series, cancellationToken);
        var seen = points.Where(point => point.Estimate.Value is not null).Select(point => (new AlertLine(point.Branch, point.Seed), point.Generation));
        var tested = stored.Tests.Where(test => test.Rule == rule.Id).Select(test => (test.Line, test.Generation));
        return RuleVersion.Next(known?.Current, rule, deleted, Last(seen), Last(tested));
    }

    private static Dictionary<AlertLine, int> Last(IEnumerable<(AlertLine Line, int Generation)> generations) =>
        generations.GroupBy(each => each.Line).ToDictionary(line => line.Key, line => line.Max(each => each.Generation));

    private static RuleHistory? Find(StoredAlerts stored, AlertRule rule) => rule.Id.Length > 0
        ? stored.Rules.FirstOrDefault(known => known.Id == rule.Id)
        : stored.Rules.FirstOrDefault(known => !known.Current.Deleted && known.Current.Rule.Name == rule.Name);

    /// <summary>A rule on a suite that is not there would never fire, and nobody would notice.</summary>
    private async Task CheckAsync(LineageSummary lineage, IReadOnlyList<AlertRule> rules, CancellationToken cancellationToken)
    {
        var suites = await lineages.SuitesAsync(lineage.Id, cancellationToken);
        var nodes = await lineages.NodesAsync(lineage.Id, cancellationToken);
        foreach (var (rule, index) in rules.Select((rule, index) => (rule, index)))
        {
            if (suites.All(suite => suite.Definition.Name != rule.Series.Suite))
            {
                throw new FormatException($"rules[{index}].suite: {lineage.Name} has no suite \"{rule.Series.Suite}\"; it has {string.Join(", ", suites.Select(suite => suite.Definition.Name))}");
            }

            if (AskedBaselines.Fault(rule.Series.Baseline, nodes) is { } fault)
            {
                throw new FormatException($"rules[{index}].baseline: {fault}");
            }
        }
    }

    private static void RefuseSameNames(IReadOnlyCollection<AlertRule> rules)
    {
        if (rules.GroupBy(rule => rule.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Count() > 1) is { } twice)
        {
            throw new FormatException($"name: two rules of the lineage would be called \"{twice.Key}\"; give one of them another name");
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("N")[..IdLength];
}

/// <summary>Who edits, as it is kept with each edit.</summary>
public static class EditAuthor
{
    /// <summary>A person in the browser.</summary>
    public const string Page = "ui";

    /// <summary>The command line.</summary>
    public const string CommandLine = "command line";

    /// <summary>A program over HTTP.</summary>
    public const string Api = "api";
}
