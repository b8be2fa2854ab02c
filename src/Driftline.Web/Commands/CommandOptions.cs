using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Driftline.Web.Commands;

/// <summary>The options that every command takes.</summary>
public static class CommandOptions
{
    /// <summary>Where the database lives.</summary>
    public static readonly Option<string?> DataDir = new("--data-dir")
    {
        Description = "Folder of the database (default: $DRIFTLINE_DATA_DIR, else the platform's application-data folder + /driftline)",
        Recursive = true,
    };

    /// <summary>Print one JSON document.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON document on standard output and nothing else there",
        Recursive = true,
    };

    /// <summary>Print stack traces.</summary>
    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Print the stack trace of a failure, and logs of the program's inner workings",
        Recursive = true,
    };

    /// <summary>A server on another machine.</summary>
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "Send the command to a server on another machine, by its address (default: $DRIFTLINE_SERVER)",
        Recursive = true,
    };

    /// <summary>What lets the command in there.</summary>
    public static readonly Option<string?> Token = new("--token")
    {
        Description = "The token that --server asks for (default: $DRIFTLINE_TOKEN)",
        Recursive = true,
    };

    /// <summary>Where to serve.</summary>
    public static Option<string?> Urls() => new("--urls") { Description = "Address to serve (default http://127.0.0.1:5230; port 0 picks a free one)" };

    /// <summary>Which lineage.</summary>
    public static Option<string?> Lineage(string description) => new("--lineage") { Description = description };

    /// <summary>Which branch.</summary>
    public static Option<string?> Branch(string description) => new("--branch") { Description = description };

    /// <summary>Which seed.</summary>
    public static Option<string?> Seed(string description) => new("--seed") { Description = description };

    /// <summary>Which generation, where it need not be said.</summary>
    public static Option<int?> Generation(string description, string name = "--generation") => new(name) { Description = description, CustomParser = result => Ordinal(result, name) };

    /// <summary>Which generation, where it must be said.</summary>
    public static Option<int> RequiredGeneration() => new("--generation") { Description = "The generation", Required = true, CustomParser = result => Ordinal(result, "--generation") ?? 0 };

    private static int? Ordinal(ArgumentResult result, string name)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
        {
            return generation;
        }

        result.AddError($"{name} must be a whole number of 0 or more, found \"{text}\"");
        return null;
    }
}
