using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Measures;

/// <summary>Dealings that are looked up must be those that would be dealt answer by answer.</summary>
public sealed class AnswerPermutationTests
{
    public static TheoryData<int[], int> SmallPrompts { get; } = new()
    {
        { [0, 1], 1 },
        { [0, 0, 1], 1 },
        { [0, 0, 1, 1], 2 },
        { [0, 1, 2, 2, 2], 2 },
        { [0, 0, 0, 1, 1, 1, 1, 1], 4 },
        { [0, 0, 1, 1, 2, 3], 5 },
        { [0, 1, 2, 3, 4, 5, 6], 3 },
    };

    [Theory]
    [MemberData(nameof(SmallPrompts))]
    public void DealingTable_EveryDealing_IsAsLikelyAsCounted(int[] pooled, int first)
    {
        // Base 10 digits: one label's count each.
        var expected = new Dictionary<ulong, double>();
        var dealings = 0;
        foreach (var chosen in Enumerable.Range(0, 1 << pooled.Length).Where(chosen => int.PopCount(chosen) == first))
        {
            var sums = new ulong[1];
            Digits([.. pooled.Where((_, i) => (chosen >> i & 1) == 1)], [.. pooled.Where((_, i) => (chosen >> i & 1) == 0)], sums);
            expected[sums[0]] = expected.GetValueOrDefault(sums[0]) + 1;
            dealings++;
        }

        var table = DealingTable.Of(pooled, first, Digits, 1)!;
        var random = new SeededRandom(11);
        var seen = new Dictionary<ulong, double>();
        const int Draws = 40_000;
        for (var i = 0; i < Draws; i++)
        {
            var sums = new ulong[1];
            table.Add(1, ref random, sums);
            seen[sums[0]] = seen.GetValueOrDefault(sums[0]) + 1;
        }

        Assert.Equal(dealings, table.Dealings);
        Assert.Equal(expected.Keys.Order(), seen.Keys.Order());
        foreach (var (outcome, ways) in expected)
        {
            var share = ways / dealings;
            Assert.InRange(seen[outcome] / Draws, share - (4.5 * Math.Sqrt(share * (1 - share) / Draws)), share + (4.5 * Math.Sqrt(share * (1 - share) / Draws)));
        }

        static void Digits(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
        {
            foreach (var answer in current)
            {
                sums[0] += (ulong)Math.Pow(10, answer);
            }
        }
    }

    [Fact]
    public void DealingTable_ManyDealings_AreFoundByBisection_AndAreHypergeometric()
    {
        // 12 of 24 answers, 12 of them 1: 2,704,156 dealings, 13 outcomes.
        int[] pooled = [.. Enumerable.Repeat(0, 12), .. Enumerable.Repeat(1, 12)];
        var table = DealingTable.Of(pooled, 12, Ones, 1)!;
        var random = new SeededRandom(5);
        const int Draws = 20_000;
        double sum = 0;
        double squares = 0;
        for (var i = 0; i < Draws; i++)
        {
            var sums = new ulong[1];
            table.Add(1, ref random, sums);
            sum += sums[0];
            squares += (double)(sums[0] * sums[0]);
        }

        var mean = sum / Draws;
        Assert.Equal(2_704_156, table.Dealings);
        Assert.Equal(6, mean, 0.05);
        Assert.Equal(12 * 0.25 * 12 / 23, (squares / Draws) - (mean * mean), 0.06);
    }

    [Fact]
    public void DealingTable_TooManyOutcomes_IsNone()
    {
        Assert.Null(DealingTable.Of([.. Enumerable.Range(0, 14)], 7, Ones, 1));
        Assert.Null(DealingTable.Of([.. Enumerable.Repeat(0, 40), .. Enumerable.Repeat(1, 40)], 40, Ones, 1));
    }

    [Fact]
    public void Draw_LookedUpAndDealt_HaveTheSameDistribution()
    {
        // A prompt of 14 different answers is dealt one by one; the same prompt with its answers halved to two labels is looked up.
        int[][] current = [.. Enumerable.Range(0, 6).Select(_ => new[] { 0, 2, 4, 6, 8, 10, 12 })];
        int[][] baseline = [.. Enumerable.Range(0, 6).Select(_ => new[] { 1, 3, 5, 7, 9, 11, 13 })];
        var dealt = new AnswerPermutation(current, baseline, 14).Draw(1, Odd, sums => sums[0], new SeededRandom(1));
        var lookedUp = new AnswerPermutation(Halved(current), Halved(baseline), 2).Draw(1, Odd, sums => sums[0], new SeededRandom(2));

        var expected = 6 * 3.5;
        var variance = 6 * 7 * 0.25 * 7 / 13;
        foreach (var values in new[] { dealt, lookedUp })
        {
            var mean = values.Average();
            Assert.Equal(expected, mean, 4 * Math.Sqrt(variance / values.Length));
            Assert.Equal(variance, values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1), 0.75);
        }

        static int[][] Halved(int[][] answers) => Array.ConvertAll(answers, prompt => Array.ConvertAll(prompt, answer => answer % 2));

        static void Odd(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
        {
            foreach (var answer in current)
            {
                sums[0] += (ulong)(answer % 2);
            }
        }
    }

    [Fact]
    public void Draw_KeepsEveryAnswer_WhateverTheNumberOfLabels()
    {
        // 4 and 5 labels lie in one and in two words; the plain path and the table serve the same permutation.
        foreach (var labels in new[] { 2, 4, 5, 9, 20 })
        {
            var random = new SeededRandom((ulong)labels);
            var current = Answers(labels, ref random);
            var baseline = Answers(labels, ref random);
            var permutation = new AnswerPermutation(current, baseline, labels);
            var packing = new PackedSums(labels, permutation.Answers.Max());
            var totals = permutation.Draw(packing.Words, Count, Total, new SeededRandom(3));

            var mixed = Enumerable.Range(0, current.Length).Where(i => current[i].Concat(baseline[i]).Distinct().Count() > 1).ToArray();
            Assert.Equal(mixed.Length, permutation.MixedPrompts);
            Assert.All(totals, total => Assert.Equal(mixed.Sum(i => current[i].Length), total));

            void Count(ReadOnlySpan<int> dealt, ReadOnlySpan<int> rest, Span<ulong> sums)
            {
                foreach (var answer in dealt)
                {
                    packing.Add(sums, answer, 1);
                }
            }

            double Total(ReadOnlySpan<ulong> sums)
            {
                var counts = new double[labels];
                packing.Unpack(sums, counts);
                Assert.All(counts.Zip(permutation.Answers), pair => Assert.InRange(pair.First, 0, pair.Second));
                return counts.Sum();
            }
        }

        static int[][] Answers(int labels, ref SeededRandom random)
        {
            var answers = new int[50][];
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = new int[1 + (i % 9)];
                for (var j = 0; j < answers[i].Length; j++)
                {
                    answers[i][j] = random.NextInt(labels);
                }
            }

            return answers;
        }
    }

    [Fact]
    public void Draw_FlipsOfOneMixedPrompt_AreAsOftenAsEnumerated()
    {
        // Of the 6 dealings of "a a b b" among two and two, two give both sides one label each; of the other four both sides have a b, and the first label wins on both.
        var permutation = new AnswerPermutation([[0, 0]], [[1, 1]], 2);
        var flips = permutation.Draw(1, Flip, sums => sums[0], new SeededRandom(8));

        Assert.Equal(1 / 3.0, flips.Average(), 0.06);

        static void Flip(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
        {
            var counts = new int[2];
            sums[0] += PromptAnswers.Modal(current, counts) == PromptAnswers.Modal(baseline, counts) ? 0UL : 1UL;
        }
    }

    private static void Ones(ReadOnlySpan<int> current, ReadOnlySpan<int> baseline, Span<ulong> sums)
    {
        foreach (var answer in current)
        {
            sums[0] += answer == 1 ? 1UL : 0UL;
        }
    }
}
