using Driftline.Ingest;
using Driftline.Storage.Sqlite;
using Driftline.Web.Api.Documents;
using Driftline.Web.Workers.Measuring;
using Driftline.Web.Workers.Pipeline;

namespace Driftline.Web.Workers;

/// <summary>How far a batch of imports is.</summary>
/// <param name="File">The log being read.</param>
/// <param name="Done">Logs done, or measures while <paramref name="Measuring"/>.</param>
/// <param name="Total">Logs in all, or measures.</param>
/// <param name="BytesRead">Bytes read of all logs.</param>
/// <param name="BytesTotal">Bytes of all logs.</param>
/// <param name="Rows">Rows read of all logs.</param>
/// <param name="Measuring">The lineage whose measures are being computed; null while reading.</param>
public sealed record BatchProgress(string File, int Done, int Total, long BytesRead, long BytesTotal, long Rows, string? Measuring = null)
{
    /// <summary>How far the measures of a lineage are.</summary>
    public static BatchProgress Measures(string lineage, MeasureProgress progress) => new("", progress.Done, progress.Total, 0, 0, 0, lineage);
}

/// <summary>Imports several logs one after the other and then computes the measures of what changed, in a process that serves nobody.</summary>
public sealed class ImportBatch(LogRecognition recognition, ImportPipeline pipeline, TrialReading trial, MeasureRunner measures, DriftlineDatabase database) : ILogImports
{
    /// <inheritdoc/>
    public async Task<ImportedBatch> RunAsync(
        IReadOnlyList<ImportRequest> requests, bool dryRun, IProgress<BatchProgress>? progress, CancellationToken cancellationToken)
    {
        requests = recognition.InOrder(requests);
        var parts = recognition.Parts(requests);
        using var held = dryRun ? null : await database.HoldWriterLockAsync(DriftlineDatabase.DefaultWait, cancellationToken);
        var reports = new List<FileDocument>();
        var reportOf = new Dictionary<ImportRequest, FileDocument>(ReferenceEqualityComparer.Instance);
        var changed = new SortedDictionary<long, string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var sizes = requests.Select(request => request.Size()).ToArray();
        long bytes = 0, rows = 0;
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            var step = new Step(progress, new BatchProgress(request.Name, i, requests.Count, bytes, sizes.Sum(), rows));
            try
            {
                if (parts.TryGetValue(request, out var whole))
                {
                    reports.Add(LogRecognition.PartOf(request, reportOf[whole]));
                    bytes += sizes[i];
                    continue;
                }

                var file = dryRun ? await trial.ReadAsync(request, step, cancellationToken) : await pipeline.ImportAsync(request, step, cancellationToken);
                reports.Add(file.Report);
                reportOf[request] = file.Report;
                foreach (var evaluation in file.Changed)
                {
                    changed[evaluation.LineageId] = evaluation.Node.Lineage;
                }

                known.UnionWith(file.KnownLineages);
            }
            finally
            {
                if (request.DeleteWhenDone)
                {
                    File.Delete(request.Path);
                }
            }

            bytes += sizes[i];
            rows += reports[^1].RowsRead;
        }

        ReadingMemory.GiveBack();
        var measured = new Dictionary<string, MeasureSummary>(StringComparer.Ordinal);
        foreach (var lineage in known)
        {
            // Nothing new came, but an import that was killed before its measures were there is completed by its repetition.
            if (await database.Lineages.FindAsync(lineage, cancellationToken) is { } found)
            {
                changed[found.Id] = found.Name;
            }
        }

        foreach (var (id, name) in changed)
        {
            measured[name] = await measures.RunAsync(id, new Measuring(progress, name), cancellationToken);
        }

        return new ImportedBatch(reports, DeferredSeconds: dryRun ? null : measured.Values.Sum(each => each.DeferredSeconds)) { Measures = measured };
    }

    // Progress<T> would post to the thread pool and come out of order.
    private sealed class Step(IProgress<BatchProgress>? progress, BatchProgress start) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value) =>
            progress?.Report(start with { BytesRead = start.BytesRead + value.BytesRead, Rows = start.Rows + value.Rows });
    }

    private sealed class Measuring(IProgress<BatchProgress>? progress, string lineage) : IProgress<MeasureProgress>
    {
        public void Report(MeasureProgress value) =>
            progress?.Report(BatchProgress.Measures(lineage, value));
    }
}
