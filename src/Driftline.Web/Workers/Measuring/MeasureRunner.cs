using System.Collections.Concurrent;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;

namespace Driftline.Web.Workers.Measuring;

/// <summary>How far the measures of a lineage are.</summary>
/// <param name="Done">Evaluations done.</param>
/// <param name="Total">Evaluations whose measures are to be computed.</param>
public sealed record MeasureProgress(int Done, int Total);

/// <summary>
/// Brings the measurements of a lineage up to date: plans what applies, computes what has new inputs, removes what no longer
/// applies, and ends with what is over the whole series and the alerts.
/// </summary>
public sealed class MeasureRunner(
    LineageQueries lineages, EvaluationReader evaluations, MeasurementStore measurements, FrozenEmbedder embedder, SettingsStore settings, MeasuringBoard board, AlertRunner alerts, ILogger<MeasureRunner> logger)
{
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _turns = new();

    /// <summary>Computes what is missing. Results are kept as they come: a run that is cancelled goes on where it stopped.</summary>
    public Task<MeasureSummary> RunAsync(long lineageId, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(lineageId, Recompute.Missing, progress, cancellationToken);

    /// <summary>
    /// Computes what is missing, and what is asked for again. A lineage is computed by one caller at a time; the next one then finds
    /// less to do.
    /// </summary>
    public async Task<MeasureSummary> RunAsync(long lineageId, Recompute what, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(lineageId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            var summary = await BringUpToDateAsync(lineageId, what, progress, cancellationToken);
            await alerts.RunAsync(lineageId, cancellationToken);
            return summary;
        }
        finally
        {
            board.End(lineageId);
            turn.Release();
        }
    }

    /// <summary>Number of evaluations whose measures are missing, out of date or failed.</summary>
    public async Task<int> OutdatedAsync(long lineageId, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(lineageId, cancellationToken);
        var known = await measurements.RunsAsync(lineageId, cancellationToken);
        return Plan(snapshot).Select(run => (run.Key, run.InputHash, run.Current))
            .Concat(SiblingRuns.Plan(snapshot).Select(run => (run.Key, run.InputHash, run.Siblings[0].Current)))
            .Where(run => !RunHash.IsUpToDate(known.GetValueOrDefault(run.Key), run.InputHash, retryFailed: true))
            .DistinctBy(run => run.Current.Id)
            .Count();
    }

    private async Task<LineageSnapshot> SnapshotAsync(long lineageId, CancellationToken cancellationToken) =>
        await LineageSnapshot.LoadAsync(lineages, settings, lineageId, await embedder.OfAsync(lineageId, cancellationToken), cancellationToken);

    private static IEnumerable<PlannedRun> Plan(LineageSnapshot snapshot) => MeasurePlanner.Plan(snapshot, MeasureCatalogue.Measures);

    private async Task<MeasureSummary> BringUpToDateAsync(long lineageId, Recompute what, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(lineageId, cancellationToken);
        if (snapshot.Suites.Any(suite => suite.Definition.FreeText))
        {
            await embedder.FreezeAsync(lineageId, snapshot.Embedder, cancellationToken);
        }

        var known = await measurements.RunsAsync(lineageId, cancellationToken);
        var planned = Plan(snapshot).ToList();
        var reported = ReportedRuns.Of(snapshot).ToList();
        var work = planned
            .Where(run => IsDue(run.Key, run.InputHash))
            .GroupBy(run => run.Current)
            .OrderBy(group => group.Key.Suite, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Node.Generation)
            .ToList();
        var tables = new TableCache(evaluations, embedder, snapshot);
        var (runs, failed) = (0, 0);
        for (var i = 0; i < work.Count; i++)
        {
            progress?.Report(new MeasureProgress(i, work.Count));
            board.Report(lineageId, new MeasuredLineage(work[i].Key.Node.Lineage, i, work.Count));
            var computed = await ComputeAsync(work[i], snapshot, tables, cancellationToken);
            await measurements.SaveAsync(lineageId, computed, cancellationToken);
            runs += computed.Count;
            failed += computed.Count(run => RunHash.HasFailed(run.InputHash));
        }

        var siblings = SiblingRuns.Plan(snapshot).ToList();
        foreach (var generation in siblings.Where(run => IsDue(run.Key, run.InputHash)).GroupBy(run => (run.Key.NodeId, run.Key.SuiteId)))
        {
            var computed = await ComputeAsync([.. generation], tables, cancellationToken);
            await measurements.SaveAsync(lineageId, computed, cancellationToken);
            runs += computed.Count;
            failed += computed.Count(run => RunHash.HasFailed(run.InputHash));
        }

        progress?.Report(new MeasureProgress(work.Count, work.Count));
        await measurements.SaveAsync(lineageId, [.. reported.Where(run => IsDue(run.Key, run.InputHash))], cancellationToken);
        var series = await SeriesRuns.ComputeAsync(snapshot, measurements, cancellationToken);
        await measurements.SaveAsync(lineageId, [.. series.Where(run => IsDue(run.Key, run.InputHash))], cancellationToken);

        var current = planned.Select(run => run.Key).Concat(siblings.Select(run => run.Key)).Concat(reported.Select(run => run.Key)).Concat(series.Select(run => run.Key)).ToHashSet();
        await measurements.DeleteAsync(lineageId, [.. known.Keys.Where(key => !current.Contains(key))], cancellationToken);
        return new MeasureSummary(work.Count, runs, failed);

        bool IsDue(MeasureRunKey key, string inputHash) =>
            (what.Again && what.Means(key.Measure)) || (what.Measure is null && !RunHash.IsUpToDate(known.GetValueOrDefault(key), inputHash, what.RetryFailed));
    }

    private async Task<IReadOnlyList<MeasureRun>> ComputeAsync(
        IGrouping<EvaluationSummary, PlannedRun> group, LineageSnapshot snapshot, TableCache tables, CancellationToken cancellationToken)
    {
        var suite = snapshot.Suites.First(suite => suite.Id == group.Key.SuiteId).Definition;
        var loaded = await LoadAsync(group.SelectMany(run => new[] { run.Current, run.Baseline, run.Origin }), suite, tables, cancellationToken);

        // The parent of generation 1 is its origin: the same measure against the same evaluation is computed once.
        var distinct = group.DistinctBy(Inputs).ToArray();
        var estimates = new Computed[distinct.Length];

        // Some measures use all cores themselves; while they wait for those, the pool would start ever more runs, each with its memory.
        var together = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, distinct.Length, together, i => estimates[i] = Compute(distinct[i], suite, loaded));
        foreach (var table in loaded.Values)
        {
            table.ForgetSlices();
        }

        var computed = distinct.Zip(estimates).ToDictionary(pair => Inputs(pair.First), pair => pair.Second);
        return [.. group.Select(run => (Run: run, Computed: computed[Inputs(run)])).Select(each => new MeasureRun(
            each.Run.Key,
            each.Computed.Hash(each.Run.InputHash),
            each.Run.Measure.Definition.Version,
            Comparability.Describe(each.Run.Current.Config, each.Run.Measure.Definition.Comparability, loaded[each.Run.Current.Id].Table.Embedder),
            each.Computed.Estimates))];
    }

    private async Task<IReadOnlyList<MeasureRun>> ComputeAsync(IReadOnlyList<PlannedSiblings> generation, TableCache tables, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(
            generation.SelectMany(run => run.Siblings.SelectMany(sibling => new[] { sibling.Current, sibling.Baseline }).Append(run.Origin)), generation[0].Suite.Definition, tables, cancellationToken);
        var runs = generation.Select(run =>
        {
            var computed = Guard(() => SiblingRuns.Compute(run, loaded), run.Key.Measure, run.Siblings[0].Current);
            return new MeasureRun(
                run.Key, computed.Hash(run.InputHash), TrainingNoise.Definition.Version, Comparability: null, computed.Estimates);
        }).ToList();
        foreach (var table in loaded.Values)
        {
            table.ForgetSlices();
        }

        return runs;
    }

    private static async Task<Dictionary<long, LoadedTable>> LoadAsync(
        IEnumerable<EvaluationSummary?> wanted, SuiteDefinition suite, TableCache tables, CancellationToken cancellationToken)
    {
        var loaded = new Dictionary<long, LoadedTable>();
        foreach (var evaluation in wanted.OfType<EvaluationSummary>().DistinctBy(evaluation => evaluation.Id))
        {
            loaded[evaluation.Id] = await tables.LoadAsync(evaluation, suite, cancellationToken);
        }

        return loaded;
    }

    private static (string Measure, long? Baseline, bool Training, string? Words) Inputs(PlannedRun run) =>
        (run.Key.Measure, run.Baseline?.Id, run.Training is not null, run.Missing ?? run.Note);

    private Computed Compute(PlannedRun run, SuiteDefinition suite, IReadOnlyDictionary<long, LoadedTable> tables) =>
        RunComputation.Unembedded(run, tables) is { } sentence
            ? new Computed([new SlicedEstimate(null, Estimate.Without(MeasureStatus.Error, sentence))], RunHash.Unanswered)
            : Guard(() => RunComputation.Compute(run, suite, tables), run.Key.Measure, run.Current);

    private Computed Guard(Func<IReadOnlyList<SlicedEstimate>> compute, string measure, EvaluationSummary evaluation)
    {
        try
        {
            return new Computed(compute(), hash => hash);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "{Measure} of {Suite} failed at {Node}", measure, evaluation.Suite, evaluation.Node);
            return new Computed([new SlicedEstimate(null, Estimate.Without(MeasureStatus.Error, $"computing it failed: {exception.Message}"))], RunHash.Failed);
        }
    }

    private sealed record Computed(IReadOnlyList<SlicedEstimate> Estimates, Func<string, string> Hash);
}
