using System.CommandLine;
using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary><c>driftline move</c>: puts evaluations where they belong, without reading their logs again.</summary>
public static class MoveCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var import = new Option<long?>("--import") { Description = "What this import brought (its id: the Imports page shows it)" };
        var lineage = CommandOptions.Lineage("What stands in this lineage");
        var branch = CommandOptions.Branch("Only of this branch");
        var seed = CommandOptions.Seed("Only of this seed; \"\" means what has none");
        var generation = CommandOptions.Generation("Only of this generation");
        var suite = new Option<string?>("--suite") { Description = "Only of this suite" };
        var toLineage = new Option<string?>("--to-lineage") { Description = "The lineage that it belongs to; made where there is none of this name" };
        var toBranch = new Option<string?>("--to-branch") { Description = "The branch that it belongs to" };
        var toSeed = new Option<string?>("--to-seed") { Description = "The seed that it belongs to; \"\" for none" };
        var toGeneration = CommandOptions.Generation("The generation that it belongs to", "--to-generation");
        var shift = new Option<int?>("--shift") { Description = "Added to each generation: -1 for logs that count from 1" };
        var undo = new Option<int?>("--undo") { Description = "Undo a move that holds on (\"driftline list corrections\"): what it moved, and what followed, goes back to where its logs say" };
        var forget = new Option<int?>("--forget") { Description = "Let nothing follow that move any more; what is moved stays" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would move, and move nothing" };
        var command = new Command(
            "move",
            "Move evaluations to another generation, branch, seed or lineage; measures and alerts follow, and so does what comes later of the same runs and files\n\nExamples:\n  driftline move --import 12 --to-generation 3\n  driftline move --lineage my-loop --generation 4 --branch main --to-branch replace --dry-run\n  driftline move --lineage my-loop --shift -1\n  driftline move --undo 2")
        {
            import, lineage, branch, seed, generation, suite, toLineage, toBranch, toSeed, toGeneration, shift, undo, forget, dryRun,
        };
        command.SetAction((parsed, cancellationToken) => (parsed.GetValue(undo) ?? parsed.GetValue(forget)) is { } id
            ? StandingMoveAction.RunAsync(console, parsed, id, parsed.GetValue(undo) is not null, parsed.GetValue(dryRun), cancellationToken)
            : RunAsync(
            console,
            parsed,
            new EvaluationSelection
            {
                Import = parsed.GetValue(import),
                Lineage = parsed.GetValue(lineage),
                Branch = parsed.GetValue(branch),
                Seed = parsed.GetValue(seed),
                Generation = parsed.GetValue(generation),
                Suite = parsed.GetValue(suite),
            },
            new EvaluationTarget
            {
                Lineage = parsed.GetValue(toLineage),
                Branch = parsed.GetValue(toBranch),
                Seed = parsed.GetValue(toSeed),
                Generation = parsed.GetValue(toGeneration),
                Shift = parsed.GetValue(shift),
            },
            parsed.GetValue(dryRun),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandConsole console, ParseResult parsed, EvaluationSelection selection, EvaluationTarget target, bool dryRun, CancellationToken cancellationToken)
    {
        if (selection is { Import: null, Lineage: null })
        {
            throw new CommandFailedException("say what to move: --import ID, or --lineage L with --branch, --seed, --generation or --suite", ExitCode.Usage);
        }

        if (console.Access?.Bars(target.Lineage ?? selection.Lineage) is { } barred)
        {
            throw new CommandFailedException(barred);
        }

        await using var services = await console.OpenAsync(parsed, cancellationToken);
        MoveSummary summary;
        if (dryRun)
        {
            summary = await services.GetRequiredService<CorrectionStore>().PreviewMoveAsync(selection, target, cancellationToken);
        }
        else
        {
            using var progress = new TerminalProgress(console.Error, !console.IsWatched);
            var correcting = services.GetRequiredService<Correcting>();
            var done = await correcting.MoveAsync(selection, target, cancellationToken);
            summary = done.Summary;
            await correcting.FollowAsync(done.Lineages, progress, cancellationToken);
        }

        return await ReportAsync(console, parsed, summary, dryRun ? "would move" : "moved", dryRun);
    }

    /// <summary>Prints what moved.</summary>
    internal static async Task<int> ReportAsync(CommandConsole console, ParseResult parsed, MoveSummary summary, string verb, bool dryRun)
    {
        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(MoveDocument.Of(summary, !dryRun));
            return ExitCode.Success;
        }

        await console.Output.WriteLineAsync(TextTable.Clean($"{verb} {CorrectionWords.Of(summary)}"));
        CorrectionTable.Write(console.Output, summary.Nodes);
        foreach (var note in CorrectionWords.Notes(summary))
        {
            await console.Output.WriteLineAsync(TextTable.Clean(note));
        }

        return ExitCode.Success;
    }
}

/// <summary>Prints what a correction does to each model.</summary>
internal static class CorrectionTable
{
    /// <summary>A line a model.</summary>
    public static void Write(TextWriter output, IReadOnlyList<NodeChange> nodes) => TextTable.Write(
        output,
        [
            ("model", change => CorrectionWords.Node(change)),
            ("evaluations", change => $"{NumberFormat.Count(change.EvaluationsBefore)} → {NumberFormat.Count(change.EvaluationsAfter)}"),
            ("samples", change => $"{NumberFormat.Count(change.RowsBefore)} → {NumberFormat.Count(change.RowsAfter)}"),
        ],
        nodes);
}
