using System.CommandLine;
using System.CommandLine.Invocation;
using Driftline.Web.Live;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands.Forwarding;

/// <summary>
/// Runs a command in the server of its data folder where there is one, so that one process writes and open pages follow at once;
/// otherwise here.
/// </summary>
/// <param name="own">What the command does.</param>
/// <param name="console">Where it was typed.</param>
/// <param name="arguments">What was typed.</param>
internal sealed class ForwardingAction(CommandLineAction own, CommandConsole console, IReadOnlyList<string> arguments) : AsynchronousCommandLineAction
{
    // A large database that is being migrated starts slowly.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Lets the commands under one, but those left out, go through a server.</summary>
    public static void Wrap(Command root, CommandConsole console, IReadOnlyList<string> arguments, params ReadOnlySpan<Command> leftOut)
    {
        foreach (var command in root.Subcommands)
        {
            if (leftOut.Contains(command))
            {
                continue;
            }

            if (command.Action is { } action)
            {
                command.Action = new ForwardingAction(action, console, arguments);
            }

            Wrap(command, console, arguments);
        }
    }

    /// <inheritdoc/>
    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        if (RemoteServer.Of(console, parseResult) is { } remote)
        {
            return RunsHere(parseResult)
                ? await RunAsync(parseResult, cancellationToken)
                : await new CommandClient(remote.Address.AbsoluteUri, remote.Token, console).RunAsync(CommandCall.Of(arguments, console) with { IsRemote = true }, cancellationToken);
        }

        if (console.Server is null && await ServerLock.FindAsync(new DataFolder(console.Options(parseResult)), Patience, cancellationToken) is { } server)
        {
            return await new CommandClient(server.Addresses[0], server.Token, console).RunAsync(CommandCall.Of(arguments, console), cancellationToken);
        }

        return await RunAsync(parseResult, cancellationToken);
    }

    // It reads the files of this machine and posts them.
    private static bool RunsHere(ParseResult parseResult) => parseResult.CommandResult.Command.Name == ImportCommand.Name;

    private Task<int> RunAsync(ParseResult parseResult, CancellationToken cancellationToken)
    {
        return own switch
        {
            AsynchronousCommandLineAction action => action.InvokeAsync(parseResult, cancellationToken),
            SynchronousCommandLineAction action => Task.FromResult(action.Invoke(parseResult)),
            _ => throw new InvalidOperationException($"{parseResult.CommandResult.Command.Name} has an action of an unknown kind"),
        };
    }
}
