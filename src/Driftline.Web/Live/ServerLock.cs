using System.Text;
using Driftline.Web.Workers;

namespace Driftline.Web.Live;

/// <summary>
/// The right to serve a data folder, which one process has at a time: the file <c>server.lock</c>, which names the server's address.
/// The operating system lets go of it when the process ends, however it ends.
/// </summary>
public sealed class ServerLock : IDisposable
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "server.lock";

    private readonly FileStream _held;
    private readonly string _path;

    private ServerLock(FileStream held, string path)
    {
        _held = held;
        _path = path;
    }

    /// <summary>Takes the right to serve a folder.</summary>
    /// <exception cref="IOException">Another server has it; the message names its address.</exception>
    public static ServerLock Acquire(DataFolder folder)
    {
        folder.Open();
        var path = Path.Combine(folder.Path, FileName);
        try
        {
            // The address lies in a second file, since nobody else may read the one that is held.
            return new ServerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path + ".address");
        }
        catch (IOException exception) when (File.Exists(path))
        {
            var address = File.Exists(path + ".address") ? $" at {File.ReadAllText(path + ".address").Trim()}" : "";
            throw new IOException($"another Driftline serves {folder.Path} already{address}; open that one, stop it, or choose another folder with --data-dir", exception);
        }
    }

    /// <summary>Writes down where the folder is served, for whoever tries to serve it again.</summary>
    public void Publish(IEnumerable<string> addresses)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(_path, options);
        file.Write(Encoding.UTF8.GetBytes(string.Join(" and ", addresses)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_path);
        _held.Dispose();
    }
}
