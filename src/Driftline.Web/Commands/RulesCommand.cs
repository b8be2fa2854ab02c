using System.CommandLine;
using Driftline.Core.Alerts;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;

namespace Driftline.Web.Commands;

/// <summary><c>driftline rules</c>: alert rules as JSON, the same that the editor makes.</summary>
public static class RulesCommand
{
    private const string StandardStream = "-";

    /// <summary>Declares the command with its three parts.</summary>
    public static Command Create(CommandConsole console) => new(
        "rules",
        "Alert rules as JSON, the same that the pages edit\n\nExamples:\n  driftline rules list --lineage my-loop\n  driftline rules export rules.json\n  driftline rules apply rules.json")
    {
        List(console), Apply(console), Export(console),
    };

    private static Command List(CommandConsole console)
    {
        var lineage = CommandOptions.Lineage("Only this lineage");
        var command = new Command("list", "List the rules") { lineage };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await console.OpenAsync(parsed, cancellationToken);
            var rules = await RulesAsync(services, parsed.GetValue(lineage), cancellationToken);
            if (parsed.GetValue(CommandOptions.Json))
            {
                await console.Output.WriteLineAsync(AlertRuleJson.Write(rules));
            }
            else if (rules.Count == 0)
            {
                await console.Output.WriteLineAsync("no rules; make one from the menu of a chart, or with \"driftline rules apply\"");
            }
            else
            {
                TextTable.Write(console.Output, Columns, rules);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Export(CommandConsole console)
    {
        var file = new Argument<string>("file") { Description = "The file to write, or - for standard output" };
        var lineage = CommandOptions.Lineage("Only this lineage");
        var command = new Command("export", "Write the rules to a file that apply reads") { file, lineage };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await console.OpenAsync(parsed, cancellationToken);
            var rules = await RulesAsync(services, parsed.GetValue(lineage), cancellationToken);
            var path = parsed.GetRequiredValue(file);
            if (path == StandardStream)
            {
                await console.Output.WriteLineAsync(AlertRuleJson.Write(rules));
                return ExitCode.Success;
            }

            await File.WriteAllTextAsync(console.FullPath(path), AlertRuleJson.Write(rules) + "\n", cancellationToken);
            await console.Error.WriteLineAsync($"wrote {rules.Count} {(rules.Count == 1 ? "rule" : "rules")} to {path}");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Apply(CommandConsole console)
    {
        var file = new Argument<string>("file") { Description = "A file as export writes it, or - for standard input" };
        var lineage = CommandOptions.Lineage("The lineage of rules that name none");
        var replace = new Option<bool>("--replace") { Description = "Delete the rules of these lineages that are not in the file" };
        var command = new Command("apply", "Add and edit rules from a file; those that it does not name stay as they are") { file, lineage, replace };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var rules = Parse(path, await ReadAsync(console, path, cancellationToken), parsed.GetValue(lineage));
            await using var services = await console.OpenAsync(parsed, cancellationToken);
            var lineages = services.GetRequiredService<LineageQueries>();
            var documents = new List<AppliedRules>();
            foreach (var group in rules.GroupBy(rule => rule.Lineage, StringComparer.Ordinal))
            {
                var found = await lineages.RequireAsync(group.Key, cancellationToken);
                documents.Add(AppliedRules.Of(found.Name, await ApplyAsync(services, found, [.. group.Select(rule => rule.Rule)], parsed.GetValue(replace), path, cancellationToken)));
            }

            Report(console, documents, parsed.GetValue(CommandOptions.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<string> ReadAsync(CommandConsole console, string path, CancellationToken cancellationToken)
    {
        if (path == StandardStream)
        {
            using var reader = new StreamReader(console.OpenInput());
            return await reader.ReadToEndAsync(cancellationToken);
        }

        try
        {
            return await File.ReadAllTextAsync(console.FullPath(path), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be read ({exception.Message}); check the path");
        }
    }

    private static IReadOnlyList<(string Lineage, AlertRule Rule)> Parse(string path, string json, string? lineage)
    {
        try
        {
            return AlertRuleJson.Parse(json, lineage);
        }
        catch (FormatException mistake)
        {
            throw new CommandFailedException($"{path}: {mistake.Message}");
        }
    }

    private static async Task<RuleChanges> ApplyAsync(IServiceProvider services, LineageSummary lineage, IReadOnlyList<AlertRule> rules, bool replace, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<AlertRules>().ApplyAsync(lineage, rules, replace, EditAuthor.CommandLine, cancellationToken);
        }
        catch (FormatException mistake)
        {
            throw new CommandFailedException($"{path}: {mistake.Message}");
        }
    }

    private static void Report(CommandConsole console, List<AppliedRules> documents, bool json)
    {
        if (json)
        {
            console.WriteJson(new { Lineages = documents });
            return;
        }

        foreach (var document in documents)
        {
            console.Output.WriteLine($"{TextTable.Clean(document.Lineage)}: {document.Added.Count} added, {document.Changed.Count} changed, {document.Unchanged.Count} as they were, {document.Removed.Count} removed");
        }
    }

    private static async Task<IReadOnlyList<(string Lineage, AlertRule Rule)>> RulesAsync(IServiceProvider services, string? name, CancellationToken cancellationToken)
    {
        var queries = services.GetRequiredService<LineageQueries>();
        var alerts = services.GetRequiredService<AlertStore>();
        var rules = new List<(string, AlertRule)>();
        foreach (var lineage in name is null ? await queries.LineagesAsync(cancellationToken) : [await queries.RequireAsync(name, cancellationToken)])
        {
            rules.AddRange((await alerts.ListAsync(lineage.Id, cancellationToken)).Rules.Select(rule => (lineage.Name, rule.Current.Rule)));
        }

        return rules;
    }

    private static readonly IReadOnlyList<(string, Func<(string Lineage, AlertRule Rule), string?>)> Columns =
    [
        ("lineage", row => row.Lineage), ("id", row => row.Rule.Id), ("rule", row => row.Rule.Name), ("severity", row => row.Rule.Severity.ToString().ToLowerInvariant()),
        ("enabled", row => row.Rule.Enabled ? "yes" : "no"), ("watches", row => AlertWords.Watched(row.Rule.Series)), ("on", row => AlertWords.Lines(row.Rule)), ("fires when", row => AlertWords.Condition(row.Rule)),
    ];
}

/// <summary>What applying rules changed in a lineage, by name of rule.</summary>
public sealed record AppliedRules(string Lineage, IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Removed)
{
    /// <summary>Writes changes as commands and the API answer them.</summary>
    public static AppliedRules Of(string lineage, RuleChanges changes) => new(lineage, changes.Added, changes.Changed, changes.Unchanged, changes.Removed);
}
