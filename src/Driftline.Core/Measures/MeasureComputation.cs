using Driftline.Core.Records;

namespace Driftline.Core.Measures;

/// <summary>Runs a measure as it should be run: comparability first, and marks for what is not complete or not verified.</summary>
public static class MeasureComputation
{
    /// <summary>
    /// Computes a measure. Where the evaluation and its baseline were not measured alike, every estimate is
    /// <see cref="MeasureStatus.NotComparable"/> with the key, from what to what, and the way out; where one side does not state a
    /// key, the reason says "Unverified". Values of an evaluation (or baseline) that is not complete are provisional.
    /// </summary>
    /// <param name="measure">The measure; see <see cref="MeasureCatalogue.AppliesTo(IMeasure, Suites.SuiteDefinition, EvaluationTable, string?)"/>.</param>
    /// <param name="input">Tables cut to the slice.</param>
    public static IReadOnlyList<SlicedEstimate> Run(IMeasure measure, MeasureInput input)
    {
        var verdict = input.Baseline is { } baseline
            ? Comparability.Compare(input.Current, baseline, measure.Definition.Comparability)
            : ComparabilityVerdict.Comparable;
        return [.. measure.Compute(input).Select(sliced => sliced with { Estimate = Mark(sliced.Estimate, verdict, input) })];
    }

    private static Estimate Mark(Estimate estimate, ComparabilityVerdict verdict, MeasureInput input)
    {
        if (verdict.State == ComparabilityState.NotComparable)
        {
            return Estimate.Without(MeasureStatus.NotComparable, verdict.Sentence!, estimate.N);
        }

        var marked = estimate with { Reason = Reasons.Join(estimate.Reason, verdict.Sentence) };
        var open = input.Current.Status != EvaluationStatus.Success ? input.Current
            : input.Baseline is { } baseline && baseline.Status != EvaluationStatus.Success ? baseline
            : null;
        return open is null || marked.Status != MeasureStatus.Ok
            ? marked
            : marked with { Status = MeasureStatus.Provisional, Reason = Reasons.Join(Incomplete(open), marked.Reason) };
    }

    private static string Incomplete(EvaluationTable table) => table.Status switch
    {
        EvaluationStatus.Started => $"Provisional: the evaluation of generation {table.Node.Generation} has not said that it is complete.",
        EvaluationStatus.Cancelled => $"Provisional: the evaluation of generation {table.Node.Generation} was cancelled.",
        _ => $"Provisional: the evaluation of generation {table.Node.Generation} ended with an error.",
    };
}
