using System.Globalization;
using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Storage;

namespace Driftline.Web.Workers.Watching;

/// <summary>One watched folder at work: what is found goes into the queue, and how it fared is noted. Used by one caller at a time.</summary>
internal sealed class WatchedFolderState(
    WatchedFolder folder, FolderWatch watch, ImportQueue queue, LogReaderRegistry readers, Func<WatchedFolder, string, FolderScan> scanOf, Action wake) : IDisposable
{
    private const int MostQueued = 200;
    private const int ForgottenFilesKept = 10_000;

    private readonly List<(DueFile File, ImportJob Job)> _jobs = [];
    private FileSystemWatcher? _hints;
    private bool _hintsFailed;

    public WatchedFolder Folder => folder;

    /// <summary>The look that was begun last; it may hang with the disk or network that the folder lies on.</summary>
    public Task Looking { get; set; } = Task.CompletedTask;

    /// <summary>When that look was begun.</summary>
    public DateTime LookingSince { get; set; }

    public FolderWatch Watch => watch;

    /// <summary>How it is; read from any thread.</summary>
    public FolderStatus Status { get; private set; } = new() { Folder = folder };

    /// <summary>Notes how the logs fared that the queue is done with.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Collect(TimeSpan now)
    {
        var done = _jobs.Where(each => each.Job.Read.IsCompleted).ToList();
        foreach (var (file, job) in done)
        {
            var (status, reason) = job switch
            {
                { State: ImportJobState.Failed } => ("failed", job.Error ?? "the import failed"),
                { State: ImportJobState.Cancelled } => ("cancelled", "cancelled on the Imports page; it is taken again when it changes"),
                { Report: { Status: "rejected" } report } => (report.Status, report.Reason ?? "rejected"),
                { Report: { } report } => (report.Status, null),
                _ => ("failed", "its import ended without a report"),
            };
            watch.Report(file, status, reason, now);
            _jobs.Remove((file, job));
        }

        return done.Count > 0;
    }

    /// <summary>Looks through the folder, and queues what is to be taken.</summary>
    /// <returns>Whether something became of a file at once.</returns>
    public async Task<bool> LookAsync(TimeSpan now, DateTime clock, string dataFolder, CancellationToken cancellationToken)
    {
        FolderScan scan;
        try
        {
            scan = scanOf(folder, dataFolder);
            Listen();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Say(clock, Explain(exception));
            return false;
        }

        watch.Forget(scan.Files, ForgottenFilesKept);
        var rejected = false;
        foreach (var file in watch.Look(scan.Files, now, IsNative, MostQueued - _jobs.Count))
        {
            rejected |= !await EnqueueAsync(file, now, cancellationToken);
        }

        Say(clock, problem: null, scan);
        return rejected;
    }

    /// <summary>Says how it is.</summary>
    public void Say(DateTime clock, string? problem, FolderScan? scan = null)
    {
        var seen = scan is null ? [] : scan.Files.Select(file => (file.Name, Seen: watch.Seen.GetValueOrDefault(file.Name))).Where(file => file.Seen is not null).ToList();
        var rejected = seen.Where(file => file.Seen!.Reason is not null).ToList();
        Status = new FolderStatus
        {
            Folder = folder,
            LastLook = clock,
            Found = scan?.Files.Count ?? 0,
            Imported = seen.Count - rejected.Count,
            Rejected = rejected.Count,
            Queued = _jobs.Count,
            Growing = watch.Waiting,
            Links = scan?.Links ?? 0,
            Problem = problem,
            Unreadable = scan?.Unreadable ?? [],
            Rejections = [.. rejected.Take(FolderStatus.MaxRejections).Select(file => (file.Name, file.Seen!.Reason!))],
        };
    }

    /// <summary>Says that a look at it has not come back.</summary>
    public void SayHanging() => Status = Status with
    {
        IsHanging = true,
        Problem = string.Create(
            CultureInfo.InvariantCulture,
            $"{folder.Path} does not answer since {LookingSince:HH:mm:ss} UTC: is its disk, or the server of a network folder, away? Other folders are looked at meanwhile, and this one goes on when it answers"),
    };

    public void Dispose() => _hints?.Dispose();

    /// <returns>False when it was rejected at once.</returns>
    private async Task<bool> EnqueueAsync(DueFile file, TimeSpan now, CancellationToken cancellationToken)
    {
        var name = Path.Combine(folder.Path, file.File.Name);
        ColumnMapping? mapping;
        try
        {
            mapping = folder.Mapping is null && LogFinder.MappingBeside(name) is { } beside ? await ColumnMapping.LoadAsync(beside, cancellationToken) : null;
        }
        catch (Exception exception) when (exception is MappingException or IOException or UnauthorizedAccessException)
        {
            watch.Report(file, "rejected", exception.Message, now);
            return false;
        }

        var overrides = new NodeOverrides { Lineage = folder.Lineage, Branch = folder.Branch };
        var job = queue.Enqueue(new ImportRequest(name, file.File.Path, overrides, mapping, Complete: !file.IsGrowing) { IsGrowing = file.IsGrowing, MappingName = folder.Mapping, IsTriedAgain = true });
        _jobs.Add((file, job));
        _ = job.Read.ContinueWith(_ => wake(), TaskScheduler.Default);
        return true;
    }

    /// <summary>Only native logs can be read on from where they ended.</summary>
    private bool IsNative(FoundFile file)
    {
        try
        {
            return readers.Find(new LogSource(file.Path, file.Path, file.Bytes), new ReadOptions()).Format == "native";
        }
        catch (Exception exception) when (exception is LogRejectedException or IOException or UnauthorizedAccessException)
        {
            // What is only half there need not look like anything yet.
            return false;
        }
    }

    /// <summary>Lets the file system tell of changes, where it can.</summary>
    private void Listen()
    {
        if (_hints is not null || _hintsFailed)
        {
            return;
        }

        try
        {
            _hints = new FileSystemWatcher(folder.Path) { IncludeSubdirectories = true };
            _hints.Created += (_, _) => wake();
            _hints.Changed += (_, _) => wake();
            _hints.Renamed += (_, _) => wake();
            _hints.Error += (_, _) => _hintsFailed = true;
            _hints.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Too many folders for the system to watch, or one that cannot tell: looking every few seconds finds everything, too.
            _hintsFailed = true;
        }
    }

    private string Explain(Exception exception) => exception switch
    {
        DirectoryNotFoundException or FileNotFoundException => $"{folder.Path} is not there; it is looked for again every few seconds",
        UnauthorizedAccessException => $"{folder.Path} may not be read; allow the user who runs Driftline to read it",
        _ => $"{folder.Path} cannot be read: {exception.Message}",
    };
}
