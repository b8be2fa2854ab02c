using System.Globalization;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>excess_disagreement</c>: the default index of value drift. Per prompt U = 2·Dis(g,b) − Dis(g,g′) − Dis(b,b′), Dis the chance that
/// two independent answers differ; its expectation is Σ_a (p_g(a) − p_b(a))². The value is the mean over prompts, around 0 (also below
/// it) when nothing changed; the reason tells its signed root, which is on the scale of probabilities.
/// </summary>
/// <remarks>
/// Needs two answers a side and prompt. Where logs state the probabilities of options for at least as many prompts, these are taken
/// instead: they say Σ_a (p_g(a) − p_b(a))² without noise of sampling, so there is nothing to permute and no noise floor.
/// </remarks>
public sealed class ExcessDisagreement : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "excess_disagreement",
        Family = SuiteFamily.Value,
        Title = "Excess disagreement",
        Meaning = "How much more a prompt's answers differ between the two generations than within one: 0 when nothing changed, 2 when every prompt turned to another certain answer.",
        Unit = "distance",
        Range = "[−2, 2]; about 0 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Choice,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "mean over prompts of 2·Dis(g,b) − Dis(g,g′) − Dis(b,b′), Dis the share of pairs of different answers that differ; from logged probabilities Σ(p_g − p_b)²",
        Interval = "jackknife over prompts (clusters where there are some), t widened for skewness, not narrower than the null; noise floor and p from 999 permutations within prompt",
        Source = "Driftline; energy distance: Székely and Rizzo 2013; skewness: Hall 1992",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Baseline is not { } baseline)
        {
            return Reasons.NoBaseline();
        }

        var pairs = PromptPairs.Of(input.Current, baseline);
        if (pairs.Count == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input));
        }

        var answers = PromptAnswers.Of(input.Current, baseline, pairs);
        int[] repeated = [.. Enumerable.Range(0, pairs.Count).Where(i => answers.Current[i].Length > 1 && answers.Baseline[i].Length > 1)];
        var stated = PromptProbabilities.SquaredDifferences(input.Current, baseline, pairs);
        int[] probable = [.. Enumerable.Range(0, stated.Length).Where(i => !double.IsNaN(stated[i]))];
        if (repeated.Length == 0 && probable.Length == 0)
        {
            return Estimate.Without(
                MeasureStatus.TooFew,
                "No common prompt was answered at least twice on both sides, nor do the logs state probabilities of options: with single answers, change cannot be told from sampling noise.",
                pairs.Count);
        }

        Estimate estimate;
        string? source = null;
        if (probable.Length >= repeated.Length)
        {
            estimate = ContrastEstimates.Mean(input, Array.ConvertAll(probable, i => pairs.Current[i]), Array.ConvertAll(probable, i => stated[i]));
            source = "From the probabilities of options that the logs state.";
        }
        else
        {
            var contrasts = Array.ConvertAll(repeated, i =>
            {
                int[] pooled = [.. answers.Current[i], .. answers.Baseline[i]];
                return new PromptContrast(pooled.Length, answers.Current[i].Length, (a, b) => pooled[a] == pooled[b] ? 0 : 1);
            });
            estimate = ContrastEstimates.Mean(input, Array.ConvertAll(repeated, i => pairs.Current[i]), contrasts);
        }

        var root = Math.Sign(estimate.Value!.Value) * Math.Sqrt(Math.Abs(estimate.Value.Value));
        return estimate with
        {
            Reason = Reasons.Join(
                pairs.MissingNote, estimate.Reason, source, string.Create(CultureInfo.InvariantCulture, $"Its signed root, on the scale of probabilities, is {root:0.000}.")),
        };
    }
}
