using Driftline.Web.Components.Imports;
using Driftline.Web.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Components.Imports;

public sealed class DropZoneTests : BunitContext
{
    public DropZoneTests()
    {
        Services.AddSingleton(new DriftlineOptions());
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public async Task Sending_shows_how_far_it_is_and_the_time_left()
    {
        var zone = Render<DropZone>();

        await zone.InvokeAsync(() => zone.Instance.OnUpload(State(finished: false)));

        Assert.Equal("Sending runs/b.jsonl", zone.Find(".job-name").TextContent);
        Assert.Equal("2 of 3 · 50\u00A0MB of 200\u00A0MB · 25\u00A0MB/s, 6.0 s left", zone.Find(".job-line .muted").TextContent);
        Assert.Equal("50000000", zone.Find("progress").GetAttribute("value"));
    }

    [Fact]
    public async Task What_was_refused_is_said_with_the_reason_as_text()
    {
        var zone = Render<DropZone>();

        await zone.InvokeAsync(() => zone.Instance.OnUpload(State(finished: true) with { Failed = 1, Ignored = 2, Faults = ["<b>a</b>.csv: the mapping is not valid JSON"] }));

        Assert.Empty(zone.FindAll("progress"));
        Assert.Contains("1\u00A0log sent to the queue", zone.Find("[role=status] p").TextContent);
        Assert.Contains("1\u00A0log not taken: 2\u00A0other files of the folder left alone.", zone.Find("[role=status] p").TextContent);
        Assert.Equal("<b>a</b>.csv: the mapping is not valid JSON", zone.Find(".faults li").TextContent);
    }

    private static UploadState State(bool finished)
    {
        return new UploadState(3, 1, 0, 50_000_000, 200_000_000, "runs/b.jsonl", 2, [], 0, finished);
    }

    [Fact]
    public void A_read_only_server_says_how_logs_come_in_instead()
    {
        Services.GetRequiredService<DriftlineOptions>().ReadOnly = true;

        var zone = Render<DropZone>();

        Assert.Empty(zone.FindAll("button"));
        Assert.Contains("driftline import", zone.Markup, StringComparison.Ordinal);
    }
}
