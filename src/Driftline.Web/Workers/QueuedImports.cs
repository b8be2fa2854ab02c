using Driftline.Web.Api.Documents;
using Driftline.Web.Workers.Pipeline;

namespace Driftline.Web.Workers;

/// <summary>Imports several logs through the queue of a running server, beside whatever its pages bring; the Imports page shows them.</summary>
public sealed class QueuedImports(ImportQueue queue, ImportBatch batch, LogRecognition recognition) : ILogImports
{
    /// <inheritdoc/>
    public async Task<ImportedBatch> RunAsync(
        IReadOnlyList<ImportRequest> requests, bool dryRun, IProgress<BatchProgress>? progress, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            return await batch.RunAsync(requests, dryRun, progress, cancellationToken);
        }

        var all = recognition.InOrder(requests);
        var parts = recognition.Parts(all);
        requests = [.. all.Where(request => !parts.ContainsKey(request))];
        var sizes = requests.Select(request => request.Size()).ToArray();
        var jobs = requests.Select(queue.Enqueue).ToArray();
        void Report()
        {
            if (Progress(jobs, sizes) is { } step)
            {
                progress?.Report(step);
            }
        }

        queue.Changed += Report;
        try
        {
            await Task.WhenAll(jobs.Select(job => job.Over)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var job in jobs)
            {
                queue.Cancel(job.Id);
            }

            throw;
        }
        finally
        {
            queue.Changed -= Report;
        }

        var reports = requests.Zip(jobs.Select(FileOf)).ToDictionary(pair => pair.First, pair => pair.Second, (IEqualityComparer<ImportRequest>)ReferenceEqualityComparer.Instance);
        return new ImportedBatch([.. all.Select(request => parts.TryGetValue(request, out var whole) ? LogRecognition.PartOf(request, reports[whole]) : reports[request])], jobs.FirstOrDefault(job => job is { State: ImportJobState.Done, Error: not null })?.Error);
    }

    private static FileDocument FileOf(ImportJob job) => job.State switch
    {
        ImportJobState.Done when job.Report is { } report => report,
        ImportJobState.Cancelled => ImportedFile.Rejected(job.Name, "cancelled on the Imports page").Report,
        _ => ImportedFile.Rejected(job.Name, job.Error ?? "its import ended without a report").Report,
    };

    private static BatchProgress? Progress(ImportJob[] jobs, long[] sizes)
    {
        var done = Array.FindIndex(jobs, job => job.State is ImportJobState.Queued or ImportJobState.Reading);
        if (done < 0)
        {
            return Array.Find(jobs, job => job is { State: ImportJobState.Measuring, Measures: not null }) is { } measuring
                ? new BatchProgress("", measuring.Measures!.Done, measuring.Measures.Total, 0, 0, 0, measuring.Report is { Evaluations: [var first, ..] } ? first.Lineage : measuring.Name)
                : null;
        }

        return new BatchProgress(
            jobs[done].Name,
            done,
            jobs.Length,
            sizes.Take(done).Sum() + (jobs[done].Progress?.BytesRead ?? 0),
            sizes.Sum(),
            jobs.Sum(job => job.Report?.RowsRead ?? job.Progress?.Rows ?? 0));
    }
}
