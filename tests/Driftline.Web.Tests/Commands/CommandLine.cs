using System.Text;
using System.Text.Json;
using Driftline.Web.Commands;

namespace Driftline.Web.Tests.Commands;

/// <summary>The command line as a user has it, on a data folder of its own, inside the test's process.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftline-cli-");

    public string Folder => _folder.FullName;

    /// <summary>The demo's logs, beside the program.</summary>
    public static string Demo { get; } = Path.Combine(AppContext.BaseDirectory, "Demo");

    public async Task<CommandResult> WithInputAsync(string input, params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await DriftlineCommand.RunAsync(
            [.. arguments, "--data-dir", Folder], output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), Xunit.TestContext.Current.CancellationToken);
        return new CommandResult(code, output.ToString(), error.ToString());
    }

    public Task<CommandResult> RunAsync(params string[] arguments) => WithInputAsync("", arguments);

    /// <summary>Runs a command that must succeed and parses what it prints.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var result = await RunAsync([.. arguments, "--json"]);
        Assert.True(result.ExitCode == ExitCode.Success, result.Error);
        return result.Json;
    }

    /// <summary>The points of a series.</summary>
    public async Task<JsonElement[]> PointsAsync(params string[] arguments) =>
        [.. (await JsonAsync(["series", .. arguments])).GetProperty("points").EnumerateArray()];

    public void Dispose() => _folder.Delete(recursive: true);
}

internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement.Clone();
}
