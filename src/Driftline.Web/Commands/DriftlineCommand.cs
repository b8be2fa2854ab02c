using System.CommandLine;
using System.Text.RegularExpressions;
using Driftline.Web.Commands.Forwarding;

namespace Driftline.Web.Commands;

/// <summary>The command line: <c>driftline [serve|demo|import|list|series|recompute|check|close|rules]</c>.</summary>
public static partial class DriftlineCommand
{
    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <param name="arguments">What the user typed after the program's name.</param>
    /// <param name="output">Results go here.</param>
    /// <param name="error">Progress, logs and failures go here.</param>
    /// <param name="input">What <c>import -</c> reads.</param>
    /// <param name="cancellationToken">Ends the command early.</param>
    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, Func<Stream> input, CancellationToken cancellationToken = default) =>
        RunAsync(arguments, new CommandConsole(output, error, input), cancellationToken);

    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <param name="arguments">What the user typed after the program's name.</param>
    /// <param name="console">Where it was typed; one of a server runs only what ends by itself.</param>
    /// <param name="cancellationToken">Ends the command early.</param>
    public static async Task<int> RunAsync(string[] arguments, CommandConsole console, CancellationToken cancellationToken)
    {
        var (output, error) = (console.Output, console.Error);
        var parsed = Create(console, arguments).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"driftline: {string.Join("; ", parsed.Errors.Select(problem => Sentence(problem.Message)))} (driftline --help lists the commands)");
            return ExitCode.Usage;
        }

        if (console.Server is not null && parsed.Action is not ForwardingAction)
        {
            await error.WriteLineAsync($"driftline: {parsed.CommandResult.Command.Name} does not run inside a server");
            return ExitCode.Usage;
        }

        if (console.Access is { } access && CommandAccess.Refusal(access, parsed) is { } refusal)
        {
            await error.WriteLineAsync($"driftline: {refusal}");
            return ExitCode.Failure;
        }

        var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        if (console.Server is not null)
        {
            // Ctrl+C at the server's terminal ends the server, which ends its commands.
            invocation.ProcessTerminationTimeout = null;
        }

        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("driftline: cancelled");
            return ExitCode.Failure;
        }
        catch (Exception failure)
        {
            await error.WriteLineAsync(parsed.GetValue(CommandOptions.Verbose) && failure is not CommandFailedException ? failure.ToString() : $"driftline: {failure.Message}");
            return failure is CommandFailedException known ? known.ExitCode : ExitCode.Failure;
        }
    }

    /// <summary>The parser names what it cannot read with its type in C#, which says nothing to who typed it.</summary>
    private static string Sentence(string message) => Unread().Match(message) is { Success: true } found
        ? $"{found.Groups["name"].Value} takes {(found.Groups["type"].Value is "Int32" or "Int64" ? "a whole number" : found.Groups["type"].Value is "Double" ? "a number" : "another kind of value")}, not \"{found.Groups["text"].Value}\""
        : OneLine(message);

    [GeneratedRegex("^Cannot parse argument '(?<text>.*)' for (?:option|command|argument) '(?<name>[^']+)' as expected type '(?:.*\\[)?System\\.(?<type>\\w+)\\]?'\\.$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unread();

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static RootCommand Create(CommandConsole console, string[] arguments)
    {
        var serve = ServeCommand.Create(console);
        var demo = DemoCommand.Create(console);
        var root = new RootCommand("Driftline shows how models drift when they are trained on their own output: values, bias, meaning.")
        {
            CommandOptions.DataDir,
            CommandOptions.Json,
            CommandOptions.Verbose,
            CommandOptions.Server,
            CommandOptions.Token,
            serve,
            demo,
            ImportCommand.Create(console),
            ListCommand.Create(console),
            SeriesCommand.Create(console),
            SamplesCommand.Create(console),
            BackupCommand.Create(console),
            RestoreCommand.Create(console),
            VerifyCommand.Create(console),
            RecomputeCommand.Create(console),
            CheckCommand.Create(console),
            CloseCommand.Create(console),
            MoveCommand.Create(console),
            DeleteCommand.Create(console),
            RulesCommand.Create(console),
            TokenCommand.Create(console),
        };
        ServeCommand.MakeServe(root, console);
        ForwardingAction.Wrap(root, console, arguments, serve, demo);
        return root;
    }
}
