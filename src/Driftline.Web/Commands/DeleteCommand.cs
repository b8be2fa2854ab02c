using System.CommandLine;
using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary><c>driftline delete lineage|branch|generation|import</c>: says what would go, and removes it with <c>--yes</c>.</summary>
public static class DeleteCommand
{
    private static readonly Option<bool> Yes = new("--yes") { Description = "Remove it; without this, only what would go is said" };

    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console) => new(
        "delete",
        "Remove a lineage, a branch, a generation or what an import brought; what would go is said first\n\nExamples:\n  driftline delete import 12\n  driftline delete generation --lineage my-loop --generation 7 --branch replace --yes\n  driftline delete lineage old-loop --yes")
    {
        Lineage(console), Branch(console), Generation(console), Import(console),
    };

    private static Command Lineage(CommandConsole console)
    {
        var name = new Argument<string>("name") { Description = "The lineage" };
        var command = new Command("lineage", "Remove a lineage with its measurements, alert rules and settings") { name, Yes };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, new EvaluationSelection { Lineage = parsed.GetRequiredValue(name) }, cancellationToken));
        return command;
    }

    private static Command Branch(CommandConsole console)
    {
        var lineage = new Option<string>("--lineage") { Description = "The lineage", Required = true };
        var branch = new Option<string>("--branch") { Description = "The branch", Required = true };
        var seed = CommandOptions.Seed("Only this seed");
        var command = new Command("branch", "Remove the generations of a branch") { lineage, branch, seed, Yes };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            new EvaluationSelection { Lineage = parsed.GetRequiredValue(lineage), Branch = parsed.GetRequiredValue(branch), Seed = parsed.GetValue(seed) },
            cancellationToken));
        return command;
    }

    private static Command Generation(CommandConsole console)
    {
        var lineage = new Option<string>("--lineage") { Description = "The lineage", Required = true };
        var generation = CommandOptions.RequiredGeneration();
        var branch = CommandOptions.Branch("Only of this branch");
        var seed = CommandOptions.Seed("Only of this seed");
        var suite = new Option<string?>("--suite") { Description = "Only this suite's evaluations" };
        var command = new Command("generation", "Remove a generation, or a suite's evaluations of it") { lineage, generation, branch, seed, suite, Yes };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            new EvaluationSelection
            {
                Lineage = parsed.GetRequiredValue(lineage),
                Generation = parsed.GetRequiredValue(generation),
                Branch = parsed.GetValue(branch),
                Seed = parsed.GetValue(seed),
                Suite = parsed.GetValue(suite),
            },
            cancellationToken));
        return command;
    }

    private static Command Import(CommandConsole console)
    {
        var id = new Argument<long>("id") { Description = "The import's id: the Imports page shows it" };
        var command = new Command("import", "Undo an import: remove what it brought, and give back what that had replaced") { id, Yes };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, new EvaluationSelection { Import = parsed.GetRequiredValue(id) }, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, EvaluationSelection selection, CancellationToken cancellationToken)
    {
        if (console.Access?.Bars(selection.Lineage) is { } barred)
        {
            throw new CommandFailedException(barred);
        }

        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var json = parsed.GetValue(CommandOptions.Json);
        if (!parsed.GetValue(Yes))
        {
            var preview = await services.GetRequiredService<CorrectionStore>().PreviewRemovalAsync(selection, cancellationToken);
            if (json)
            {
                console.WriteJson(RemovalDocument.Of(preview, freed: null));
            }
            else
            {
                await WriteAsync(console, preview, $"would remove {CorrectionWords.Of(preview)}");
            }

            await console.Error.WriteLineAsync("driftline: nothing was removed; say --yes to remove it");
            return ExitCode.Usage;
        }

        using var progress = new TerminalProgress(console.Error, !console.IsWatched);
        var correcting = services.GetRequiredService<Correcting>();
        var done = await correcting.RemoveAsync(selection, cancellationToken);
        await correcting.FollowAsync(done.Lineages, progress, cancellationToken);
        if (json)
        {
            console.WriteJson(RemovalDocument.Of(done.Summary, done.BytesFreed));
        }
        else
        {
            await WriteAsync(console, done.Summary, $"removed {CorrectionWords.Of(done.Summary)}; the database is {NumberFormat.Bytes(done.BytesFreed)} smaller");
        }

        return ExitCode.Success;
    }

    private static async Task WriteAsync(CommandConsole console, RemovalSummary summary, string sentence)
    {
        await console.Output.WriteLineAsync(TextTable.Clean(sentence));
        if (summary.Changes.Count > 0)
        {
            CorrectionTable.Write(console.Output, summary.Changes);
        }

        foreach (var note in CorrectionWords.Notes(summary))
        {
            await console.Output.WriteLineAsync(TextTable.Clean(note));
        }
    }
}
