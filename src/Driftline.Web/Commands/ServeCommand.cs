using System.CommandLine;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary><c>driftline serve</c>: the dashboard.</summary>
public static class ServeCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var urls = CommandOptions.Urls();
        var command = new Command("serve", "Serve the dashboard (the default command)\n\nExample:\n  driftline serve --urls http://127.0.0.1:8080") { urls };
        command.SetAction((parsed, cancellationToken) => ServeAsync(console, parsed, parsed.GetValue(urls), cancellationToken));
        return command;
    }

    /// <summary>Serves until the process is asked to stop.</summary>
    public static Task<int> ServeAsync(CommandConsole console, ParseResult parsed, string? urls, CancellationToken cancellationToken) =>
        ServeAsync(console, CommandConsole.Options(parsed), urls, parsed.GetValue(CommandOptions.Verbose), cancellationToken);

    /// <summary>Serves until the process is asked to stop.</summary>
    public static async Task<int> ServeAsync(CommandConsole console, DriftlineOptions options, string? urls, bool verbose, CancellationToken cancellationToken)
    {
        options.Urls = urls ?? options.Urls;
        OptionsCheck.ThrowIfInvalid(options);
        using var serving = ServerLock.Acquire(new DataFolder(options));
        await using var application = DriftlineApplication.Create(options, verbose);
        await application.StartAsync(cancellationToken);
        serving.Publish(application.Addresses);
        foreach (var address in application.Addresses)
        {
            await console.Output.WriteLineAsync($"Driftline is at {address}");
        }

        await console.Output.FlushAsync(cancellationToken);
        await application.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }
}
