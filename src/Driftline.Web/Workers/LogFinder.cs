using System.IO.Enumeration;
using Driftline.Ingest;
using Driftline.Ingest.Columns;

namespace Driftline.Web.Workers;

/// <summary>Logs found under the paths that a user gave.</summary>
/// <param name="Requests">In order of path.</param>
/// <param name="Ignored">Files in folders that are no logs by their names.</param>
public sealed record FoundLogs(IReadOnlyList<ImportRequest> Requests, IReadOnlyList<string> Ignored);

/// <summary>Turns paths into logs to import: folders with all their subfolders, "-" as standard input, and the mapping that lies beside a log.</summary>
public static class LogFinder
{
    private const string MappingSuffix = ".mapping.json";

    private static readonly string[] Compressions = [".gz", ".zst"];

    // Other extensions in a folder (readmes, pictures, code) are left alone, and said to be; a file named by itself is always tried.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".eval" };

    // Names of texts of all kinds, logs among them: these are looked into.
    private static readonly HashSet<string> Doubtful = new(StringComparer.OrdinalIgnoreCase) { ".txt", ".log" };

    /// <summary>Finds the logs.</summary>
    /// <param name="paths">As the user gave them.</param>
    /// <param name="workingFolder">The folder that relative paths start from.</param>
    /// <param name="overrides">What the user says about all of them.</param>
    /// <param name="mapping">The mapping for all of them; null takes the one beside each log, if any.</param>
    /// <param name="spool">Receives standard input and returns the path of the spooled file.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<FoundLogs> FindAsync(
        IEnumerable<string> paths, string workingFolder, NodeOverrides overrides, ColumnMapping? mapping, Func<Task<string>> spool, CancellationToken cancellationToken)
    {
        var requests = new List<ImportRequest>();
        var ignored = new List<string>();
        foreach (var path in paths)
        {
            if (path == "-")
            {
                requests.Add(new ImportRequest("standard input", await spool(), overrides, mapping, DeleteWhenDone: true));
            }
            else if (Path.GetFullPath(path, workingFolder) is var full && Directory.Exists(full))
            {
                foreach (var file in FilesIn(full).Order(StringComparer.Ordinal))
                {
                    if (IsLog(file) || IsLogInside(file))
                    {
                        requests.Add(await RequestAsync(Path.Combine(path, Path.GetRelativePath(full, file)), file, overrides, mapping, cancellationToken));
                    }
                    else if (!file.EndsWith(MappingSuffix, StringComparison.OrdinalIgnoreCase))
                    {
                        ignored.Add(file);
                    }
                }
            }
            else
            {
                requests.Add(await RequestAsync(path, full, overrides, mapping, cancellationToken));
            }
        }

        return new FoundLogs(requests, ignored);
    }

    private static FileSystemEnumerable<string> FilesIn(string folder)
    {
        var root = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        var followed = new HashSet<string>(StringComparer.Ordinal);
        return new(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.System })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsShown(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                IsShown(ref entry) && (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || LeadsElsewhere(entry.ToFullPath(), root, followed)),
        };
    }

    /// <summary>
    /// Whether a link is to be followed: to each folder once, and neither to what is taken under its own name ("latest") nor up, which
    /// would have no end.
    /// </summary>
    private static bool LeadsElsewhere(string link, string root, HashSet<string> followed) =>
        Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName is not { } target || (!IsWithin(target, root) && !IsWithin(root, target) && followed.Add(target));

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Whether an entry of a folder is one that people see.</summary>
    // lm-evaluation-harness calls the folder of the model ../loop/gen_3 "..__loop__gen_3", which looks hidden and is not meant so.
    internal static bool IsShown(ref FileSystemEntry entry) =>
        !entry.IsHidden || entry.FileName.StartsWith("..__", StringComparison.Ordinal) || entry.FileName.StartsWith(".__", StringComparison.Ordinal);

    /// <summary>Whether a file is a log by its name.</summary>
    internal static bool IsLog(string file) =>
        !file.EndsWith(MappingSuffix, StringComparison.OrdinalIgnoreCase) && Extensions.Contains(Path.GetExtension(Uncompressed(file)));

    /// <summary>Whether a file whose name could be anything's is a log by its first bytes; tables do not count, which many texts look like.</summary>
    private static bool IsLogInside(string file)
    {
        if (!Doubtful.Contains(Path.GetExtension(Uncompressed(file))))
        {
            return false;
        }

        try
        {
            return LogReaderRegistry.Default.Find(LogSource.FromFile(file), new ReadOptions()) is not TableLogReader;
        }
        catch (Exception exception) when (exception is LogRejectedException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task<ImportRequest> RequestAsync(string shown, string file, NodeOverrides overrides, ColumnMapping? mapping, CancellationToken cancellationToken)
    {
        var request = new ImportRequest(shown, file, overrides, mapping);
        if (mapping is not null || MappingBeside(file) is not { } beside)
        {
            return request;
        }

        try
        {
            return request with { Mapping = await ColumnMapping.LoadAsync(beside, cancellationToken) };
        }
        catch (LogRejectedException exception)
        {
            // The other logs of the folder are not to blame.
            return request with { Fault = $"{shown}: the mapping beside it, {Path.GetFileName(beside)}, is wrong: {exception.Message}" };
        }
    }

    /// <summary>The mapping that lies beside a log; null without one.</summary>
    internal static string? MappingBeside(string file)
    {
        var name = Uncompressed(file);
        return Array.Find([name + MappingSuffix, Path.ChangeExtension(name, null) + MappingSuffix], File.Exists);
    }

    private static string Uncompressed(string file) =>
        Array.Find(Compressions, extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) is { } compression ? file[..^compression.Length] : file;
}
