using System.CommandLine;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary><c>driftline demo</c>: the dashboard with two real lineages, in a data folder of its own.</summary>
public static class DemoCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var urls = CommandOptions.Urls();
        var command = new Command("demo", "Load two real lineages into a data folder of their own and serve them\n\nExample:\n  driftline demo") { urls };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, parsed.GetValue(urls), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, string? urls, CancellationToken cancellationToken)
    {
        var options = console.Options(parsed);
        if (parsed.GetValue(CommandOptions.DataDir) is null)
        {
            // The user's own lineages stay apart from the demo's.
            options.DataDir = options.DataFolder.TrimEnd(Path.DirectorySeparatorChar) + "-demo";
        }

        // Before the loading: where a server runs already, its own page loads the demo.
        using var serving = ServeCommand.Prepare(options, urls);
        await using (var services = await console.OpenAsync(options, parsed.GetValue(CommandOptions.Verbose), cancellationToken))
        {
            using var progress = new TerminalProgress(console.Error, !console.IsWatched);
            await console.Error.WriteLineAsync("Loading the demo: political bias of GPT-2 over ten generations, and a small model trained on itself …");
            await services.GetRequiredService<DemoLoader>().LoadAsync(progress, cancellationToken);
        }

        return await ServeCommand.ServeAsync(console, options, serving, parsed.GetValue(CommandOptions.Verbose), open: false, cancellationToken);
    }
}
