using System.CommandLine;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;

namespace Driftline.Web.Commands;

/// <summary><c>driftline close</c>: says that no more logs of a generation are to come, so that its rules test it.</summary>
public static class CloseCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var lineage = new Option<string>("--lineage") { Description = "The lineage", Required = true };
        var generation = CommandOptions.RequiredGeneration();
        var branch = CommandOptions.Branch("Only of this branch");
        var seed = CommandOptions.Seed("Only of this seed");
        var command = new Command(
            "close",
            "Close a generation by hand: alert rules test it as it is, although evaluations are missing or not complete\n\nExample:\n  driftline close --lineage my-loop --branch replace --generation 7")
        {
            lineage, generation, branch, seed,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            parsed.GetRequiredValue(lineage),
            parsed.GetRequiredValue(generation),
            new ChosenLines(parsed.GetValue(branch), parsed.GetValue(seed)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, string name, int generation, ChosenLines which, CancellationToken cancellationToken)
    {
        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var lineage = await services.GetRequiredService<LineageQueries>().RequireAsync(name, cancellationToken);
        var closed = await services.GetRequiredService<AlertRules>().CloseAsync(lineage, generation, which.Has, EditAuthor.CommandLine, cancellationToken);
        if (closed.Count == 0)
        {
            throw new CommandFailedException($"{lineage.Name} has no generation {generation} on {which}; \"driftline list generations --lineage {lineage.Name}\" lists them");
        }

        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(closed.Select(each => new { each.Line.Branch, each.Line.Seed, each.Generation }));
        }
        else
        {
            await console.Output.WriteLineAsync(TextTable.Clean($"closed generation {generation} of {string.Join(", ", closed.Select(each => each.Line))}"));
        }

        return ExitCode.Success;
    }
}

/// <summary>Lineages by the name that a user gave.</summary>
internal static class NamedLineage
{
    /// <summary>The lineage of a name.</summary>
    /// <exception cref="CommandFailedException">There is none; the sentence says which there are.</exception>
    public static async Task<LineageSummary> RequireAsync(this LineageQueries lineages, string name, CancellationToken cancellationToken) =>
        await lineages.FindAsync(name, cancellationToken)
        ?? throw new CommandFailedException(UnknownName.Sentence("lineage", name, (await lineages.LineagesAsync(cancellationToken)).Select(known => known.Name)));
}
