namespace Driftline.Web.Commands.Forwarding;

/// <summary>
/// A command line that a server is asked to run: the first line of the request's body, as JSON. What follows it is the command's
/// standard input.
/// </summary>
/// <param name="Arguments">What the user typed after the program's name, without the flags that say where the server is.</param>
/// <param name="WorkingFolder">The folder that relative paths start from.</param>
/// <param name="IsWatched">Whether a person watches standard error.</param>
/// <param name="IsRemote">Whether it was typed on another machine, whose files are out of reach.</param>
public sealed record CommandCall(IReadOnlyList<string> Arguments, string WorkingFolder, bool IsWatched, bool IsRemote = false)
{
    /// <summary>The longest first line that a server reads.</summary>
    public const int MaxBytes = 16 << 20;

    // What names the server is for this side of the line only.
    private static readonly string[] OfThisSide = ["--data-dir", "--server", "--token"];

    /// <summary>The call that a user's command line becomes.</summary>
    public static CommandCall Of(IReadOnlyList<string> arguments, CommandConsole console)
    {
        var kept = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (OfThisSide.Contains(arguments[i]))
            {
                i++;
            }
            else if (!OfThisSide.Any(name => arguments[i].StartsWith(name + "=", StringComparison.Ordinal) || arguments[i].StartsWith(name + ":", StringComparison.Ordinal)))
            {
                kept.Add(arguments[i]);
            }
        }

        return new CommandCall(kept, console.WorkingFolder, console.IsWatched);
    }

    /// <summary>Whether the command reads standard input.</summary>
    public bool ReadsInput => Arguments.Contains("-");
}
