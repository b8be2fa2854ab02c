using System.Text.Json;
using Driftline.Web.Commands;

namespace Driftline.Web.Tests.Commands;

/// <summary>The demo's logs, imported once by the command line for all tests that read them.</summary>
public sealed class DemoLineages : IAsyncLifetime
{
    internal CommandLine Driftline { get; } = new();

    internal JsonElement Report { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var result = await Driftline.RunAsync("import", CommandLine.Demo, "--json");
        Assert.True(result.ExitCode == ExitCode.Success, result.Error);
        Report = result.Json;
    }

    public ValueTask DisposeAsync()
    {
        Driftline.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tests that only read what <see cref="DemoLineages"/> imported.</summary>
[CollectionDefinition(nameof(DemoLineages))]
public sealed class DemoLineagesGroup : ICollectionFixture<DemoLineages>;
