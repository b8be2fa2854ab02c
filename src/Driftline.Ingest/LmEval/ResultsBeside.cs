using Driftline.Ingest.Files;

namespace Driftline.Ingest.LmEval;

/// <summary>
/// Finds the results of the run that wrote a samples file: samples say neither model nor settings. Only in the same folder, and only by
/// name; no path from inside a log is ever opened.
/// </summary>
internal static class ResultsBeside
{
    private static readonly string[] Extensions = [".json", ".json.gz", ".json.zst"];

    /// <summary>The path of the results; null for a results file itself, for one that came without its folder, and where there are none.</summary>
    public static string? Find(LogSource source)
    {
        var path = Path.GetFullPath(source.Path);
        var name = RunFileName.Of(source.Name);
        if (source.Folder is not { } folder || !IsSamples(path))
        {
            return null;
        }

        if (name.Stamp is null)
        {
            return Extensions.Select(e => source.Beside("results" + e)).FirstOrDefault(file => file is not null);
        }

        // Its name begins with "results" unless someone renamed it; the date tells the run.
        return PatientCall.Run(folder, () => Directory.GetFiles(folder))
            .Where(file => file != path && Array.Exists(Extensions, e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase)) && RunFileName.Of(file).Stamp == name.Stamp)
            .OrderByDescending(file => Path.GetFileName(file).StartsWith("results", StringComparison.Ordinal))
            .ThenBy(file => file, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static bool IsSamples(string path) => path.Contains(".jsonl", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(path).StartsWith("samples", StringComparison.Ordinal);
}
