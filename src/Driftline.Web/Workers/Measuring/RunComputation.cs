using System.Globalization;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Behaviours;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>Computes one planned run on the whole suite and on its slices.</summary>
public static class RunComputation
{
    /// <summary>Rows from which a suite is large. Cutting it slice by slice makes cores wait for each other at the end of each.</summary>
    internal const int LargeRows = 50_000;

    /// <summary>
    /// Slices that are cut at once: all of them, but one after the other of a suite so large that each cut counts. The first is the
    /// whole suite.
    /// </summary>
    /// <param name="current">The evaluation.</param>
    /// <param name="suite">Its suite.</param>
    public static IReadOnlyList<IReadOnlyList<string?>> Rounds(EvaluationTable current, SuiteDefinition suite)
    {
        string?[] slices = [null, .. current.Slices(suite.SliceKeys)];
        return current.Rows < LargeRows ? [slices] : [.. slices.Select(slice => new[] { slice })];
    }

    /// <summary>Computes the run.</summary>
    /// <param name="run">What to compute.</param>
    /// <param name="suite">The suite.</param>
    /// <param name="tables">Tables by evaluation id.</param>
    /// <param name="behaviours">The frozen kinds of outputs, where the measure needs them.</param>
    /// <param name="slices">What to compute it on (see <see cref="Rounds"/>); null is the whole suite.</param>
    public static IReadOnlyList<SlicedEstimate> Compute(
        PlannedRun run, SuiteDefinition suite, IReadOnlyDictionary<long, LoadedTable> tables, BehaviourReference? behaviours, IReadOnlyList<string?> slices)
    {
        var current = tables[run.Current.Id];
        if (run.Missing is not null)
        {
            return slices.Contains(null) && MeasureCatalogue.AppliesTo(run.Measure, suite, current.For(run.Measure.Definition))
                ? [new SlicedEstimate(null, Estimate.Without(MeasureStatus.NoData, run.Missing))]
                : [];
        }

        var estimates = new List<SlicedEstimate>();
        var baseline = run.Baseline is null ? null : tables[run.Baseline.Id];
        var origin = run.Origin is null ? null : tables[run.Origin.Id];
        var measure = run.Measure.Definition;
        var halvings = Math.Max(current.Halvings, baseline?.Halvings ?? 0);
        foreach (var slice in slices)
        {
            var input = new MeasureInput
            {
                Suite = suite,
                Current = current.Cut(slice, measure, halvings),
                Baseline = baseline?.Cut(slice, measure, halvings),
                Origin = origin?.Cut(slice, measure, origin.Halvings),
                Training = run.Training,
                Behaviours = behaviours,
                TrainedOn = run.TrainedOn,
                Referred = run.Referred?.ToDictionary(pair => pair.Key, pair => tables[pair.Value.Id].Table) ?? [],
                Slice = slice,
                Seed = RunSeed.Of(current.Table.Node, suite.Name, run.Key.Measure, run.Baseline?.Node, slice),
            };
            if (MeasureCatalogue.AppliesTo(run.Measure, suite, input.Current, slice))
            {
                estimates.AddRange(MeasureComputation.Run(run.Measure, input).Select(sliced => Noted(sliced, run, measure.ReadsTexts ? TextSample.Note(halvings) : null, current.LexicalOutsideMass)));
            }
        }

        return estimates;
    }

    /// <summary>Why a run lacks the embeddings that it needs, in one sentence; null when it has them or needs none.</summary>
    public static string? Unembedded(PlannedRun run, IReadOnlyDictionary<long, LoadedTable> tables)
    {
        var needs = run.Measure.Definition.Needs;
        var repeated = run.Current.Repeats > 1;
        return !needs.HasFlag(MeasureNeeds.Embedding) || needs.HasFlag(repeated ? MeasureNeeds.SingleEmbedding : MeasureNeeds.RepeatedEmbedding)
            ? null
            : new[] { run.Current, run.Baseline, run.Origin }
                .OfType<EvaluationSummary>()
                .Select(evaluation => tables[evaluation.Id].EmbeddingFailure)
                .FirstOrDefault(failure => failure is not null);
    }

    private static SlicedEstimate Noted(SlicedEstimate sliced, PlannedRun run, string? part, double? outside)
    {
        var lexical = outside is null || sliced.Estimate.Value is null || !run.Measure.Definition.Needs.HasFlag(MeasureNeeds.Embedding)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Lexical drift, from the built-in embedder: {outside:P0} of the text's mass lies outside what generation 0 wrote.");
        return lexical is null && part is null && run.Note is null
            ? sliced
            : sliced with { Estimate = sliced.Estimate with { Reason = string.Join(' ', new[] { run.Note, part, sliced.Estimate.Reason, lexical }.Where(part => part is not null)) } };
    }
}
