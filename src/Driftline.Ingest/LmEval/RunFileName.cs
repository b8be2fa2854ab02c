using System.Globalization;
using System.Text.RegularExpressions;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.LmEval;

/// <summary>What the harness says in the name of a file: <c>results_DATE.json</c>, <c>samples_TASK_DATE.jsonl</c>, in a folder named after the model.</summary>
/// <param name="Stem">The name without its folders, extensions and date.</param>
/// <param name="Stamp">The date of the run as it stands in names, its colons (if any) as hyphens; null without one.</param>
/// <param name="Folder">The folder that holds the file; null without one.</param>
internal sealed partial record RunFileName(string Stem, string? Stamp, string? Folder)
{
    /// <summary>With what the name of a samples file begins.</summary>
    public const string Samples = "samples";

    private const string SamplesPrefix = Samples + "_";
    private const string Slash = "__";
    private const int SecondsLength = 19;

    /// <summary>Reads a path that the user gave.</summary>
    public static RunFileName Of(string path)
    {
        var parts = PathParts.Of(path);
        var stem = parts.Count == 0 ? "" : parts[^1];
        var stamp = Stamped().Match(stem);
        return new RunFileName(
            stamp.Success ? stem[..stamp.Index] : stem,
            stamp.Success ? stamp.Groups["stamp"].Value.Replace(':', '-') : null,
            parts.Count > 1 ? parts[^2] : null);
    }

    /// <summary>The task of a samples file, by its name alone; null where it does not begin with "samples_".</summary>
    public string? Task => Stem.StartsWith(SamplesPrefix, StringComparison.Ordinal) && Stem.Length > SamplesPrefix.Length ? Stem[SamplesPrefix.Length..] : null;

    /// <summary>The model that the folder is named after, its slashes written as "__"; null where it is no such name.</summary>
    public string? Model => Folder is { } folder && folder.Contains(Slash, StringComparison.Ordinal) ? folder.Replace(Slash, "/", StringComparison.Ordinal) : null;

    /// <summary>When the run wrote its files. The harness writes its machine's own time; read as UTC, as any time without an offset.</summary>
    public DateTime? Written => Stamp is { } stamp
        && DateTime.TryParseExact(
            stamp.Length > SecondsLength ? stamp[..SecondsLength] : stamp, "yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;

    // _2024-08-21T03-44-09.494230; the first versions with dates wrote colons.
    [GeneratedRegex(@"_(?<stamp>\d{4}-\d{2}-\d{2}T\d{2}[-:]\d{2}[-:]\d{2}(?:\.\d{1,9})?)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Stamped();
}
