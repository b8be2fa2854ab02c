using System.Threading.Channels;
using Driftline.Ingest;
using Driftline.Storage;
using Driftline.Storage.Sqlite;
using Driftline.Web.Live;
using Driftline.Web.Mappings;
using Driftline.Web.Workers.Measuring;
using Driftline.Web.Workers.Pipeline;

namespace Driftline.Web.Workers;

/// <summary>
/// The one queue through which a running server imports. Logs are read one after the other (SQLite has one writer); their measures are
/// computed when the queue is idle, beside the reading of what comes then.
/// </summary>
public sealed class ImportQueue : BackgroundService
{
    /// <summary>Jobs that are over and still listed.</summary>
    public const int Remembered = 200;

    // Of logs that pages sent and that can be tried again.
    private const long MostKeptBytes = 2L << 30;

    // How long a browser takes from one file of a folder to the next.
    private static readonly TimeSpan NextPart = TimeSpan.FromSeconds(1.5);

    private readonly Channel<ImportJob> _channel = Channel.CreateUnbounded<ImportJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly List<ImportJob> _jobs = [];
    private readonly LogRecognition _recognition;
    private readonly ImportPipeline _pipeline;
    private readonly DriftlineDatabase _database;
    private readonly GenerationFeed _feed;
    private readonly WaitingTables _tables;
    private readonly SpooledUploads _uploads;
    private readonly TimeProvider _time;
    private readonly ILogger<ImportQueue> _logger;
    private readonly ImportMeasuring _measuring;
    private long _lastChange;

    /// <summary>Makes the queue; it works once it is started.</summary>
    public ImportQueue(
        LogRecognition recognition,
        ImportPipeline pipeline,
        MeasureRunner measures,
        RecomputeQueue deferred,
        DriftlineDatabase database,
        GenerationFeed feed,
        WaitingTables tables,
        SpooledUploads uploads,
        TimeProvider time,
        ILogger<ImportQueue> logger)
    {
        (_recognition, _pipeline, _database, _feed, _tables, _uploads, _time, _logger) = (recognition, pipeline, database, feed, tables, uploads, time, logger);
        _measuring = new ImportMeasuring(measures, deferred, database, feed, logger, Notify);
    }

    /// <summary>Something about the jobs changed; at most every 100 ms while a file is being read.</summary>
    public event Action? Changed;

    /// <summary>Jobs, newest first: all that are not over, and the last ones that are.</summary>
    public IReadOnlyList<ImportJob> Jobs
    {
        get
        {
            lock (_gate)
            {
                return [.. _jobs.AsEnumerable().Reverse()];
            }
        }
    }

    /// <summary>Takes a log into the queue.</summary>
    public ImportJob Enqueue(ImportRequest request)
    {
        _uploads.Keep(request);
        return Add(request);
    }

    private ImportJob Add(ImportRequest request)
    {
        var job = new ImportJob(request);
        lock (_gate)
        {
            var surplus = _jobs.Count(known => known.IsOver) - Remembered;
            foreach (var old in _jobs.Where(known => known.IsOver).Take(Math.Max(0, surplus)).ToList())
            {
                _jobs.Remove(old);
                RemoveFiles(old);
            }

            _jobs.Add(job);
        }

        _channel.Writer.TryWrite(job);
        Notify();
        return job;
    }

    /// <summary>Cancels a job; nothing of its file remains. A job that is published already stays.</summary>
    public void Cancel(Guid id)
    {
        var job = Find(id);
        job?.Cancellation.Cancel();
        if (job is not null && (Move(job, ImportJobState.NeedsLook, ImportJobState.Cancelled) || Move(job, ImportJobState.Queued, ImportJobState.Cancelled)))
        {
            Finish(job);
            Notify();
        }
    }

    /// <summary>Cancels every log that waits for its turn.</summary>
    public void CancelWaiting()
    {
        foreach (var job in Jobs.Where(job => job.State == ImportJobState.Queued))
        {
            Cancel(job.Id);
        }
    }

    /// <summary>Whether a log that did not go in can be tried again: something may have changed, and what was sent here is there still (a path is looked at when its turn comes, since its disk may hang).</summary>
    public bool CanRetry(ImportJob job) =>
        (job.State is ImportJobState.Failed or ImportJobState.Cancelled || (job is { Report.Status: "rejected", Waiting: null } && !job.Request.DeleteWhenDone))
        && (!job.Request.DeleteWhenDone || File.Exists(job.Request.Path)) && (job.Request.JoinedPath is not { } joined || File.Exists(joined));

    /// <summary>Takes a log that did not go in into the queue again.</summary>
    /// <returns>The new job, in the place of the old one; null when it cannot be tried again.</returns>
    public ImportJob? Retry(Guid id)
    {
        ImportJob? job;
        lock (_gate)
        {
            job = _jobs.Find(known => known.Id == id);
            if (job is null || !CanRetry(job))
            {
                return null;
            }

            _jobs.Remove(job);
        }

        return Enqueue(job.Request);
    }

    /// <summary>Imports a log that waits for a look.</summary>
    /// <param name="id">The job.</param>
    /// <param name="overrides">What the person says about it beyond what was said before; what is null there stays as it was found.</param>
    public void Place(Guid id, NodeOverrides overrides)
    {
        if (Find(id) is not { State: ImportJobState.NeedsLook } job)
        {
            return;
        }

        var said = job.Request.Overrides;
        job.Request = job.Request with
        {
            IsPlaced = true,
            GatheredUnder = job.Request.GatheredUnder ?? said,
            Overrides = said with
            {
                Lineage = overrides.Lineage ?? said.Lineage,
                Branch = overrides.Branch ?? said.Branch,
                Seed = overrides.Seed ?? said.Seed,
                Generation = overrides.Generation ?? said.Generation,
            },
        };
        if (Move(job, ImportJobState.NeedsLook, ImportJobState.Queued))
        {
            _channel.Writer.TryWrite(job);
            Notify();
        }
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var table in _tables.Restore().Where(table => table.Reason is not null && Jobs.All(job => job.Waiting?.Id != table.Id)))
        {
            lock (_gate)
            {
                _jobs.Add(ImportJob.Of(table));
            }
        }

        // Before anything can be sent: what comes from now on is in the queue already.
        foreach (var request in _uploads.Restore())
        {
            if (Jobs.All(job => job.Request.Path != request.Path))
            {
                Add(request);
            }
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var job in Jobs.Where(job => job.State == ImportJobState.NeedsLook && !job.Request.FromPage))
        {
            // Nobody can be asked about it any more; its sender has it still.
            Cancel(job.Id);
        }

        foreach (var job in Jobs.Where(job => job.IsOver))
        {
            RemoveFiles(job);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _measuring.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(ReadAllAsync(stoppingToken), _measuring.RunAsync(stoppingToken));
    }

    private async Task ReadAllAsync(CancellationToken stoppingToken)
    {
        while (await _channel.Reader.WaitToReadAsync(stoppingToken))
        {
            try
            {
                using var held = await _database.HoldWriterLockAsync(DriftlineDatabase.DefaultWait, stoppingToken);
                await DrainAsync(stoppingToken);
                _measuring.Begin();
            }
            catch (StorageException exception) when (exception.Problem == StorageProblem.Busy)
            {
                // Another process writes; the jobs wait for their next turn.
                _logger.LogWarning("{Reason}", exception.Message);
            }
        }
    }

    private async Task DrainAsync(CancellationToken stoppingToken)
    {
        while (_channel.Reader.TryRead(out var job))
        {
            await ReadAsync(job, stoppingToken);
        }
    }

    private async Task ReadAsync(ImportJob job, CancellationToken stoppingToken)
    {
        if (!Move(job, ImportJobState.Queued, ImportJobState.Reading))
        {
            // Cancelled while it waited.
            return;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, job.Cancellation.Token);
        try
        {
            job.Started = _time.GetUtcNow().UtcDateTime;
            Notify();
            var request = job.Request with { IsReadWithNext = await IsReadWithNextAsync(job.Request, linked.Token) };
            var file = await _pipeline.ImportAsync(request, new Progress(this, job), linked.Token);
            job.Report = file.Report;
            job.IsForbidden = file.IsForbidden;
            if (file.Stalled is { } stalled)
            {
                GiveUp(job, stalled);
                return;
            }

            if (file.Look is { } look)
            {
                (job.Look, job.Report, job.Progress) = (look, null, null);
                job.State = ImportJobState.NeedsLook;
                return;
            }

            // Its sender has the answer where a log was posted; one of a page or a path can be mapped as it lies.
            job.Waiting = file.NeedsMapping && (job.Request.FromPage || !job.Request.DeleteWhenDone) ? _tables.Add(job.Name, job.Request.Path, job.Request.DeleteWhenDone, file.Report.Reason ?? "it needs a mapping") : null;
            foreach (var lineage in file.Changed.Select(evaluation => evaluation.Node.Lineage).Distinct())
            {
                // Pages show the new generation at once, and its measures when they are there.
                _feed.Publish(lineage);
            }

            job.State = file.Changed.Count > 0 ? ImportJobState.Measuring : ImportJobState.Done;
            if (file.Changed.Count > 0)
            {
                _measuring.Add(job, file.Changed);
            }
        }
        catch (OperationCanceledException) when (job.Cancellation.IsCancellationRequested)
        {
            job.State = ImportJobState.Cancelled;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            _logger.LogError(exception, "{Log} could not be imported", job.Name);
            job.Error = exception.Message;
            job.State = ImportJobState.Failed;
        }
        finally
        {
            // What was being read when the server was stopped is read when it starts again.
            var comesAgain = stoppingToken.IsCancellationRequested && job is { State: ImportJobState.Reading, Request.FromPage: true };
            if (job.State != ImportJobState.NeedsLook && !comesAgain)
            {
                Finish(job);
            }

            Notify();
        }
    }

    /// <summary>Leaves a log whose disk or network does not answer, so that the others go on; it is taken again when that answers.</summary>
    private void GiveUp(ImportJob job, LogStalledException stalled)
    {
        _logger.LogWarning("{Log} is given up: {Reason}", job.Name, stalled.Message);
        job.Error = job.Request.IsTriedAgain ? stalled.Message : $"{stalled.Message} While this server runs, that is done by itself.";
        (job.Report, job.Progress) = (null, null);
        job.State = ImportJobState.Failed;
        if (!job.Request.IsTriedAgain)
        {
            _ = stalled.Answered.ContinueWith(_ => Retry(job.Id), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Whether another part of the log that a page's file is a part of waits already, or comes at once: then all are read with that one.</summary>
    private async Task<bool> IsReadWithNextAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        if (request is not { FromPage: true, IsPlaced: false } || !_recognition.MayBePart(request))
        {
            return false;
        }

        var log = UploadedParts.LogOf(request);
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Jobs.Any(job => job.State == ImportJobState.Queued && job.Request.FromPage && _recognition.MayBePart(job.Request) && UploadedParts.LogOf(job.Request) == log))
            {
                came.TrySetResult();
            }
        }

        Changed += Look;
        try
        {
            Look();
            await came.Task.WaitAsync(NextPart, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            Changed -= Look;
        }
    }

    private ImportJob? Find(Guid id)
    {
        lock (_gate)
        {
            return _jobs.Find(known => known.Id == id);
        }
    }

    /// <summary>Takes a job from one state to another; of two who do, one succeeds.</summary>
    private bool Move(ImportJob job, ImportJobState from, ImportJobState to)
    {
        lock (_gate)
        {
            if (job.State != from)
            {
                return false;
            }

            job.State = to;
            return true;
        }
    }

    /// <summary>A log that is over goes, but one of a page that may be tried again: its sender might have to send gigabytes again.</summary>
    private void Finish(ImportJob job)
    {
        _uploads.Forget(job.Request);
        if (!job.Request.FromPage || job.State is not (ImportJobState.Failed or ImportJobState.Cancelled))
        {
            RemoveFiles(job);
            return;
        }

        var kept = 0L;
        foreach (var earlier in Jobs.Where(known => known.IsOver && known.Request.FromPage && File.Exists(known.Request.Path)))
        {
            kept += new FileInfo(earlier.Request.Path).Length;
            if (kept > MostKeptBytes)
            {
                RemoveFiles(earlier);
            }
        }
    }

    private static void RemoveFiles(ImportJob job)
    {
        if (job.Request.DeleteWhenDone)
        {
            File.Delete(job.Request.Path);
        }

        if (job.Request.JoinedPath is { } joined)
        {
            File.Delete(joined);
        }
    }

    private void Notify()
    {
        Interlocked.Exchange(ref _lastChange, _time.GetTimestamp());
        Changed?.Invoke();
    }

    private sealed class Progress(ImportQueue queue, ImportJob job) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
            job.Progress = value;
            if (queue._time.GetElapsedTime(Interlocked.Read(ref queue._lastChange)) >= GenerationFeed.Interval)
            {
                queue.Notify();
            }
        }
    }
}
