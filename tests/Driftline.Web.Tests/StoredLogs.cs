using System.Text;
using Driftline.Core.Imports;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage.Sqlite;

namespace Driftline.Web.Tests;

/// <summary>A real database in a folder of its own, which goes with it.</summary>
internal sealed class StoredLogs : IAsyncDisposable
{
    private StoredLogs(string folder, DriftlineDatabase database)
    {
        Folder = folder;
        Database = database;
    }

    public string Folder { get; }

    public DriftlineDatabase Database { get; }

    public static async Task<StoredLogs> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("driftline-web-").FullName;
        return new StoredLogs(folder, await DriftlineDatabase.OpenAsync(folder, TimeSpan.FromSeconds(5)));
    }

    /// <summary>Publishes one log with a sample a node.</summary>
    public async Task<long> ImportAsync(string source, params NodeKey[] nodes)
    {
        return await ImportAsync(source, [], nodes);
    }

    /// <summary>Publishes one log with a sample a node and some rejected rows.</summary>
    public async Task<long> ImportAsync(string source, IReadOnlyList<RowError> errors, params NodeKey[] nodes)
    {
        var start = new ImportStart { Source = source, Format = "native", ContentKey = source, Bytes = 1000 };
        await using var session = await Database.Imports.BeginAsync(start, default);
        foreach (var node in nodes)
        {
            var run = new RunHeader { Node = new NodeHeader { Key = node, Model = $"mw-g{node.Generation}" }, Suite = "values" };
            var batch = new SampleBatch(run);
            var row = batch.AddRow();
            batch.SetText(row, TextField.SampleId, "p0"u8);
            batch.SetText(row, TextField.Input, "A question?"u8);
            batch.SetText(row, TextField.Output, Encoding.UTF8.GetBytes($"answer of {node}"));
            batch.SetScore(row, "quality", node.Generation, ScoreKind.Number);
            await session.WriteAsync(batch, default);
        }

        var outcome = new ImportOutcome
        {
            RowsRead = nodes.Length + errors.Count,
            RowsRejected = errors.Count,
            Errors = errors,
            BytesConsumed = 0,
            LinesConsumed = 0,
            Notes = ["read as gzip"],
            Seconds = .5,
        };
        return (await session.PublishAsync(outcome, default)).Id;
    }

    /// <summary>A generation 0 with two branches of two generations, one of them in two seeds.</summary>
    public async Task ImportMicroworldAsync()
    {
        await ImportAsync(
            "microworld.jsonl",
            [
                new NodeKey("microworld", "main", null, 0),
                .. new[] { ("replace", "1"), ("replace", "2"), ("accumulate", "1") }
                    .SelectMany(line => Enumerable.Range(1, 2).Select(generation => new NodeKey("microworld", line.Item1, line.Item2, generation))),
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        Database.Dispose();
        await Task.Yield();
        Directory.Delete(Folder, recursive: true);
    }
}
