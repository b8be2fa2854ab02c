namespace Driftline.Web.Options;

/// <summary>The folder that holds everything Driftline keeps.</summary>
internal static class DataFolder
{
    /// <summary>Creates the folder where it is missing; only its user can look into a new one.</summary>
    /// <exception cref="IOException">The folder can be neither found nor created.</exception>
    public static DirectoryInfo Open(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the data folder {path} cannot be created ({e.Message}); choose another with --data-dir.", e);
        }
    }
}
