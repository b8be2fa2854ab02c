using System.Diagnostics;
using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Ingest.Files;
using Driftline.Ingest.ModelWritten;
using Driftline.Web.Api.Documents;
using Driftline.Web.Mappings;
using Driftline.Web.Options;

namespace Driftline.Web.Workers.Pipeline;

/// <summary>Tells which reader reads a file, with which mapping, and which files are one log.</summary>
public sealed class LogRecognition(LogReaderRegistry readers, MappingStore mappings, DriftlineOptions settings)
{
    /// <summary>Puts those files first that other logs are joined with: items.</summary>
    public IReadOnlyList<ImportRequest> InOrder(IReadOnlyList<ImportRequest> requests)
    {
        var first = requests.Count < 2 ? [] : requests.Where(request => ReaderOf(request) is ItemsReader).ToHashSet();
        return first.Count == 0 ? requests : [.. requests.OrderByDescending(first.Contains)];
    }

    /// <summary>Files of which another one stands for the same log, which is read whole with that one: part → the one that stands for it.</summary>
    public IReadOnlyDictionary<ImportRequest, ImportRequest> Parts(IReadOnlyList<ImportRequest> requests)
    {
        var standing = new Dictionary<ImportRequest, ImportRequest>(ReferenceEqualityComparer.Instance);
        foreach (var log in requests.Select(request => (Request: request, Log: LogOf(request))).Where(each => each.Log is not null).GroupBy(each => (each.Log, each.Request.Overrides)))
        {
            foreach (var (request, _) in log.Skip(1))
            {
                standing.Add(request, log.First().Request);
            }
        }

        return standing;
    }

    /// <summary>Whether a file could be a part of a log, by its name.</summary>
    public bool MayBePart(ImportRequest request) => readers.MayBePart(new LogSource(request.Name, request.Path, 0));

    /// <summary>The report of a file that another one stands for.</summary>
    public static FileDocument PartOf(ImportRequest part, FileDocument whole) => new()
    {
        Path = part.Name,
        Format = whole.Format,
        Status = "unchanged",
        Reason = $"it is a part of the log that {(whole.Status == "rejected" ? "was rejected" : whole.Id is null ? "is reported" : "came in")} as {whole.Path}",
        PartOf = whole.Path,
        Bytes = part.Size(),
    };

    /// <summary>Begins to wait for disks and networks no longer than the settings say.</summary>
    public IDisposable BeginPatience(CancellationToken cancellationToken) => ReadPatience.Begin(TimeSpan.FromSeconds(settings.Import.PatienceSeconds), cancellationToken);

    /// <summary>Finds who reads a file that is there, and how.</summary>
    /// <exception cref="LogRejectedException">Nobody does, or what was said of it cannot be.</exception>
    public async Task<LogUnderway> RecogniseAsync(LogSource source, ImportRequest request, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        var (reader, chosen, used, note) = await ChooseAsync(source, request, cancellationToken);
        return new LogUnderway(chosen, source, reader, Options(chosen)) { Since = since, Mapping = used, Note = note };
    }

    /// <summary>Says that a file cannot be read at all.</summary>
    public static string Unreadable(LogSource source, Exception exception) =>
        $"{source.Name} cannot be read ({exception.Message}): allow reading it, or check the disk or network that it lies on.";

    private ILogReader? ReaderOf(ImportRequest request)
    {
        using var patience = BeginPatience(CancellationToken.None);
        try
        {
            return readers.Find(LogSource.FromFile(request.Path, request.Name), Options(request));
        }
        catch (Exception exception) when (exception is LogRejectedException or IOException or UnauthorizedAccessException)
        {
            // Its import says what is wrong.
            return null;
        }
    }

    /// <summary>The file that stands for the log that a file is a part of; null where it is none.</summary>
    private string? LogOf(ImportRequest request)
    {
        if (!MayBePart(request) || request.DeleteWhenDone || ReaderOf(request) is not { } reader)
        {
            return null;
        }

        try
        {
            var source = LogSource.FromFile(request.Path, request.Name);
            return reader.IsPart(source) ? reader.Whole(source).Path : null;
        }
        catch (LogStalledException)
        {
            // Its import says so.
            return null;
        }
    }

    /// <summary>The reader of a log, and the saved mapping with which it reads, if any: the one that was named, else one whose file name pattern fits a table that nobody knows.</summary>
    private async Task<(ILogReader Reader, ImportRequest Request, NamedMapping? Used, string? Note)> ChooseAsync(
        LogSource source, ImportRequest request, CancellationToken cancellationToken)
    {
        if (request.Fault is { } fault)
        {
            throw new LogRejectedException(fault);
        }

        NamedMapping? used = null;
        string? note = null;
        if (request is { Mapping: null, MappingName: { } name })
        {
            used = await mappings.RequireAsync(name, cancellationToken);
            note = $"Read with the saved mapping \"{name}\".";
            request = request with { Mapping = ColumnMapping.Parse(used.Saved.Json) };
        }

        try
        {
            request = request with { Mapping = request.Mapping?.WithJoined(request.JoinedPath) };
            return (readers.Find(source, Options(request)), request, used, note);
        }
        catch (UnknownLogFormatException exception) when (exception.IsTable && request.Mapping is null)
        {
            if (await mappings.MatchAsync(request.Name, cancellationToken) is not { } fitting)
            {
                throw;
            }

            request = request with { Mapping = ColumnMapping.Parse(fitting.Saved.Json) };
            return (readers.Find(source, Options(request)), request, fitting, $"Read with the saved mapping \"{fitting.Name}\": the file's name fits its pattern {fitting.Saved.FilePattern}.");
        }
    }

    private ReadOptions Options(ImportRequest request) => new()
    {
        Overrides = request.Overrides,
        Mapping = request.Mapping,
        TrainingTexts = request.TrainingTexts,
        Limits = new ImportLimits
        {
            MaxLineBytes = settings.Import.MaxLineMegabytes << 20,
            MaxDepth = settings.Import.MaxDepth,
            MaxRuns = settings.Import.MaxRuns,
            MaxMetrics = settings.Import.MaxMetrics,
        },
    };
}
