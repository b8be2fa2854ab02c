namespace Driftline.Ingest.Resolution;

/// <summary>The folders and the file name of a path that a user gave, from either kind of system.</summary>
internal static class PathParts
{
    private static readonly string[] Extensions = [".gz", ".zst", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".txt", ".log", ".eval"];

    /// <summary>Folders from the root on, then the file name without its known extensions; empty for no path.</summary>
    public static IReadOnlyList<string> Of(string? path)
    {
        var parts = (path ?? "").Split('/', '\\').Where(part => part is not ("" or "." or "..")).ToList();
        if (parts.Count > 0)
        {
            parts[^1] = WithoutExtensions(parts[^1]);
        }

        return parts;
    }

    private static string WithoutExtensions(string file)
    {
        while (Extensions.FirstOrDefault(e => file.Length > e.Length && file.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } extension)
        {
            file = file[..^extension.Length];
        }

        return file;
    }
}
