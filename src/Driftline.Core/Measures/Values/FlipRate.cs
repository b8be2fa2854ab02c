using System.Globalization;
using System.Text.Json;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Values;

/// <summary>
/// <c>flip_rate</c>: the share of common prompts whose single (or, with repeats, most frequent) answer changed; of equally frequent
/// answers the first in the order of options counts. Where answers are sampled it is above 0 even if nothing changed: with repeats
/// the noise floor says how much.
/// </summary>
public sealed class FlipRate : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "flip_rate",
        Family = SuiteFamily.Value,
        Title = "Flipped prompts",
        Meaning = "The share of prompts that are answered differently than at the baseline; includes sampling noise where answers are sampled.",
        Unit = "share",
        Range = "[0, 1]",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Answer,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Repeats,
        Formula = "common prompts whose single or most frequent answer differs / common prompts with answers on both sides",
        Interval = "Wilson on the effective number of prompts; with repeats, noise floor and p from 999 permutations within prompt",
        Source = "Driftline; Wilson 1927",
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Baseline is not { } baseline)
        {
            return Reasons.NoBaseline();
        }

        var repeats = input.Current.Repeats();
        var before = baseline.Repeats();
        var pairs = PromptPairs.Of(input.Current, baseline);
        if (pairs.Count == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input));
        }

        if (repeats != before)
        {
            return Estimate.Without(
                MeasureStatus.NotComparable,
                $"Generation {input.Current.Node.Generation} is not comparable with generation {baseline.Node.Generation}: repeats {before} → {repeats}. Evaluate both with the same number of repeats.",
                pairs.Count);
        }

        var answers = PromptAnswers.Of(input.Current, baseline, pairs);
        int[] kept = [.. Enumerable.Range(0, pairs.Count).Where(i => answers.Current[i].Length > 0 && answers.Baseline[i].Length > 0)];
        if (kept.Length == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, "No common prompt has an answer on both sides.");
        }

        var now = Array.ConvertAll(kept, i => answers.Current[i]);
        var then = Array.ConvertAll(kept, i => answers.Baseline[i]);
        var permutation = new AnswerPermutation(now, then, answers.Labels.Count);
        var hits = new double[kept.Length];
        var counts = new int[answers.Labels.Count];
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = PromptAnswers.Modal(now[i], counts) == PromptAnswers.Modal(then[i], counts) ? 0 : 1;
        }

        var ones = new double[kept.Length];
        Array.Fill(ones, 1);
        var share = PooledShare.Of(hits, ones, input.Current.ClusterIds(input.Suite, Array.ConvertAll(kept, i => answers.Prompts[i]))).Value;
        PermutationNull? floor = repeats > 1
            ? PermutationNull.Of(Null(permutation, answers.Labels.Count, kept.Length, new SeededRandom(input.Seed)), share.Share)
            : null;
        return new Estimate
        {
            Value = share.Share,
            Lo = share.Interval?.Lo,
            Hi = share.Interval?.Hi,
            StdErr = share.Clusters < 2 ? null : Math.Sqrt(share.Variance),
            N = share.Prompts,
            Clusters = share.Clusters,
            PValue = floor?.PValue,
            FloorMean = floor?.Mean,
            FloorP95 = floor?.P95,
            Reason = Reasons.Join(
                pairs.MissingNote, share.Interval is null ? "All prompts are in one cluster: an interval needs at least 2 clusters." : null, Sampled(input.Current, repeats)),
        };
    }

    private static double[] Null(AnswerPermutation permutation, int labels, int prompts, SeededRandom random)
    {
        // Prompts that are not mixed never flip.
        return permutation.Draw(1, Flips, sums => sums[0] / (double)prompts, random);

        void Flips(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
        {
            var counts = labels <= 256 ? stackalloc int[labels] : new int[labels];
            sums[0] += PromptAnswers.Modal(current, counts) == PromptAnswers.Modal(baseline, counts) ? 0UL : 1UL;
        }
    }

    private static string? Sampled(EvaluationTable table, int repeats)
    {
        if (Temperature(table.Config) is { } temperature)
        {
            return temperature > 0 ? string.Create(CultureInfo.InvariantCulture, $"Includes sampling noise: answers were drawn at temperature {temperature}.") : null;
        }

        return repeats > 1 ? "Includes sampling noise: the most frequent of repeated answers." : null;
    }

    private static double? Temperature(string? config)
    {
        if (config is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(config);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("temperature", out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var temperature)
            ? temperature
            : null;
    }
}
