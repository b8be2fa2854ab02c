namespace Driftline.Web.Commands;

/// <summary>A command cannot go on. The message is the one line that the user reads: what is at fault and what to do.</summary>
public sealed class CommandFailedException : Exception
{
    /// <summary>Ends the command.</summary>
    /// <param name="message">One line.</param>
    /// <param name="exitCode">One of <see cref="Commands.ExitCode"/>.</param>
    public CommandFailedException(string message, int exitCode = Commands.ExitCode.Failure)
        : base(message)
    {
        ExitCode = exitCode;
    }

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; }
}
