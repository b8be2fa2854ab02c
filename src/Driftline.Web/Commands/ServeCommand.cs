using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
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
        var command = new Command("serve", "Serve the dashboard (the default command)\n\nExample:\n  driftline serve --urls http://127.0.0.1:8080 --open");
        MakeServe(command, console);
        return command;
    }

    /// <summary>Gives a command the options of <c>serve</c>, and lets it serve.</summary>
    public static void MakeServe(Command command, CommandConsole console)
    {
        var urls = CommandOptions.Urls();
        var readOnly = new Option<bool>("--read-only") { Description = "Show only: the pages take no logs" };
        var open = new Option<bool>("--open") { Description = "Open the dashboard in the browser" };
        command.Add(urls);
        command.Add(readOnly);
        command.Add(open);
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = console.Options(parsed);
            options.ReadOnly |= parsed.GetValue(readOnly);
            return ServeAsync(console, options, parsed.GetValue(urls), parsed.GetValue(CommandOptions.Verbose), parsed.GetValue(open), cancellationToken);
        });
    }

    /// <summary>Serves until the process is asked to stop.</summary>
    public static async Task<int> ServeAsync(
        CommandConsole console, DriftlineOptions options, string? urls, bool verbose, bool open, CancellationToken cancellationToken)
    {
        using var serving = Prepare(options, urls);
        return await ServeAsync(console, options, serving, verbose, open, cancellationToken);
    }

    /// <summary>Settles where to serve, and takes the right to serve the folder.</summary>
    /// <exception cref="IOException">Another server has it; the message names its address.</exception>
    /// <exception cref="InvalidOptionsException">An option has a value that cannot work.</exception>
    public static ServerLock Prepare(DriftlineOptions options, string? urls)
    {
        options.Urls = urls ?? options.Urls;
        OptionsCheck.ThrowIfInvalid(options);
        return ServerLock.Acquire(new DataFolder(options));
    }

    /// <summary>Serves a folder that is this process's to serve, until the process is asked to stop.</summary>
    public static async Task<int> ServeAsync(
        CommandConsole console, DriftlineOptions options, ServerLock serving, bool verbose, bool open, CancellationToken cancellationToken)
    {
        await using var application = DriftlineApplication.Create(options, verbose);
        await application.StartAsync(cancellationToken);
        serving.Publish(application.Addresses, application.LocalToken);
        foreach (var address in application.Addresses)
        {
            await console.Output.WriteLineAsync($"Driftline is at {address}");
        }

        await console.Output.FlushAsync(cancellationToken);
        if (open)
        {
            await OpenBrowserAsync(console, application.Addresses.First());
        }

        await application.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }

    private static async Task OpenBrowserAsync(CommandConsole console, string address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Win32Exception exception)
        {
            await console.Error.WriteLineAsync($"driftline: no browser could be opened ({exception.Message}); go to {address}");
        }
    }
}
