using System.Text;
using Driftline.Core.Records;

namespace Driftline.Ingest.Tests;

/// <summary>Keeps everything it is given, rows as plain objects.</summary>
internal sealed class CollectingSink : IRecordSink
{
    public List<CollectedRow> Rows { get; } = [];

    public List<MetricRecord> Metrics { get; } = [];

    public List<GenerationRecord> Generations { get; } = [];

    public List<RunEndRecord> Ends { get; } = [];

    public List<int> BatchSizes { get; } = [];

    /// <summary>Kinds of records in the order in which they came.</summary>
    public List<string> Order { get; } = [];

    public ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken)
    {
        using (batch)
        {
            BatchSizes.Add(batch.Count);
            Order.Add("batch");
            for (var row = 0; row < batch.Count; row++)
            {
                Rows.Add(Row(batch, row));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(MetricRecord metric, CancellationToken cancellationToken)
    {
        Metrics.Add(metric);
        Order.Add("metric");
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(GenerationRecord generation, CancellationToken cancellationToken)
    {
        Generations.Add(generation);
        Order.Add("generation");
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(RunEndRecord end, CancellationToken cancellationToken)
    {
        Ends.Add(end);
        Order.Add("end");
        return ValueTask.CompletedTask;
    }

    private static CollectedRow Row(SampleBatch batch, int row) => new()
    {
        Run = batch.Header,
        Repeat = batch.Repeat(row),
        Texts = Enum.GetValues<TextField>().Where(f => batch.HasText(row, f)).ToDictionary(f => f, f => Strict.GetString(batch.Text(row, f))),
        Scores = batch.Scores.Where(c => !ScoreColumn.IsAbsent(c.Values[row])).ToDictionary(c => c.Name, c => c.Values[row]),
        Kinds = batch.Scores.ToDictionary(c => c.Name, c => c.Kind),
        OptionProbabilities = batch.OptionProbabilities.Where(c => !ScoreColumn.IsAbsent(c.Values[row])).ToDictionary(c => c.Name, c => c.Values[row]),
        Embeddings = batch.Embeddings.Where(e => e.Row == row).ToDictionary(e => e.Embedder, e => e.Values),
        Created = batch.Created,
        Ordinal = batch.OrdinalOptions,
    };

    // Throws on bytes that are no UTF-8: none may get here.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

/// <summary>A row of a batch as plain objects.</summary>
internal sealed record CollectedRow
{
    public required RunHeader Run { get; init; }

    public required int Repeat { get; init; }

    public required Dictionary<TextField, string> Texts { get; init; }

    public required Dictionary<string, double> Scores { get; init; }

    public required Dictionary<string, ScoreKind> Kinds { get; init; }

    public required Dictionary<string, double> OptionProbabilities { get; init; }

    public required Dictionary<string, float[]> Embeddings { get; init; }

    public DateTime? Created { get; init; }

    public bool Ordinal { get; init; }

    public int Generation => Run.Node.Key.Generation;

    public string? this[TextField field] => Texts.GetValueOrDefault(field);
}
