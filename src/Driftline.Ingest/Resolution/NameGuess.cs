using System.Text.RegularExpressions;

namespace Driftline.Ingest.Resolution;

/// <summary>What the name and folders of a log say about lineage, branch and seed, where the log itself does not.</summary>
/// <param name="Lineage">From the nearest folder that is not merely a place for logs; null without one.</param>
/// <param name="Branch">From a file name such as <c>replace-s1-g03</c>; null if it is not of that form.</param>
/// <param name="Seed">From the same; null if it names none.</param>
internal sealed partial record NameGuess(string? Lineage, string? Branch, string? Seed)
{
    private static readonly HashSet<string> Places = new(StringComparer.OrdinalIgnoreCase)
    {
        "log", "logs", "eval", "evals", "evaluation", "evaluations", "result", "results", "run", "runs", "output", "outputs", "out",
        "sample", "samples", "data", "incoming", "upload", "uploads", "download", "downloads", "desktop", "home", "tmp", "temp", "var", "mnt",
    };

    /// <summary>Reads a path that the user gave.</summary>
    public static NameGuess Of(string? path)
    {
        var parts = PathParts.Of(path);
        if (parts.Count == 0)
        {
            return new NameGuess(null, null, null);
        }

        var form = Form().Match(parts[^1]);
        return new NameGuess(
            parts.SkipLast(1).LastOrDefault(IsLineage),
            form.Success && !Places.Contains(form.Groups["branch"].Value) ? form.Groups["branch"].Value : null,
            form.Groups["seed"] is { Success: true } seed ? seed.Value : null);
    }

    // "C:" is a drive; a folder that names a generation, branch or seed is inside a lineage.
    private static bool IsLineage(string folder) =>
        !Places.Contains(folder) && !folder.EndsWith(':') && GenerationResolver.Candidates("/" + folder).Count == 0 && !SeedFolder().IsMatch(folder);

    // replace-s1-g03, b0-s0-g003. Without a seed, what stands before the generation may be anything (eval_gen3, root-g00).
    [GeneratedRegex(@"^(?<branch>.+?)[-_]s(?:eed)?[-_]?(?<seed>\d+)[-_]g(?:en(?:eration)?)?[-_]?\d+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex(@"^s(?:eed)?[-_]?\d+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeedFolder();
}
