using System.Collections.Concurrent;
using System.Diagnostics;
using Driftline.Core.Measures;
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
    LineageQueries lineages, EvaluationReader evaluations, ScoreReader scores, MeasurementStore measurements, FrozenEmbedder embedder, TextShares shares, FrozenBehaviours behaviours, SettingsStore settings, MeasuringBoard board, AlertRunner alerts, ILogger<MeasureRunner> logger)
{
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _turns = new();
    private readonly AboutLinks _about = new(evaluations);

    /// <summary>Waits until nothing of a lineage is computed and lets nothing begin until the result is disposed.</summary>
    public async Task<IDisposable> PauseAsync(long lineageId, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(lineageId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        return new Pause(turn);
    }

    /// <summary>Computes what is missing. Results are kept as they come: a run that is cancelled goes on where it stopped.</summary>
    public Task<MeasureSummary> RunAsync(long lineageId, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(lineageId, Recompute.Missing, progress, cancellationToken);

    /// <summary>
    /// Computes what is missing, and what is asked for again: first what an import waits for, and the alerts; then deferred measures,
    /// and the alerts once more. A lineage is computed by one caller at a time; the next one then finds less to do.
    /// </summary>
    public async Task<MeasureSummary> RunAsync(long lineageId, Recompute what, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(lineageId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        var series = new Stopwatch();
        try
        {
            var work = await PlanAsync(lineageId, what, series, cancellationToken);
            var tables = new TableCache(evaluations, embedder, shares, work.Snapshot);
            var runs = new EvaluationRuns(work.Snapshot, tables, behaviours, new TrainingWords(lineages, work.Snapshot), logger);
            await ComputeEagerAsync(work, runs, progress, series, cancellationToken);
            series.Start();
            await alerts.RunAsync(lineageId, cancellationToken);
            series.Stop();
            var deferred = watch.Elapsed;
            if (what.Deferred && work.Later > 0)
            {
                await ComputeAsync(work, work.Deferred, runs, progress, cancellationToken);
                await CloseAsync(work, [], cancellationToken);
                series.Start();

                // Chains read for themselves what they need.
                tables.Clear();
                await ComputeChainsAsync(work, progress, cancellationToken);
                await alerts.RunAsync(lineageId, cancellationToken);
                series.Stop();
            }

            return work.Summary with { DeferredSeconds = (watch.Elapsed - deferred).TotalSeconds, SeriesSeconds = series.Elapsed.TotalSeconds, Seconds = watch.Elapsed.TotalSeconds };
        }
        finally
        {
            board.End(lineageId);
            turn.Release();
        }
    }

    /// <summary>Number of evaluations whose measures are missing, out of date or failed; what nobody asked for is not missing.</summary>
    public async Task<int> OutdatedAsync(long lineageId, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(lineageId, cancellationToken);
        var known = await measurements.RunsAsync(lineageId, cancellationToken);
        return MeasurePlanner.Plan(snapshot, MeasureCatalogue.Measures).Where(run => run.Measure.Definition.When != MeasureWhen.OnDemand).Select(run => (run.Key, run.InputHash, run.Current))
            .Concat(SiblingRuns.Plan(snapshot).Select(run => (run.Key, run.InputHash, run.Siblings[0].Current)))
            .Concat(ChainRuns.Plan(snapshot).Select(chain => (chain.Key, chain.InputHash, chain.Current)))
            .Where(run => !RunHash.IsUpToDate(known.GetValueOrDefault(run.Key), run.InputHash, retryFailed: true))
            .DistinctBy(run => run.Current.Id)
            .Count();
    }

    /// <summary>The lineage as its measures are planned from it.</summary>
    internal async Task<LineageSnapshot> SnapshotAsync(long lineageId, CancellationToken cancellationToken)
    {
        var snapshot = await LineageSnapshot.LoadAsync(lineages, settings, lineageId, await embedder.OfAsync(lineageId, cancellationToken), cancellationToken);
        snapshot = snapshot.With(await _about.OfAsync(snapshot, cancellationToken));
        return snapshot.With(await behaviours.PlanAsync(snapshot, cancellationToken));
    }

    private async Task<MeasureWork> PlanAsync(long lineageId, Recompute what, Stopwatch series, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(lineageId, cancellationToken);
        if (snapshot.Suites.Any(suite => suite.Definition.FreeText))
        {
            await embedder.FreezeAsync(lineageId, snapshot.Embedder, cancellationToken);
        }

        var scope = await PlanScope.LoadAsync(snapshot, what, measurements, cancellationToken);
        PlannedRun[] planned = [.. MeasurePlanner.Plan(snapshot, MeasureCatalogue.Measures, scope.Places)];
        series.Start();
        PlannedChain[] chains = [.. ChainRuns.Plan(snapshot)];
        series.Stop();
        return new MeasureWork(snapshot, what, scope.Known, planned, chains) { Scope = scope };
    }

    private async Task ComputeEagerAsync(MeasureWork work, EvaluationRuns runs, IProgress<MeasureProgress>? progress, Stopwatch watch, CancellationToken cancellationToken)
    {
        await ComputeAsync(work, work.Eager, runs, progress, cancellationToken);
        var siblings = SiblingRuns.Plan(work.Snapshot, work.Scope.Places).ToList();
        foreach (var generation in siblings.Where(run => work.IsDue(run.Key, run.InputHash)).GroupBy(run => (run.Key.NodeId, run.Key.SuiteId)))
        {
            await SaveAsync(work, await runs.ComputeAsync([.. generation], cancellationToken), cancellationToken);
        }

        var reported = ReportedRuns.Of(work.Snapshot, work.Scope.Places).ToList();
        await StoreAsync(work, [.. reported.Where(run => work.IsDue(run.Key, run.InputHash))], cancellationToken);
        watch.Start();
        var series = await SeriesRuns.PlanAsync(work.Snapshot, measurements, cancellationToken);
        await measurements.SaveAsync(work.LineageId, PlannedSeries.Compute([.. series.Where(run => work.IsDue(run.Key, run.InputHash))], cancellationToken), cancellationToken);
        watch.Stop();

        // What is not computed yet is said to be on its way, before anybody looks.
        await StoreAsync(work, work.ToMarkAsPending(), cancellationToken);
        var current = work.Kept.Concat(siblings.Select(run => run.Key)).Concat(reported.Select(run => run.Key)).Concat(series.Select(run => run.Key)).ToHashSet();
        await measurements.DeleteAsync(work.LineageId, [.. work.Known.Keys.Where(key => !current.Contains(key) && !work.Scope.IsStamp(key))], cancellationToken);
        await CloseAsync(work, work.Deferred.Select(group => new EvaluationPlace(group.Key.NodeId, group.Key.SuiteId)), cancellationToken);
    }

    private async Task ComputeAsync(
        MeasureWork work, IReadOnlyList<IGrouping<EvaluationSummary, PlannedRun>> groups, EvaluationRuns runs, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var group in groups)
        {
            Report(work, group.Key.Node.Lineage, progress);
            await SaveAsync(work, await runs.ComputeAsync(group, cancellationToken), cancellationToken);
            work.Done++;
        }

        progress?.Report(new MeasureProgress(work.Done, work.Total));
    }

    private async Task ComputeChainsAsync(MeasureWork work, IProgress<MeasureProgress>? progress, CancellationToken cancellationToken)
    {
        var chains = new ChainRuns(scores, logger);
        foreach (var group in work.Chains)
        {
            Report(work, group[0].Current.Node.Lineage, progress);
            await SaveAsync(work, await chains.ComputeAsync(work.Snapshot, group, cancellationToken), cancellationToken);
            work.Done++;
        }

        progress?.Report(new MeasureProgress(work.Done, work.Total));
    }

    private void Report(MeasureWork work, string lineage, IProgress<MeasureProgress>? progress)
    {
        progress?.Report(new MeasureProgress(work.Done, work.Total));
        board.Report(work.LineageId, new MeasuredLineage(lineage, work.Done, work.Total));
    }

    private async Task SaveAsync(MeasureWork work, IReadOnlyList<MeasureRun> computed, CancellationToken cancellationToken)
    {
        await StoreAsync(work, computed, cancellationToken);
        work.Computed += computed.Count;
        work.Failed += computed.Count(run => RunHash.HasFailed(run.InputHash));
        work.Unanswered.UnionWith(computed.Where(run => RunHash.IsUnanswered(run.InputHash)).Select(run => new EvaluationPlace(run.Key.NodeId, run.Key.SuiteId)));
    }

    private Task StoreAsync(MeasureWork work, IReadOnlyList<MeasureRun> runs, CancellationToken cancellationToken) =>
        measurements.SaveAsync(work.LineageId, [.. work.Scope.Open(runs), .. runs], cancellationToken);

    private Task CloseAsync(MeasureWork work, IEnumerable<EvaluationPlace> open, CancellationToken cancellationToken) =>
        measurements.SaveAsync(work.LineageId, work.Scope.Close(open.Concat(work.Unanswered).ToHashSet()), cancellationToken);

    private sealed class Pause(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
