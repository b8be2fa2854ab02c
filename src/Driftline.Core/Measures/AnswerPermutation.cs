using System.Runtime.InteropServices;
using Driftline.Core.Statistics;

namespace Driftline.Core.Measures;

/// <summary>A statistic of what the dealings of all mixed prompts add up to.</summary>
internal delegate double StatisticOfDealings(ReadOnlySpan<ulong> sums);

/// <summary>
/// The null of "the two generations answer each prompt alike": the labels of generations are dealt anew among the answers of each
/// prompt. Permutation p draws from stream p of the seed, so the result is the same on any number of cores. Prompts whose answers
/// are all the same, or all of one side, look the same however they are dealt, and are counted once; mixed prompts with the same
/// answers share one <see cref="DealingTable"/>.
/// </summary>
internal sealed class AnswerPermutation
{
    private readonly List<Pattern> _patterns = [];

    /// <summary>Pools the answers of both sides.</summary>
    /// <param name="current">The answers of each prompt on the current side, as indices of labels.</param>
    /// <param name="baseline">The same of the baseline.</param>
    /// <param name="labels">Number of labels.</param>
    public AnswerPermutation(int[][] current, int[][] baseline, int labels)
    {
        FixedCurrent = new double[labels];
        FixedBaseline = new double[labels];
        Answers = new double[labels];
        var byAnswers = new Dictionary<string, Pattern>(StringComparer.Ordinal);
        for (var i = 0; i < current.Length; i++)
        {
            int[] pooled = [.. current[i], .. baseline[i]];
            Array.Sort(pooled);
            if (current[i].Length == 0 || baseline[i].Length == 0 || pooled[0] == pooled[^1])
            {
                Count(current[i], FixedCurrent);
                Count(baseline[i], FixedBaseline);
                continue;
            }

            Count(pooled, Answers);
            var key = string.Concat(MemoryMarshal.Cast<int, char>(pooled), MemoryMarshal.Cast<int, char>([current[i].Length]));
            if (!byAnswers.TryGetValue(key, out var pattern))
            {
                byAnswers[key] = pattern = new Pattern(pooled, current[i].Length);
                _patterns.Add(pattern);
            }

            pattern.Prompts++;
            MixedPrompts++;
        }
    }

    /// <summary>Number of prompts whose dealing matters.</summary>
    public int MixedPrompts { get; }

    /// <summary>How often each label was given to mixed prompts, by either side.</summary>
    public double[] Answers { get; }

    /// <summary>How often each label was given by the current side to the prompts that are not mixed.</summary>
    public double[] FixedCurrent { get; }

    /// <summary>The same of the baseline.</summary>
    public double[] FixedBaseline { get; }

    /// <summary>The statistic under <see cref="PermutationNull.Permutations"/> permutations.</summary>
    /// <param name="width">Number of sums.</param>
    /// <param name="outcome">What the dealing of a prompt adds to them.</param>
    /// <param name="statistic">What a permutation's sums say; called on several threads.</param>
    /// <param name="random">The seed.</param>
    public double[] Draw(int width, DealingOutcome outcome, StatisticOfDealings statistic, SeededRandom random)
    {
        var values = new double[PermutationNull.Permutations];
        var tables = _patterns.ConvertAll(pattern => DealingTable.Of(pattern.Pooled, pattern.First, outcome, width));
        Replication.Run(values.Length, MixedPrompts * (long)width, (from, to) =>
        {
            var sums = new ulong[width];
            for (var permutation = from; permutation < to; permutation++)
            {
                var own = random.Split((ulong)permutation);
                Array.Clear(sums);
                for (var i = 0; i < tables.Count; i++)
                {
                    if (tables[i] is { } table)
                    {
                        table.Add(_patterns[i].Prompts, ref own, sums);
                    }
                    else
                    {
                        Deal(_patterns[i], outcome, ref own, sums);
                    }
                }

                values[permutation] = statistic(sums);
            }
        });
        return values;
    }

    private static void Deal(Pattern pattern, DealingOutcome outcome, ref SeededRandom random, Span<ulong> sums)
    {
        int[] dealt = [.. pattern.Pooled];
        for (var i = 0; i < pattern.Prompts; i++)
        {
            random.DrawToFront<int>(dealt, pattern.First);
            outcome(dealt.AsSpan(0, pattern.First), dealt.AsSpan(pattern.First), sums);
        }
    }

    private static void Count(int[] answers, double[] counts)
    {
        foreach (var answer in answers)
        {
            counts[answer]++;
        }
    }

    /// <summary>Prompts with the same pooled answers, of which the current side gets the same number.</summary>
    private sealed class Pattern(int[] pooled, int first)
    {
        public int[] Pooled { get; } = pooled;

        public int First { get; } = first;

        public int Prompts { get; set; }
    }
}
