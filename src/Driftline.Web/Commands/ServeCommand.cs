using System.CommandLine;
using Driftline.Web.Options;

namespace Driftline.Web.Commands;

/// <summary><c>driftline serve</c>: the dashboard, until the process is asked to stop.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Option<string?> _urls = new("--urls")
    {
        Description = $"Addresses to listen on, separated by semicolons; port 0 picks a free one. Default: {ServeOptions.DefaultUrls}",
        HelpName = "U",
    };

    private readonly Option<string?> _dataDirectory = new("--data-dir")
    {
        Description = "Folder of the database. Default: $DRIFTLINE_DATA_DIR, else driftline in the platform's application-data folder",
        HelpName = "DIR",
    };

    public ServeCommand()
        : base("serve", "Serves the dashboard. The default command.")
    {
        AddTo(this);
    }

    /// <summary>Makes <paramref name="command"/> take the options of <c>serve</c> and do the same.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_urls);
        command.Options.Add(_dataDirectory);
        command.SetAction(ServeAsync);
    }

    private async Task<int> ServeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var flags = new Dictionary<string, string?>();
        if (arguments.GetValue(_urls) is { } urls)
        {
            flags[ServeOptions.UrlsKey] = urls;
        }

        if (arguments.GetValue(_dataDirectory) is { } dataDirectory)
        {
            flags[ServeOptions.DataDirectoryKey] = dataDirectory;
        }

        try
        {
            await using var application = DriftlineApplication.Create(flags);
            await application.StartAsync(cancellationToken);
            foreach (var address in application.Addresses)
            {
                await Console.Out.WriteLineAsync($"Driftline is at {address}");
            }

            await application.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Success;
        }
        catch (InvalidSettingException e)
        {
            await Console.Error.WriteLineAsync($"driftline: {e.Message}");
            return ExitCode.Usage;
        }
        catch (IOException e)
        {
            // The data folder cannot be used, or the address is taken: the message names which.
            await Console.Error.WriteLineAsync($"driftline: {e.Message}");
            return ExitCode.Failure;
        }
    }
}
