using System.CommandLine;
using Driftline.Storage.Sqlite;

namespace Driftline.Web.Commands;

/// <summary><c>driftline backup</c>: a consistent copy of the database, while it is served or not.</summary>
public static class BackupCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var file = new Argument<string>("file") { Description = "The copy" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there" };
        var command = new Command("backup", "Write a consistent copy of the database, also while a server uses it\n\nExample:\n  driftline backup driftline-monday.db") { file, force };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, console.FullPath(parsed.GetRequiredValue(file)), parsed.GetValue(force), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, string path, bool force, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new CommandFailedException($"{path} is a folder; name the file that the copy becomes");
        }

        if (File.Exists(path) && !force)
        {
            throw new CommandFailedException($"{path} is there already; choose another name, or replace it with --force");
        }

        await using var services = await console.OpenAsync(parsed, cancellationToken);
        await services.GetRequiredService<DriftlineDatabase>().BackUpAsync(path, cancellationToken);
        var bytes = new FileInfo(path).Length;
        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(new { File = path, Bytes = bytes });
        }
        else
        {
            await console.Output.WriteLineAsync($"{path}: {bytes / 1e6:0.0} MB");
        }

        return ExitCode.Success;
    }
}
