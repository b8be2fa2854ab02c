using System.CommandLine;

namespace Driftline.Web.Commands.Forwarding;

/// <summary>A server on another machine that commands are sent to.</summary>
/// <param name="Address">Its address, an absolute http or https one.</param>
/// <param name="Token">What lets commands in; null for none, which is enough to post logs.</param>
public sealed record RemoteServer(Uri Address, string? Token)
{
    /// <summary>The server that <c>--server</c> or DRIFTLINE_SERVER names; null for none, and inside a server.</summary>
    /// <exception cref="CommandFailedException">The address is none.</exception>
    public static RemoteServer? Of(CommandConsole console, ParseResult parsed)
    {
        if (console.Server is not null)
        {
            return null;
        }

        var options = console.Options(parsed);
        if ((parsed.GetValue(CommandOptions.Server) ?? options.Server) is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new RemoteServer(address, parsed.GetValue(CommandOptions.Token) ?? options.Token)
            : throw new CommandFailedException($"--server: \"{text}\" is no address such as http://127.0.0.1:5230", ExitCode.Usage);
    }

    // A token has no place in a message or a log.
    /// <inheritdoc/>
    public override string ToString() => Address.GetLeftPart(UriPartial.Authority);
}
