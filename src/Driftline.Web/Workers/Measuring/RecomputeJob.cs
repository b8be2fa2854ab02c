namespace Driftline.Web.Workers.Measuring;

/// <summary>Where a recomputation stands.</summary>
public enum RecomputeState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Is at work.</summary>
    Running,

    /// <summary>Is over.</summary>
    Done,

    /// <summary>Was cancelled; what it had computed stays.</summary>
    Cancelled,

    /// <summary>Ended early; the error says why. What it had computed stays.</summary>
    Failed,
}

/// <summary>A recomputation of a lineage's measures in the background. The queue's thread writes it, pages and the API read it.</summary>
/// <param name="lineageId">The lineage.</param>
/// <param name="lineage">Its name.</param>
/// <param name="what">What is computed.</param>
/// <param name="created">When it was asked for, UTC.</param>
public sealed class RecomputeJob(long lineageId, string lineage, Recompute what, DateTime created)
{
    /// <summary>Names the job.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The lineage.</summary>
    public long LineageId => lineageId;

    /// <summary>The lineage's name.</summary>
    public string Lineage => lineage;

    /// <summary>What is computed.</summary>
    public Recompute What => what;

    /// <summary>When it was asked for, UTC.</summary>
    public DateTime Created => created;

    /// <summary>Where it stands.</summary>
    public RecomputeState State { get; internal set; } = RecomputeState.Queued;

    /// <summary>How far it is; null before it starts.</summary>
    public MeasureProgress? Progress { get; internal set; }

    /// <summary>What it did; null until it is done.</summary>
    public MeasureSummary? Summary { get; internal set; }

    /// <summary>Why it ended early; null unless it did.</summary>
    public string? Error { get; internal set; }

    /// <summary>When it was over, UTC; null before.</summary>
    public DateTime? Ended { get; internal set; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool IsOver => State is RecomputeState.Done or RecomputeState.Cancelled or RecomputeState.Failed;

    internal CancellationTokenSource Cancellation { get; } = new();
}
