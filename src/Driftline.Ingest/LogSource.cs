using Driftline.Ingest.Files;

namespace Driftline.Ingest;

/// <summary>A log on disk.</summary>
/// <param name="Name">The path or name that the user gave: shown in reports, and the only path from which anything is guessed.</param>
/// <param name="Path">The file to read; a spooled upload has another path than name.</param>
/// <param name="Bytes">Its size; a reader reads no further, even if the file grows meanwhile.</param>
public sealed record LogSource(string Name, string Path, long Bytes)
{
    /// <summary>The folder whose other files may belong to the log; null for a spooled upload, which lies beside strangers.</summary>
    public string? Folder => System.IO.Path.GetFullPath(Path) is var full && System.IO.Path.GetFileName(full) == System.IO.Path.GetFileName(Name.Replace('\\', '/'))
        ? System.IO.Path.GetDirectoryName(full)
        : null;

    /// <summary>A file beside the log; null where there is none, or the log came without its folder.</summary>
    /// <param name="fileName">Its name, without folders.</param>
    public string? Beside(string fileName) => Folder is { } folder && System.IO.Path.Combine(folder, fileName) is var path && PatientCall.FileExists(path) ? path : null;

    /// <summary>Describes a file as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What to call it; its path when null.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public static LogSource FromFile(string path, string? name = null) =>
        new(name ?? path, path, PatientCall.LengthOf(path) ?? throw new FileNotFoundException($"There is no file {path}", path));
}
