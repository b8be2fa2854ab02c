using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>score_shift_sd</c>: <c>score_shift</c> in standard deviations of a single answer at generation 0 of the same slice, so that suites
/// with different scales can be read beside each other. The standard deviation counts as known.
/// </summary>
public sealed class ScoreShiftSd : IPromptMean
{
    private readonly ScoreShift _shift = new();

    /// <summary>Makes the measure.</summary>
    public ScoreShiftSd() => Definition = _shift.Definition with
    {
        Id = "score_shift_sd",
        Title = "Change of score in SDs",
        Meaning = "How far the score of the same prompts moved from the baseline, in standard deviations of a single answer at generation 0.",
        Unit = "SD",
        Formula = "score_shift / standard deviation of the scores of single answers at generation 0, in the same slice",
        Interval = "that of score_shift divided by the same standard deviation, which counts as known",
        Source = "Driftline; Glass 1976 (the baseline's standard deviation)",
    };

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; }

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input)
    {
        foreach (var score in input.ScoreSlices(booleanOnly: false))
        {
            var estimate = PairedChange.Of(input, score.Score).Estimate;
            yield return new SlicedEstimate(score.Slice, estimate.Value is null ? estimate : OfDeviation(input, score.Score) is { } deviation
                ? estimate with { Value = estimate.Value / deviation, Lo = estimate.Lo / deviation, Hi = estimate.Hi / deviation, StdErr = estimate.StdErr / deviation }
                : Estimate.Without(MeasureStatus.Undefined, $"The score '{score.Score}' has no spread at generation 0 here, or generation 0 was not imported.", estimate.N));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) =>
        from score in input.ScoreSlices(booleanOnly: false)
        let differences = PairedChange.ByPrompt(input, score.Score)
        let deviation = OfDeviation(input, score.Score)
        where differences is not null && deviation is not null
        select PromptValues.Of(score.Slice, Array.ConvertAll(differences, difference => difference / deviation.Value));

    /// <summary>The standard deviation of single answers at generation 0; null without an origin, or where it is 0.</summary>
    internal static double? OfDeviation(MeasureInput input, string score)
    {
        if (input.Origin is not { } origin || !origin.Scores.TryGetValue(score, out var column))
        {
            return null;
        }

        var values = Array.FindAll(column.Values[..origin.Rows], value => !double.IsNaN(value));
        return values.Length > 1 && Spread.Variance(values) is > 0 and var variance ? Math.Sqrt(variance) : null;
    }
}
