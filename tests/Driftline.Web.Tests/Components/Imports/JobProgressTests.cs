using Driftline.Ingest;
using Driftline.Web.Api.Documents;
using Driftline.Web.Components.Imports;
using Driftline.Web.Mappings;
using Driftline.Web.Workers;

namespace Driftline.Web.Tests.Components.Imports;

public sealed class JobProgressTests
{
    private static readonly DateTime Now = new(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_table_without_a_mapping_is_not_called_rejected()
    {
        var job = ImportJob.Of(new WaitingTable(Guid.NewGuid(), "rounds.csv", "rounds.csv", Bytes: 10, IsSpooled: false, Now, "Its columns have no native names."));

        Assert.Equal(("needs a mapping", "", null), (JobProgress.Status(job), JobProgress.Sentence(job, Now), JobProgress.Refusal(job)));
    }

    [Fact]
    public void A_log_of_which_nothing_came_in_says_why()
    {
        var job = Over(new FileDocument { Path = "a.json", Status = "rejected", Reason = "No generation is stated." });

        Assert.Equal(("rejected", "", "No generation is stated."), (JobProgress.Status(job), JobProgress.Sentence(job, Now), JobProgress.Refusal(job)));
    }

    [Fact]
    public void A_log_that_came_in_says_how_much_did()
    {
        var job = Over(new FileDocument { Path = "a.jsonl", Status = "partial", RowsRead = 121, RowsWritten = 120, RowsRejected = 1 });

        Assert.Equal(("partial", "120 of 121\u00A0rows in, 1 rejected", null), (JobProgress.Status(job), JobProgress.Sentence(job, Now), JobProgress.Refusal(job)));
    }

    private static ImportJob Over(FileDocument report) => new(new ImportRequest(report.Path, report.Path, new NodeOverrides())) { Report = report, State = ImportJobState.Done };
}
