using System.Diagnostics;

namespace Driftline.Tests.Shared;

/// <summary>
/// A file that does not answer, as those of a network folder whose server is away: a named pipe hangs whoever opens it until somebody
/// writes to it, and then whoever reads more than was written.
/// </summary>
internal sealed class HangingFile
{
    public HangingFile(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes are no files on Windows.");
        Path = path;
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    public string Path { get; }

    /// <summary>Opens it for writing, which lets go whoever hangs in opening it.</summary>
    public FileStream Write() => new(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
}
