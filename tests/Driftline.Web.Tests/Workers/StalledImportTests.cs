using System.Text;
using Driftline.Core.Imports;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Ingest;
using Driftline.Storage.Sqlite;
using Driftline.Web.Options;
using Driftline.Web.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Workers;

/// <summary>Logs whose disk does not answer, in the queue and in a batch.</summary>
public sealed class StalledImportTests : IAsyncLifetime
{
    private StoredLogs _logs = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    private ImportQueue Queue => _services.GetRequiredService<ImportQueue>();

    public async ValueTask InitializeAsync()
    {
        _logs = await StoredLogs.OpenAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDriftline(new DriftlineOptions { DataDir = _logs.Folder, Import = new ImportOptions { PatienceSeconds = 1 } });
        services.AddSingleton(new LogReaderRegistry([new StoppingReader(), .. LogReaderRegistry.Default.Readers]));
        services.AddDriftlineSqlite(_logs.Database);
        _services = services.BuildServiceProvider();
        await Queue.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Queue.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        await _logs.DisposeAsync();
    }

    [Fact]
    public async Task A_log_that_hangs_is_given_up_the_others_go_on_and_it_comes_in_when_its_disk_answers()
    {
        var hanging = new HangingFile(PathOf("a.jsonl"));
        var stalled = Queue.Enqueue(Request(hanging.Path));
        var other = Queue.Enqueue(Request(Write("b.jsonl", Sample(2))));

        await other.Over;
        Assert.Equal(ImportJobState.Failed, stalled.State);
        Assert.Contains("a.jsonl does not answer", stalled.Error, StringComparison.Ordinal);
        Assert.EndsWith("While this server runs, that is done by itself.", stalled.Error, StringComparison.Ordinal);
        Assert.Null(stalled.Report);
        Assert.Equal([2], await GenerationsAsync());

        // By hand, too, but it has not answered yet.
        var byHand = Queue.Retry(stalled.Id)!;
        await byHand.Over;
        Assert.Contains("nothing came of it since", byHand.Error, StringComparison.Ordinal);

        // The pipe goes on under another name, and lets go of who hangs in it.
        File.Move(hanging.Path, PathOf("gone"));
        Write("a.jsonl", Sample(1));
        await using (var writer = new FileStream(PathOf("gone"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0))
        {
            await Eventually.UntilAsync("the log is in", () => Queue.Jobs.Count == 2 && Queue.Jobs.All(job => job.State == ImportJobState.Done));
        }

        Assert.Equal([1, 2], await GenerationsAsync());
    }

    [Fact]
    public async Task A_log_that_hangs_after_its_first_rows_leaves_nothing()
    {
        var hanging = new HangingFile(PathOf("rest"));
        var stalled = Queue.Enqueue(Request(Write("a.stopping", "rows")) with { IsTriedAgain = true });
        var other = Queue.Enqueue(Request(Write("b.jsonl", Sample(2))));

        await other.Over;

        Assert.Equal(ImportJobState.Failed, stalled.State);
        Assert.Contains("rest does not answer", stalled.Error, StringComparison.Ordinal);
        Assert.Equal([2], await GenerationsAsync());
        Assert.Equal("l", Assert.Single(await _logs.Database.Lineages.LineagesAsync(Cancellation)).Name);
        using var writer = hanging.Write();
        writer.Write("x"u8);
    }

    [Fact]
    public async Task Cancelling_a_log_that_hangs_lets_the_next_begin()
    {
        var hanging = new HangingFile(PathOf("a.jsonl"));
        var stalled = Queue.Enqueue(Request(hanging.Path));
        await Eventually.UntilAsync("it is being read", () => stalled.State == ImportJobState.Reading);

        Queue.Cancel(stalled.Id);
        await stalled.Over;

        Assert.Equal(ImportJobState.Cancelled, stalled.State);
        using var writer = hanging.Write();
    }

    [Fact]
    public async Task A_batch_reports_the_log_that_hangs_and_goes_on_with_the_others()
    {
        var hanging = new HangingFile(PathOf("a.jsonl"));

        var batch = await _services.GetRequiredService<ImportBatch>().RunAsync([Request(hanging.Path), Request(Write("b.jsonl", Sample(2)))], dryRun: false, progress: null, Cancellation);

        Assert.Equal(["rejected", "imported"], batch.Files.Select(file => file.Status));
        Assert.Contains("does not answer", batch.Files[0].Reason, StringComparison.Ordinal);
        Assert.Equal([2], await GenerationsAsync());
        using var writer = hanging.Write();
    }

    private static string Sample(int generation) =>
        $$"""{"schema_version":"1","type":"sample","lineage":"l","generation":{{generation}},"model":"m","task":"t","sample_id":"1","answer":"yes","options":["yes","no"],"scores":{"s":1} }""" + "\n";

    private static ImportRequest Request(string path) => new(path, path, new NodeOverrides());

    private string PathOf(string name) => Path.Combine(_logs.Folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    private async Task<IEnumerable<int>> GenerationsAsync() => (await _logs.Database.Lineages.EvaluationsAsync(lineageId: null, Cancellation)).Select(each => each.Node.Generation).Order();

    /// <summary>Reads rows, and then a second file that lies beside the log.</summary>
    private sealed class StoppingReader : ILogReader
    {
        public string Format => "stopping";

        public bool Accepts(LogProbe probe) => probe.Extension == "stopping";

        public async Task<ImportOutcome> ReadAsync(LogSource source, ReadOptions options, IRecordSink sink, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
        {
            var batch = new SampleBatch(new RunHeader { Node = new NodeHeader { Key = new NodeKey("half", "main", null, 0), Model = "m" }, Suite = "t" });
            for (var i = 0; i < 1000; i++)
            {
                batch.SetText(batch.AddRow(), TextField.SampleId, Encoding.UTF8.GetBytes($"p{i}"));
            }

            await sink.WriteAsync(batch, cancellationToken);
            await LogDigest.ComputeAsync(Path.Combine(Path.GetDirectoryName(source.Path)!, "rest"), [], cancellationToken);
            throw new InvalidOperationException("The second file answered.");
        }
    }
}
