using System.CommandLine;
using Driftline.Storage.Sqlite;
using Driftline.Web.Alerts;

namespace Driftline.Web.Commands;

/// <summary><c>driftline check</c>: tells a training script by its exit code whether to go on.</summary>
public static class CheckCommand
{
    private const int LongestWait = 7 * 24 * 3600;

    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var lineage = new Option<string>("--lineage") { Description = "The lineage", Required = true };
        var branch = CommandOptions.Branch("Only this branch");
        var seed = CommandOptions.Seed("Only this seed");
        var generation = CommandOptions.Generation("The generation to judge (default: the newest of each branch and seed)");
        var wait = new Option<int>("--wait") { Description = "Wait up to this many seconds for imports, measures and alerts in progress, and for a generation that is still open" };
        wait.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > LongestWait)
            {
                result.AddError($"--wait must be 0 to {LongestWait} seconds");
            }
        });
        var command = new Command(
            "check",
            "Evaluate the alert rules of a lineage and answer by exit code: 0 nothing fires, 4 cannot tell (no data, not comparable, generation still open), 10 a warning fires, 20 a page fires"
            + "\n\nExamples:\n  driftline check --lineage my-loop --branch replace --seed 1 --wait 60\n  driftline check --lineage my-loop --json")
        {
            lineage, branch, seed, generation, wait,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            new CheckRequest(
                parsed.GetRequiredValue(lineage),
                new ChosenLines(parsed.GetValue(branch), parsed.GetValue(seed)),
                parsed.GetValue(generation),
                TimeSpan.FromSeconds(parsed.GetValue(wait))),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, CheckRequest request, CancellationToken cancellationToken)
    {
        var document = console.Server is null ? await LookAsync(console.Options(parsed).DataFolder, request, cancellationToken) : null;
        if (document is null)
        {
            await using var services = await console.OpenAsync(parsed, cancellationToken);
            document = await services.GetRequiredService<AlertCheck>().RunAsync(request, cancellationToken);
        }

        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(document);
        }
        else
        {
            Print(console.Output, document);
        }

        return document.ExitCode;
    }

    /// <summary>The answer from what is stored, which a training loop has within a second; null where something is to be stored, waited for or explained.</summary>
    private static async Task<CheckDocument?> LookAsync(string folder, CheckRequest request, CancellationToken cancellationToken)
    {
        if (await AlertLook.TryAsync(folder, request.Lineage, cancellationToken) is not { IsStored: true } looked)
        {
            return null;
        }

        try
        {
            var evaluation = new LineageEvaluation(looked.Input, looked.Outcome);
            var document = CheckVerdict.Of(request.Lineage, evaluation, request.Lines, request.Generation);
            return request.Wait == TimeSpan.Zero || AlertCheck.IsFinal(document, evaluation) ? document : null;
        }
        catch (CommandFailedException) when (request.Wait > TimeSpan.Zero)
        {
            // The branch may be there before the wait is over.
            return null;
        }
    }

    private static void Print(TextWriter output, CheckDocument document)
    {
        foreach (var alert in document.Alerts)
        {
            output.WriteLine($"{(alert.State is Core.Alerts.AlertState.Firing or Core.Alerts.AlertState.Recovering ? alert.Severity.ToString().ToUpperInvariant() : "-"),-5} {TextTable.Clean(alert.Sentence)}");
        }

        foreach (var reason in document.Reasons)
        {
            output.WriteLine($"?     {TextTable.Clean(reason)}");
        }

        output.WriteLine($"{TextTable.Clean(document.Lineage)}: {Verdict(document)} (exit {document.ExitCode})");
    }

    private static string Verdict(CheckDocument document) => document.ExitCode switch
    {
        ExitCode.PageFiring => "a page is firing; stop the loop and look",
        ExitCode.WarnFiring => "a warning is firing; look",
        ExitCode.CannotTell => "cannot tell",
        _ => "nothing is firing",
    };
}
