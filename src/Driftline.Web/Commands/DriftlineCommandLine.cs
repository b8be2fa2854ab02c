using System.CommandLine;

namespace Driftline.Web.Commands;

/// <summary>The commands of the program <c>driftline</c>; without one it serves the dashboard.</summary>
internal static class DriftlineCommandLine
{
    /// <summary>Runs the command that <paramref name="arguments"/> name and returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var parsed = Create().Parse(arguments);
        var code = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    private static RootCommand Create()
    {
        var serve = new ServeCommand();
        var root = new RootCommand("Driftline watches how models drift over generations of self-training.")
        {
            serve,
        };
        serve.AddTo(root);
        return root;
    }
}
