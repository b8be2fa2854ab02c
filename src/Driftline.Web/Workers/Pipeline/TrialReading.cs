using Driftline.Ingest;
using Driftline.Ingest.Files;
using Driftline.Ingest.ModelWritten;
using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Items;

namespace Driftline.Web.Workers.Pipeline;

/// <summary>Reads one log as an import would, and stores nothing.</summary>
public sealed class TrialReading(LogRecognition recognition, ImportStore imports, CorrectionStore corrections, ItemStore items)
{
    /// <summary>Reads.</summary>
    /// <returns>The report that the import would give, as far as it can be told before.</returns>
    public async Task<ImportedFile> ReadAsync(ImportRequest request, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        using var patience = recognition.BeginPatience(cancellationToken);
        var source = new LogSource(request.Name, request.Path, 0);
        string? format = null;
        try
        {
            if (!PatientCall.FileExists(request.Path))
            {
                return ImportedFile.Missing(request.Name);
            }

            source = LogSource.FromFile(request.Path, request.Name);
            var log = await recognition.RecogniseAsync(source, request, cancellationToken);
            format = log.Reader.Format;
            log.Source = source = log.Reader.Whole(source);
            return await ReadAsync(log, progress, cancellationToken);
        }
        catch (LogRejectedException exception)
        {
            return ImportedFile.Rejected(request.Name, exception.Message, format, source.Bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ImportedFile.Rejected(request.Name, LogRecognition.Unreadable(source, exception), format, source.Bytes);
        }
    }

    private async Task<ImportedFile> ReadAsync(LogUnderway log, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        var limits = log.Options.Limits;
        var sink = new CountingSink();
        var bytes = await LogBytes.ReadAsync(log.Source, log.Request.Name, imports, cancellationToken);
        var moves = await StandingMoveSink.OverAsync(sink, corrections, bytes.Earlier, only: null, cancellationToken);
        var join = new ItemJoin(new BoundedSink(moves is null ? sink : moves, log.Source, limits), (await items.AllAsync(cancellationToken)).Sets, limits.MaxDepth);
        var outcome = join.Report((await log.Reader.ReadAsync(log.Source, log.Options, join, progress, cancellationToken)).WithNote(log.Note));
        outcome = moves is null ? outcome : await moves.EndAsync(outcome, cancellationToken);
        var report = new FileDocument
        {
            Path = log.Request.Name,
            Format = log.Reader.Format,
            Status = outcome.RowsRejected == 0 ? "imported" : sink.Rows == 0 ? "rejected" : "partial",
            Bytes = log.Source.Bytes,
            RowsRead = outcome.RowsRead,
            RowsWritten = sink.Rows,
            RowsRejected = outcome.RowsRejected,
            ValuesDropped = outcome.ValuesDropped,
            Seconds = outcome.Seconds,
            Notes = outcome.Notes,
            Errors = outcome.Errors,
            Evaluations = sink.Evaluations(),
            Placements = [.. sink.Nodes.Select(PlacementDocument.Of)],
        };
        return new ImportedFile(report, []);
    }
}
