using System.Text;
using Driftline.Core.Records;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Workers;

/// <summary>Where a dry run puts what it reads: nothing is kept but counts per run.</summary>
internal sealed class CountingSink : IRecordSink
{
    private readonly Dictionary<RunHeader, Counts> _runs = [];

    /// <summary>Rows seen.</summary>
    public long Rows { get; private set; }

    public ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken)
    {
        using (batch)
        {
            var counts = Of(batch.Header);
            for (var row = 0; row < batch.Count; row++)
            {
                counts.Prompts.Add(Encoding.UTF8.GetString(batch.Text(row, TextField.SampleId)));
                counts.Repeats = Math.Max(counts.Repeats, batch.Repeat(row));
            }

            counts.Rows += batch.Count;
            counts.Created = counts.Created > batch.Created ? counts.Created : batch.Created;
            Rows += batch.Count;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(MetricRecord metric, CancellationToken cancellationToken)
    {
        Of(metric.Run).Reported[metric.Metric] = metric.Value;
        Rows++;
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(GenerationRecord generation, CancellationToken cancellationToken)
    {
        Rows++;
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(RunEndRecord end, CancellationToken cancellationToken)
    {
        Rows++;
        return ValueTask.CompletedTask;
    }

    /// <summary>What would become of the runs.</summary>
    public IReadOnlyList<EvaluationDocument> Evaluations() => [.. _runs.Select(run => new EvaluationDocument(
        run.Key.Node.Key.Lineage,
        run.Key.Node.Key.Branch,
        run.Key.Node.Key.Seed,
        run.Key.Node.Key.Generation,
        run.Key.Node.Model,
        run.Key.Suite,
        Family: null,
        run.Key.RunId,
        Current: false,
        EvaluationStatus.Success,
        run.Value.Created,
        run.Value.Rows,
        run.Value.Prompts.Count,
        run.Value.Repeats,
        new Dictionary<string, ScoreSummary>(),
        run.Value.Reported,
        EvaluationDocument.Parse(run.Key.Config),
        Source: null))];

    private Counts Of(RunHeader run)
    {
        if (!_runs.TryGetValue(run, out var counts))
        {
            _runs[run] = counts = new Counts();
        }

        return counts;
    }

    private sealed class Counts
    {
        public HashSet<string> Prompts { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, double?> Reported { get; } = [];

        public long Rows { get; set; }

        public int Repeats { get; set; }

        public DateTime? Created { get; set; }
    }
}
