using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Workers;

namespace Driftline.Web.Tests.Commands;

public sealed class ServerLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftline-lock-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_second_server_on_a_folder_is_refused_with_the_address_of_the_first()
    {
        var folder = new DataFolder(new DriftlineOptions { DataDir = _folder.FullName });
        using var first = ServerLock.Acquire(folder);
        first.Publish(["http://127.0.0.1:1234"], "secret");

        var refused = Assert.Throws<IOException>(() => ServerLock.Acquire(folder));

        Assert.Contains("http://127.0.0.1:1234", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_finds_the_server_of_its_folder_in_a_file_that_only_its_user_reads()
    {
        var folder = new DataFolder(new DriftlineOptions { DataDir = _folder.FullName });
        using var serving = ServerLock.Acquire(folder);
        serving.Publish(["http://127.0.0.1:1234"], "secret");

        var found = await ServerLock.FindAsync(folder, TimeSpan.Zero, Xunit.TestContext.Current.CancellationToken);

        Assert.Equal(("http://127.0.0.1:1234", "secret"), (Assert.Single(found!.Addresses), found.Token));
        Assert.DoesNotContain("secret", found.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, ServerLock.FileName)));
        }
    }

    [Fact]
    public async Task What_a_dead_server_left_counts_for_nothing()
    {
        var folder = new DataFolder(new DriftlineOptions { DataDir = _folder.FullName });
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, ServerLock.FileName), """{"addresses":["http://127.0.0.1:1"],"token":"old","process":1}""", Xunit.TestContext.Current.CancellationToken);

        Assert.Null(await ServerLock.FindAsync(folder, TimeSpan.FromSeconds(60), Xunit.TestContext.Current.CancellationToken));
        using var next = ServerLock.Acquire(folder);
        Assert.False(File.Exists(Path.Combine(folder.Path, ServerLock.FileName)));
    }

    [Fact]
    public async Task A_server_that_starts_is_waited_for()
    {
        var folder = new DataFolder(new DriftlineOptions { DataDir = _folder.FullName });
        using var starting = ServerLock.Acquire(folder);

        var found = ServerLock.FindAsync(folder, TimeSpan.FromSeconds(60), Xunit.TestContext.Current.CancellationToken);
        Assert.False(found.IsCompleted);
        starting.Publish(["http://127.0.0.1:1234"], "secret");

        Assert.NotNull(await found);
    }

    [Fact]
    public void A_server_that_ended_leaves_the_folder_to_the_next()
    {
        var folder = new DataFolder(new DriftlineOptions { DataDir = _folder.FullName });
        ServerLock.Acquire(folder).Dispose();

        using var next = ServerLock.Acquire(folder);
    }
}
