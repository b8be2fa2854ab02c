using System.CommandLine;

namespace Driftline.Web.Commands;

/// <summary>The command line: <c>driftline [serve|demo|import|list|series]</c>.</summary>
public static class DriftlineCommand
{
    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <param name="arguments">What the user typed after the program's name.</param>
    /// <param name="output">Results go here.</param>
    /// <param name="error">Progress, logs and failures go here.</param>
    /// <param name="input">What <c>import -</c> reads.</param>
    /// <param name="cancellationToken">Ends the command early.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, Func<Stream> input, CancellationToken cancellationToken = default)
    {
        var root = Create(output, error, input);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"driftline: {string.Join("; ", parsed.Errors.Select(problem => OneLine(problem.Message)))} (driftline --help lists the commands)");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancellationToken);
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

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static RootCommand Create(TextWriter output, TextWriter error, Func<Stream> input)
    {
        var console = new CommandConsole(output, error, input);
        var root = new RootCommand("Driftline shows how models drift when they are trained on their own output: values, bias, meaning.")
        {
            CommandOptions.DataDir,
            CommandOptions.Json,
            CommandOptions.Verbose,
            ServeCommand.Create(console),
            DemoCommand.Create(console),
            ImportCommand.Create(console),
            ListCommand.Create(console),
            SeriesCommand.Create(console),
        };
        ServeCommand.MakeServe(root, console);
        return root;
    }
}
