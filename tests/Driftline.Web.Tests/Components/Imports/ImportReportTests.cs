using Driftline.Core.Records;
using Driftline.Web.Api.Documents;
using Driftline.Web.Components.Imports;

namespace Driftline.Web.Tests.Components.Imports;

public sealed class ImportReportTests : BunitContext
{
    private const string Payload = "<img src=x onerror=alert(1)>";

    [Fact]
    public void Counts_notes_and_rejected_rows_are_shown_as_they_are()
    {
        var report = RenderReport(new FileDocument
        {
            Path = "a.jsonl",
            Format = "native",
            Status = "partial",
            Bytes = 1_234_567,
            RowsRead = 1820,
            RowsWritten = 1819,
            RowsRejected = 1,
            ValuesDropped = 2,
            Seconds = 1.26,
            Notes = ["read as gzip"],
            Errors = [new RowError(17, 42, "the score is no number", "{\"scores\":")],
        });

        Assert.Equal(
            ["native", "1.2\u00A0MB", "1,820\u00A0rows", "1,819", "0", "1", "2\u00A0values", "1.3 s"],
            report.FindAll("dd").Select(fact => fact.TextContent));
        Assert.Equal("read as gzip", report.Find("li").TextContent);
        Assert.Equal(["17", "42", "the score is no number", "{\"scores\":"], report.FindAll("tbody td").Select(cell => cell.TextContent));
    }

    [Fact]
    public void What_comes_from_the_log_is_text()
    {
        var report = RenderReport(new FileDocument
        {
            Path = Payload,
            Status = "rejected",
            Reason = Payload,
            RowsRejected = 1,
            Notes = [Payload],
            Errors = [new RowError(1, null, Payload, Payload)],
        });

        Assert.Empty(report.FindAll("img"));
        Assert.Equal(4, report.FindAll("p, li, td").Count(element => element.TextContent == Payload));
    }

    [Fact]
    public void Many_rejected_rows_are_shown_on_demand_and_what_was_not_kept_is_said()
    {
        var report = RenderReport(new FileDocument
        {
            Path = "a.jsonl",
            Status = "partial",
            RowsRejected = 2500,
            Errors = [.. Enumerable.Range(1, 1000).Select(line => new RowError(line, 1, "broken", "x"))],
        });
        Assert.Equal(20, report.FindAll("tbody tr").Count);
        Assert.Contains("2,500\u00A0rows did not go in; the first 1,000 were kept", report.Markup);

        report.Find("button").Click();

        Assert.Equal(1000, report.FindAll("tbody tr").Count);
    }

    private IRenderedComponent<ImportReport> RenderReport(FileDocument document)
    {
        return Render<ImportReport>(parameters => parameters.Add(p => p.Report, document));
    }
}
