using Driftline.Core.Measures;
using Driftline.Core.Measures.Recipes;
using Driftline.Core.Measures.Tables;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>The training noise of a measure at one generation of a branch, to be computed from its sibling seeds.</summary>
/// <param name="Key">What it is stored under: the first seed's node, <c>training_noise:MEASURE</c>, the measure's baseline.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Siblings">Each seed's evaluation with that of its baseline; without one for a level.</param>
/// <param name="Origin">The origin's evaluation, when there is one.</param>
/// <param name="InputHash">Equal hashes mean equal results.</param>
public sealed record PlannedSiblings(
    MeasureRunKey Key, IPromptMean Measure, SuiteSummary Suite, IReadOnlyList<(EvaluationSummary Current, EvaluationSummary? Baseline)> Siblings, EvaluationSummary? Origin, string InputHash);

/// <summary>Plans and computes training noise from sibling seeds; what a generation costs does not grow with their number.</summary>
public static class SiblingRuns
{
    /// <summary>Every generation of a branch that at least two seeds have, with every measure that is a mean over prompts.</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="places">The evaluations whose training noise is wanted; null is all. They hold all seeds of a generation, or none.</param>
    public static IEnumerable<PlannedSiblings> Plan(LineageSnapshot lineage, IReadOnlySet<EvaluationPlace>? places = null)
    {
        var generations = lineage.Nodes
            .Where(node => node is { IsReference: false, Key.Checkpoint: null, Key.Generation: > 0 })
            .GroupBy(node => (node.Key.Branch, node.Key.Generation))
            .Select(group => group.OrderBy(node => node.Key.Seed, StringComparer.Ordinal).ToList())
            .Where(seeds => seeds.Count > 1)
            .ToList();
        foreach (var suite in lineage.Suites)
        {
            var suiteHash = MeasurePlanner.HashOf(suite.Definition);
            var measures = MeasureCatalogue.Measures.OfType<IPromptMean>().Where(measure => MeasurePlanner.IsFor(measure, suite.Definition)).ToList();
            foreach (var seeds in generations.Where(seeds => places is null || seeds.Exists(seed => places.Contains(new EvaluationPlace(seed.Id, suite.Id)))))
            {
                foreach (var measure in measures)
                {
                    foreach (var baseline in MeasurePlanner.Baselines(measure, lineage))
                    {
                        if (Plan(lineage, suite, MeasurePlanner.HashFor(measure, suite.Definition, suiteHash, lineage), seeds, measure, baseline) is { } planned)
                        {
                            yield return planned;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Computes one of them.</summary>
    /// <param name="planned">What to compute.</param>
    /// <param name="tables">Tables by evaluation id.</param>
    public static IReadOnlyList<SlicedEstimate> Compute(PlannedSiblings planned, IReadOnlyDictionary<long, LoadedTable> tables)
    {
        var suite = planned.Suite.Definition;
        var first = tables[planned.Siblings[0].Current.Id].Table;
        var estimates = new List<SlicedEstimate>();
        var measure = planned.Measure.Definition;
        var halvings = planned.Siblings.SelectMany(sibling => new[] { sibling.Current, sibling.Baseline }).OfType<EvaluationSummary>().Max(evaluation => tables[evaluation.Id].Halvings);
        foreach (var slice in first.Slices(suite.SliceKeys).Prepend(null))
        {
            var inputs = planned.Siblings.Select(sibling => new MeasureInput
            {
                Suite = suite,
                Current = tables[sibling.Current.Id].Cut(slice, measure, halvings),
                Baseline = sibling.Baseline is { } baseline ? tables[baseline.Id].Cut(slice, measure, halvings) : null,
                Origin = planned.Origin is { } origin ? tables[origin.Id].Cut(slice, measure, tables[origin.Id].Halvings) : null,
                Slice = slice,

                // A mean over prompts draws nothing at random.
                Seed = 0,
            }).ToList();
            if (inputs.TrueForAll(input => MeasureCatalogue.AppliesTo(planned.Measure, suite, input.Current, slice)))
            {
                estimates.AddRange(TrainingNoise.Compute(planned.Measure, inputs));
            }
        }

        return estimates;
    }

    private static PlannedSiblings? Plan(
        LineageSnapshot lineage, SuiteSummary suite, string suiteHash, List<NodeSummary> seeds, IPromptMean measure, Baseline baseline)
    {
        var siblings = new List<(EvaluationSummary Current, EvaluationSummary? Baseline)>();
        NodeSummary? first = null;
        foreach (var node in seeds)
        {
            var compared = lineage.Baseline(node, baseline)?.Node is { } model ? lineage.Current(model.Id, suite.Id) : null;
            if (lineage.Current(node.Id, suite.Id) is { Samples: > 0 } current && (baseline == Baseline.None || compared is { Samples: > 0 }))
            {
                siblings.Add((current, compared));
                first ??= node;
            }
        }

        if (siblings.Count < 2)
        {
            return null;
        }

        var origin = first!.OriginId is { } originId ? lineage.Current(originId, suite.Id) : null;
        return
            new PlannedSiblings(
                new MeasureRunKey(first.Id, suite.Id, TrainingNoise.IdOf(measure.Definition.Id), baseline),
                measure,
                suite,
                siblings,
                origin,
                MeasurePlanner.Hash([
                    $"{TrainingNoise.Definition.Version}", $"{measure.Definition.Version}", suiteHash, origin?.ContentHash,
                    .. siblings.SelectMany(sibling => new[] { sibling.Current.ContentHash, sibling.Baseline?.ContentHash })]));
    }
}
