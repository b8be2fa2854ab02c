using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>self_bleu</c>: how much the outputs to different prompts repeat each other: the mean BLEU of each output with the others as
/// references, over one output of each of 200 prompts. Outputs are cut to the median length of generation 0's.
/// </summary>
/// <remarks>
/// The prompts are the 200 with the smallest hashes, so every generation is measured on the same ones; which of a prompt's repeats
/// speaks is drawn by the seed. BLEU rises with the number of references: fewer than 200 prompts are compared with each other only.
/// </remarks>
public sealed class SelfBleu : IMeasure
{
    private const int Sample = 200;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "self_bleu",
        Family = SuiteFamily.Semantic,
        Title = "Self-BLEU",
        Meaning = "How much outputs to different prompts repeat each other's phrases; higher is less diverse.",
        Unit = "share",
        Range = "[0, 1]",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "mean BLEU-4 of an output with the other 199 as references; outputs cut to the median length of generation 0's",
        Interval = LeftOutEstimates.Interval,
        Source = "Zhu et al. 2018; Papineni et al. 2002; smoothing 1 of Chen and Cherry 2014",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Origin is not { } origin)
        {
            return Estimate.Without(MeasureStatus.NoData, "The length that outputs are cut to is fixed from generation 0, which was not imported.");
        }

        double[] lengths = [.. TokenizedOutputs.Of(origin).Lengths.Where(words => words >= 0).Order().Select(words => (double)words)];
        var length = lengths.Length == 0 ? 0 : (int)Math.Ceiling(Quantiles.OfSorted(lengths, 0.5));
        if (length == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, $"Generation {origin.Node.Generation} has no words here.");
        }

        var (prompts, texts) = Draw(input.Current, length, new SeededRandom(input.Seed).Split(1));
        if (prompts.Length < 2)
        {
            return Estimate.Without(MeasureStatus.TooFew, $"{prompts.Length} prompts have an output with words: comparing them needs at least 2.", prompts.Length);
        }

        var bleu = new Bleu(texts);
        int[] all = [.. Enumerable.Range(0, texts.Length)];
        return LeftOutEstimates.Of(
            bleu.Mean(all),
            prompts.Length,
            input.Current.ClusterIds(input.Suite, prompts),
            left => all.Except(left).ToArray() is { Length: > 1 } rest ? bleu.Mean(rest) : null,
            new SeededRandom(input.Seed).Split(0),
            new Interval(0, 1));
    }

    private static (int[] Prompts, int[][] Texts) Draw(EvaluationTable table, int length, SeededRandom random)
    {
        var outputs = TokenizedOutputs.Of(table);
        var drawn = new List<(int Prompt, int[] Text)>();
        foreach (var prompt in Enumerable.Range(0, table.Prompts.Count).OrderBy(prompt => table.Prompts[prompt].StableHash()).ThenBy(prompt => prompt))
        {
            int[] own = [.. Enumerable.Range(table.RowStart[prompt], table.RowStart[prompt + 1] - table.RowStart[prompt]).Where(row => outputs.Lengths[row] > 0)];
            if (own.Length > 0)
            {
                var text = outputs.Row(own[random.NextInt(own.Length)])!;
                drawn.Add((prompt, text.Length > length ? text[..length] : text));
                if (drawn.Count == Sample)
                {
                    break;
                }
            }
        }

        return ([.. drawn.Select(each => each.Prompt)], [.. drawn.Select(each => each.Text)]);
    }
}
