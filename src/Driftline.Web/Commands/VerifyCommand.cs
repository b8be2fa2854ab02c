using System.CommandLine;
using System.Globalization;
using Driftline.Storage.Sqlite;

namespace Driftline.Web.Commands;

/// <summary><c>driftline verify</c>: looks whether the database is whole.</summary>
public static class VerifyCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var command = new Command("verify", "Look whether the database is whole and holds what was imported; ends with 1 when it is damaged\n\nExample:\n  driftline verify");
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var report = await services.GetRequiredService<DriftlineDatabase>().VerifyAsync(cancellationToken);
        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(new { Ok = report.IsSound, report.Checked, report.Faults, report.FaultCount });
        }
        else
        {
            await console.Output.WriteLineAsync(
                $"looked at {string.Join(", ", report.Checked.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Value:N0} {each.Key}")))}: {(report.IsSound ? "all whole" : $"{report.FaultCount} faults")}");
            foreach (var fault in report.Faults)
            {
                await console.Output.WriteLineAsync($"  {fault}");
            }
        }

        if (!report.IsSound)
        {
            throw new CommandFailedException("the database is damaged; restore a backup (driftline restore FILE), or import the logs into a new data folder");
        }

        return ExitCode.Success;
    }
}
