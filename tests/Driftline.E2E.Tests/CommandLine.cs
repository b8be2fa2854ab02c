using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Driftline.E2E.Tests;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Everything on standard output.</param>
/// <param name="Error">Everything on standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidDataException($"driftline printed no JSON but \"{Output}\".");
}

/// <summary>The built program as a command that ends by itself.</summary>
internal static class CommandLine
{
    /// <summary>Starts a command on a data folder.</summary>
    public static Process Start(DirectoryInfo dataDirectory, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Repository.Program, [.. arguments, "--data-dir", dataDirectory.FullName])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs a command on a data folder to its end.</summary>
    public static async Task<CommandResult> RunAsync(DirectoryInfo dataDirectory, params IEnumerable<string> arguments)
    {
        using var process = Start(dataDirectory, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command that prints JSON and must succeed.</summary>
    public static async Task<JsonNode> JsonAsync(DirectoryInfo dataDirectory, params IEnumerable<string> arguments)
    {
        var result = await RunAsync(dataDirectory, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, $"driftline ended with {result.ExitCode}: {result.Error}");
        return result.Json;
    }
}
