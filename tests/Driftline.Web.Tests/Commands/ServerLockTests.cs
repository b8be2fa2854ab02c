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
        first.Publish(["http://127.0.0.1:1234"]);

        var refused = Assert.Throws<IOException>(() => ServerLock.Acquire(folder));

        Assert.Contains("http://127.0.0.1:1234", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_ended_leaves_the_folder_to_the_next()
    {
        var folder = new DataFolder(new DriftlineOptions { DataDir = _folder.FullName });
        ServerLock.Acquire(folder).Dispose();

        using var next = ServerLock.Acquire(folder);
    }
}
