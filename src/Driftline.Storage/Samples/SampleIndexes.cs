using Driftline.Storage.Columns;

namespace Driftline.Storage.Samples;

/// <summary>Indexes of evaluations that were asked for last, so that browsing does not read them again for each page.</summary>
internal sealed class SampleIndexes
{
    /// <summary>Rows kept in all: 40 MB, and of metadata about as much where few samples share theirs.</summary>
    public const int MaxRows = 2_000_000;

    private readonly RecentEvaluations<SampleIndex> _indexes = new(MaxRows);
    private readonly RecentEvaluations<SampleMetadata> _metadata = new(MaxRows);

    /// <summary>The index of an evaluation as it is published now.</summary>
    public async Task<SampleIndex> GetAsync(PartReader reader, long lineageId, long evaluationId, CancellationToken cancellationToken)
    {
        var parts = await reader.PartsAsync(evaluationId, importId: null, cancellationToken);
        var key = Key(lineageId, evaluationId, parts);
        if (_indexes.Find(key) is { } known)
        {
            return known;
        }

        var index = await SampleIndex.ReadAsync(reader, parts, cancellationToken);
        _indexes.Keep(key, index, index.Count);
        return index;
    }

    /// <summary>The metadata of an evaluation's samples.</summary>
    /// <param name="lineageId">The lineage.</param>
    /// <param name="evaluationId">The evaluation.</param>
    /// <param name="index">Its index.</param>
    /// <param name="read">Reads them where they were not asked for lately.</param>
    public async Task<SampleMetadata> MetadataAsync(long lineageId, long evaluationId, SampleIndex index, Func<Task<SampleMetadata>> read)
    {
        var key = Key(lineageId, evaluationId, index.Parts);
        if (_metadata.Find(key) is { } known)
        {
            return known;
        }

        var metadata = await read();
        _metadata.Keep(key, metadata, index.Count);
        return metadata;
    }

    /// <summary>Whether <see cref="MetadataAsync"/> has them at hand.</summary>
    public bool HasMetadata(long lineageId, long evaluationId, SampleIndex index) => _metadata.Find(Key(lineageId, evaluationId, index.Parts)) is not null;

    /// <summary>Forgets all: numbers of parts that were removed are given again.</summary>
    public void Clear()
    {
        _indexes.Clear();
        _metadata.Clear();
    }

    private static string Key(long lineageId, long evaluationId, IReadOnlyList<(long Id, int Rows)> parts) => $"{lineageId}/{evaluationId}/{string.Join(',', parts.Select(part => part.Id))}";
}
