using System.Text.Json;
using Driftline.Web.Api.Documents;
using Driftline.Web.Workers;

namespace Driftline.Web.Live;

/// <summary>Where a data folder is served, and what lets a command of the same user in.</summary>
/// <param name="Addresses">The addresses listened on.</param>
/// <param name="Token">The token of <see cref="Security.LocalToken"/>.</param>
/// <param name="Process">The server's process id, for a person who looks into the file.</param>
public sealed record ServerAddress(IReadOnlyList<string> Addresses, string Token, int Process)
{
    // A token has no place in a message or a log.
    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", Addresses);
}

/// <summary>
/// The right to serve a data folder, which one process has at a time. The process holds the file <c>serving.lock</c>, which the
/// operating system lets go of when the process ends, however it ends; <c>server.lock</c> beside it, readable by its user only,
/// says where the server is. What a dead server left in <c>server.lock</c> counts for nothing, since nobody holds the other.
/// </summary>
public sealed class ServerLock : IDisposable
{
    /// <summary>The file in the data folder that says where the server is.</summary>
    public const string FileName = "server.lock";

    private const string HeldFileName = "serving.lock";
    // A lock of a file tells nobody when it is free, nor a server when it has started: both are looked at again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // A command that looks whether somebody serves holds the file for an instant.
    private static readonly TimeSpan PatienceToAcquire = TimeSpan.FromMilliseconds(500);

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
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var held = new FileStream(Path.Combine(folder.Path, HeldFileName), Private(FileMode.OpenOrCreate, FileShare.None));
                File.Delete(path);
                return new ServerLock(held, path);
            }
            catch (IOException exception) when (File.Exists(Path.Combine(folder.Path, HeldFileName)))
            {
                if (TimeProvider.System.GetElapsedTime(started) >= PatienceToAcquire)
                {
                    var address = Read(path) is { } server ? $" at {server}" : "";
                    throw new IOException($"another Driftline serves {folder.Path} already{address}; open that one, stop it, or choose another folder with --data-dir", exception);
                }

                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Finds the server of a folder; null when nobody serves it. Waits for one that is starting.</summary>
    /// <exception cref="IOException">Another user serves the folder.</exception>
    public static async Task<ServerAddress?> FindAsync(DataFolder folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (IsHeld(Path.Combine(folder.Path, HeldFileName)))
        {
            if (Read(Path.Combine(folder.Path, FileName)) is { } server)
            {
                return server;
            }

            if (TimeProvider.System.GetElapsedTime(started) >= patience)
            {
                throw new IOException($"a Driftline that serves {folder.Path} has been starting for {patience.TotalSeconds:0} s; wait until it prints its address, or stop it");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return null;
    }

    /// <summary>Writes down where the folder is served, for commands on it and for whoever tries to serve it again.</summary>
    public void Publish(IEnumerable<string> addresses, string token)
    {
        // Written whole before it gets its name: nobody reads half of it.
        var draft = _path + ".new";
        using (var file = new FileStream(draft, Private(FileMode.Create, FileShare.None)))
        {
            JsonSerializer.Serialize(file, new ServerAddress([.. addresses], token, Environment.ProcessId), ContractJson.Options);
        }

        File.Move(draft, _path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_path);
        _held.Dispose();
    }

    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{path} belongs to another user, whose server may be running; run the command as that user, or choose another folder with --data-dir", exception);
        }
    }

    private static ServerAddress? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerAddress>(File.ReadAllBytes(path), ContractJson.Options);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // The server has not come so far, or the file is an older version's: it says nothing.
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{path} belongs to another user, who serves this folder; run the command as that user", exception);
        }
    }
}
