using Driftline.Ingest;
using Driftline.Web.Api.Documents;
using Driftline.Web.Mappings;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Workers;

/// <summary>Where a job of the import queue stands.</summary>
public enum ImportJobState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Is being read and written.</summary>
    Reading,

    /// <summary>Waits for a person to look at where it belongs; nothing of it is stored.</summary>
    NeedsLook,

    /// <summary>Is published; its measures are being computed.</summary>
    Measuring,

    /// <summary>All done; the report says how it fared.</summary>
    Done,

    /// <summary>Failed; the error says why. Nothing of the file remains.</summary>
    Failed,

    /// <summary>Cancelled by a person. Nothing of the file remains.</summary>
    Cancelled,
}

/// <summary>One log on its way through the queue. The queue's thread writes it, pages read it.</summary>
public sealed class ImportJob(ImportRequest request)
{
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImportJobState _state = ImportJobState.Queued;

    /// <summary>Names the job in the page.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The log's name as the user gave it.</summary>
    public string Name => Request.Name;

    /// <summary>Where it stands.</summary>
    public ImportJobState State
    {
        get => _state;
        internal set
        {
            _state = value;
            if (value is not (ImportJobState.Queued or ImportJobState.Reading or ImportJobState.NeedsLook))
            {
                _read.TrySetResult();
            }

            if (IsOver)
            {
                _over.TrySetResult();
            }
        }
    }

    /// <summary>Ends when the log is in or will not come in; its measures may still be computed.</summary>
    public Task Read => _read.Task;

    /// <summary>Ends when nothing more will happen to it.</summary>
    public Task Over => _over.Task;

    /// <summary>How much is read; null before it starts.</summary>
    public ReadProgress? Progress { get; internal set; }

    /// <summary>How far the measures of its lineage are; null until they are computed.</summary>
    public MeasureProgress? Measures { get; internal set; }

    /// <summary>How the file fared; null until it is read.</summary>
    public FileDocument? Report { get; internal set; }

    /// <summary>Where it seems to belong; null unless a person was asked.</summary>
    public PlacementLook? Look { get; internal set; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Error { get; internal set; }

    /// <summary>Whether the log was rejected because it names a lineage that its sender may not write to.</summary>
    public bool IsForbidden { get; internal set; }

    /// <summary>The log where it waits for a mapping; null unless it is a table that lacks one.</summary>
    public WaitingTable? Waiting { get; internal set; }

    /// <summary>Size of its file when it came, in bytes; 0 where there was none.</summary>
    public long Bytes { get; } = request.Size();

    /// <summary>When reading began, UTC; null before.</summary>
    public DateTime? Started { get; internal set; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool IsOver => State is ImportJobState.Done or ImportJobState.Failed or ImportJobState.Cancelled;

    /// <summary>A table that waits for a mapping since an earlier server met it.</summary>
    internal static ImportJob Of(WaitingTable table) => new(new ImportRequest(table.Name, table.Path, new NodeOverrides()))
    {
        Report = new FileDocument { Path = table.Name, Status = "rejected", Reason = table.Reason, Bytes = table.Bytes },
        Waiting = table,
        Started = table.Since,
        State = ImportJobState.Done,
    };

    internal ImportRequest Request { get; set; } = request;

    internal CancellationTokenSource Cancellation { get; } = new();
}
