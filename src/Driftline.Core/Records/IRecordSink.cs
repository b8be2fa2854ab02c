namespace Driftline.Core.Records;

/// <summary>Where a reader puts what it reads. Implementations bound what they hold, so a reader may simply await.</summary>
public interface IRecordSink
{
    /// <summary>Takes a batch and its ownership (the sink disposes it).</summary>
    ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken);

    /// <summary>Takes a reported metric.</summary>
    ValueTask WriteAsync(MetricRecord metric, CancellationToken cancellationToken);

    /// <summary>Takes facts about a node.</summary>
    ValueTask WriteAsync(GenerationRecord generation, CancellationToken cancellationToken);

    /// <summary>Takes the end of a run.</summary>
    ValueTask WriteAsync(RunEndRecord end, CancellationToken cancellationToken);
}
