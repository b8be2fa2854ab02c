using Driftline.Core.Measures;
using Driftline.Core.Measures.Behaviours;
using Driftline.Core.Measures.Recipes;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>Computes the planned runs of one evaluation, or the training noise of one generation: all of them on the same tables, on all cores.</summary>
/// <param name="snapshot">The lineage.</param>
/// <param name="tables">Where tables come from.</param>
/// <param name="frozen">Where kinds of outputs come from.</param>
/// <param name="words">Where counts of words of training texts come from.</param>
/// <param name="logger">Is told why a computation failed.</param>
internal sealed class EvaluationRuns(LineageSnapshot snapshot, TableCache tables, FrozenBehaviours frozen, TrainingWords words, ILogger logger)
{
    private readonly Dictionary<string, BehaviourReference> _behaviours = new(StringComparer.Ordinal);

    /// <summary>Computes the runs of one evaluation.</summary>
    public async Task<IReadOnlyList<MeasureRun>> ComputeAsync(IGrouping<EvaluationSummary, PlannedRun> group, CancellationToken cancellationToken)
    {
        var suite = snapshot.Suites.First(suite => suite.Id == group.Key.SuiteId).Definition;
        var loaded = await LoadAsync(group.SelectMany(run => new[] { run.Current, run.Baseline, run.Origin }), suite, cancellationToken);

        var behaviours = await BehavioursAsync(group, suite, loaded[group.Key.Id], cancellationToken);

        foreach (var referred in group.SelectMany(run => run.Referred?.Values ?? []).DistinctBy(referred => referred.Id))
        {
            loaded[referred.Id] = await tables.LoadAsync(referred, snapshot.Suites.First(other => other.Id == referred.SuiteId).Definition, cancellationToken);
        }

        // The parent of generation 1 is its origin: the same measure against the same evaluation is computed once.
        var distinct = group.DistinctBy(Inputs).ToArray();
        await words.FillAsync(distinct, cancellationToken);
        var estimates = new ComputedRun?[distinct.Length];

        // Some measures use all cores themselves; while they wait for those, the pool would start ever more runs, each with its memory.
        // Those of a large suite nearly all do: one after the other they are done as soon, and only one holds its memory.
        var isLarge = loaded[group.Key.Id].Table.Rows >= RunComputation.LargeRows;
        var together = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = isLarge ? 1 : Environment.ProcessorCount };
        foreach (var slices in RunComputation.Rounds(loaded[group.Key.Id].Table, suite))
        {
            Parallel.For(0, distinct.Length, together, i => estimates[i] = ComputedRun.Join(estimates[i], () => Compute(distinct[i], suite, loaded, behaviours, slices)));
            foreach (var table in loaded.Values)
            {
                table.ForgetSlices();
            }
        }

        var computed = distinct.Zip(estimates).ToDictionary(pair => Inputs(pair.First), pair => pair.Second!);
        return [.. group.Select(run => (Run: run, Computed: computed[Inputs(run)])).Select(each => new MeasureRun(
            each.Run.Key,
            each.Computed.Hash(each.Run.InputHash),
            each.Run.Measure.Definition.Version,
            Comparability.Describe(each.Run.Current.Config, each.Run.Measure.Definition.Comparability, loaded[each.Run.Current.Id].For(each.Run.Measure.Definition).Embedder),
            each.Computed.Estimates))];
    }

    /// <summary>Computes the training noise of one generation.</summary>
    public async Task<IReadOnlyList<MeasureRun>> ComputeAsync(IReadOnlyList<PlannedSiblings> generation, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(
            generation.SelectMany(run => run.Siblings.SelectMany(sibling => new[] { sibling.Current, sibling.Baseline }).Append(run.Origin)), generation[0].Suite.Definition, cancellationToken);
        var runs = generation.Select(run =>
        {
            var computed = ComputedRun.Of(() => SiblingRuns.Compute(run, loaded), run.Key.Measure, run.Siblings[0].Current, logger);
            return new MeasureRun(
                run.Key, computed.Hash(run.InputHash), TrainingNoise.Definition.Version, Comparability: null, computed.Estimates);
        }).ToList();
        foreach (var table in loaded.Values)
        {
            table.ForgetSlices();
        }

        return runs;
    }

    private async Task<Dictionary<long, LoadedTable>> LoadAsync(IEnumerable<EvaluationSummary?> wanted, SuiteDefinition suite, CancellationToken cancellationToken)
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

    /// <summary>The kinds of outputs, where one of the runs needs them and there are embeddings; made when they are needed first.</summary>
    private async Task<BehaviourReference?> BehavioursAsync(IEnumerable<PlannedRun> runs, SuiteDefinition suite, LoadedTable current, CancellationToken cancellationToken)
    {
        if (current.Texts.EmbeddingDimension == 0 || !runs.Any(run => run.Measure.Definition.Needs.HasFlag(MeasureNeeds.Behaviours)))
        {
            return null;
        }

        if (!_behaviours.TryGetValue(suite.Name, out var known))
        {
            _behaviours[suite.Name] = known = await frozen.LoadAsync(snapshot, suite.Name, evaluation => tables.LoadAsync(evaluation, suite, cancellationToken), cancellationToken);
        }

        return known;
    }

    private ComputedRun Compute(PlannedRun run, SuiteDefinition suite, IReadOnlyDictionary<long, LoadedTable> tables, BehaviourReference? behaviours, IReadOnlyList<string?> slices) =>
        RunComputation.Unembedded(run, tables) is { } sentence
            ? ComputedRun.Fault(sentence, RunHash.Unanswered)
            : ComputedRun.Of(() => RunComputation.Compute(run, suite, tables, behaviours, slices), run.Key.Measure, run.Current, logger);
}
