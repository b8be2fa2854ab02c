using System.CommandLine;
using System.Text.Json;
using Driftline.Web.Api.Documents;
using Driftline.Web.Options;

namespace Driftline.Web.Commands;

/// <summary>What a command reads from and writes to, and how it gets at the data folder.</summary>
public sealed class CommandConsole(TextWriter output, TextWriter error, Func<Stream> input)
{
    /// <summary>Results.</summary>
    public TextWriter Output => output;

    /// <summary>Progress and failures.</summary>
    public TextWriter Error => error;

    /// <summary>Opens standard input as bytes.</summary>
    public Stream OpenInput() => input();

    /// <summary>Writes the one JSON document of a command.</summary>
    public void WriteJson<T>(T document) => output.WriteLine(JsonSerializer.Serialize(document, ContractJson.Options));

    /// <summary>The options in force: flags over environment over appsettings.json over defaults.</summary>
    public static DriftlineOptions Options(ParseResult parsed) => OptionsLoader.Load(parsed.GetValue(CommandOptions.DataDir));

    /// <summary>The services of commands that need no web server.</summary>
    public static Task<ServiceProvider> OpenAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        OpenAsync(Options(parsed), parsed.GetValue(CommandOptions.Verbose), cancellationToken);

    /// <summary>The services of commands that need no web server.</summary>
    public static async Task<ServiceProvider> OpenAsync(DriftlineOptions options, bool verbose, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            if (verbose)
            {
                logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            }
        });
        services.AddDriftline(options);
        var provider = services.BuildServiceProvider();
        await provider.PrepareDriftlineAsync(cancellationToken);
        return provider;
    }
}
