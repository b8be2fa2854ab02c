using System.CommandLine;
using Driftline.Storage.Sqlite;
using Driftline.Storage.Sqlite.Safety;
using Driftline.Web.Live;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary><c>driftline restore</c>: a backup takes the place of the database, which stays beside it under another name.</summary>
public static class RestoreCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var file = new Argument<string>("file") { Description = "A file that \"driftline backup\" wrote" };
        var command = new Command(
            "restore", "Verify a backup and put it in the place of the database, which is kept beside it\n\nExample:\n  driftline restore driftline-monday.db") { file };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, console.FullPath(parsed.GetRequiredValue(file)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, string backup, CancellationToken cancellationToken)
    {
        if (console.Server is not null)
        {
            throw new CommandFailedException("a server has the database open; stop it (Ctrl+C where it runs), restore, and start it again");
        }

        var folder = new DataFolder(console.Options(parsed));

        // Nobody may begin to serve the folder meanwhile.
        using var serving = ServerLock.Acquire(folder);
        var replaced = await DatabaseRestore.RunAsync(folder.Path, backup, DateTime.UtcNow, DriftlineDatabase.DefaultWait, cancellationToken);

        // An older one is migrated now, where somebody sees it fail, and not at the next start.
        await using (await console.OpenAsync(parsed, cancellationToken))
        {
        }

        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(new { Restored = backup, Replaced = replaced });
        }
        else
        {
            await console.Output.WriteLineAsync($"{backup} is in place{(replaced is null ? "" : $"; what it replaced is now {replaced}, remove it when you no longer need it")}");
        }

        return ExitCode.Success;
    }
}
