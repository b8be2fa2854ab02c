using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>How far the measures of a lineage are.</summary>
/// <param name="Done">Evaluations done.</param>
/// <param name="Total">Evaluations whose measures are to be computed.</param>
public sealed record MeasureProgress(int Done, int Total);

/// <summary>
/// Brings the measurements of a lineage up to date: plans what applies, computes what has new inputs, removes what no longer
/// applies, and ends with what is over the whole series.
/// </summary>
public sealed class MeasureRunner(
    LineageQueries lineages, EvaluationReader evaluations, MeasurementStore measurements, FrozenEmbedder embedder, ILogger<MeasureRunner> logger)
{
    /// <summary>Computes what is missing. Results are kept as they come: a run that is cancelled goes on where it stopped.</summary>
    public async Task RunAsync(long lineageId, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken)
    {
        var snapshot = await LineageSnapshot.LoadAsync(lineages, lineageId, cancellationToken);
        var known = await measurements.RunsAsync(lineageId, cancellationToken);
        var planned = MeasurePlanner.Plan(snapshot, MeasureCatalogue.Measures, []).ToList();
        var reported = ReportedRuns.Of(snapshot).ToList();
        var work = planned
            .Where(run => known.GetValueOrDefault(run.Key) != run.InputHash)
            .GroupBy(run => run.Current)
            .OrderBy(group => group.Key.Suite, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Node.Generation)
            .ToList();
        var tables = new TableCache(evaluations, embedder, snapshot);
        for (var i = 0; i < work.Count; i++)
        {
            progress?.Report(new MeasureProgress(i, work.Count));
            await measurements.SaveAsync(lineageId, await ComputeAsync(work[i], snapshot, tables, cancellationToken), cancellationToken);
        }

        await measurements.SaveAsync(lineageId, [.. reported.Where(run => known.GetValueOrDefault(run.Key) != run.InputHash)], cancellationToken);
        var series = await SeriesRuns.ComputeAsync(snapshot, measurements, cancellationToken);
        await measurements.SaveAsync(lineageId, [.. series.Where(run => known.GetValueOrDefault(run.Key) != run.InputHash)], cancellationToken);

        var current = planned.Select(run => run.Key).Concat(reported.Select(run => run.Key)).Concat(series.Select(run => run.Key)).ToHashSet();
        await measurements.DeleteAsync(lineageId, [.. known.Keys.Where(key => !current.Contains(key))], cancellationToken);
    }

    private async Task<IReadOnlyList<MeasureRun>> ComputeAsync(
        IGrouping<EvaluationSummary, PlannedRun> group, LineageSnapshot snapshot, TableCache tables, CancellationToken cancellationToken)
    {
        var suite = snapshot.Suites.First(suite => suite.Id == group.Key.SuiteId).Definition;
        var loaded = new Dictionary<long, LoadedTable>();
        foreach (var evaluation in group.SelectMany(run => new[] { run.Current, run.Baseline, run.Origin }).OfType<EvaluationSummary>().DistinctBy(evaluation => evaluation.Id))
        {
            loaded[evaluation.Id] = await tables.LoadAsync(evaluation, suite, cancellationToken);
        }

        // The parent of generation 1 is its origin: the same measure against the same evaluation is computed once.
        var distinct = group.DistinctBy(Inputs).ToArray();
        var estimates = new IReadOnlyList<SlicedEstimate>[distinct.Length];

        // Some measures use all cores themselves; while they wait for those, the pool would start ever more runs, each with its memory.
        var together = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, distinct.Length, together, i => estimates[i] = Compute(distinct[i], suite, loaded));
        foreach (var table in loaded.Values)
        {
            table.ForgetSlices();
        }

        var computed = distinct.Zip(estimates).ToDictionary(pair => Inputs(pair.First), pair => pair.Second);
        return [.. group.Select(run => new MeasureRun(
            run.Key,
            run.InputHash,
            run.Measure.Definition.Version,
            Comparability.Describe(run.Current.Config, run.Measure.Definition.Comparability),
            computed[Inputs(run)]))];
    }

    private static (string Measure, long? Baseline, string? Words) Inputs(PlannedRun run) => (run.Key.Measure, run.Baseline?.Id, run.Missing ?? run.Note);

    private IReadOnlyList<SlicedEstimate> Compute(PlannedRun run, SuiteDefinition suite, IReadOnlyDictionary<long, LoadedTable> tables)
    {
        try
        {
            return RunComputation.Compute(run, suite, tables);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "{Measure} of {Suite} failed at {Node}", run.Key.Measure, suite.Name, run.Current.Node);
            return [new SlicedEstimate(null, Estimate.Without(MeasureStatus.Error, $"computing it failed: {exception.Message}"))];
        }
    }
}
