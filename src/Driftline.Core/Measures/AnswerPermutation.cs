using Driftline.Core.Statistics;

namespace Driftline.Core.Measures;

/// <summary>A statistic of the answers that two sides gave to each prompt where they are not all the same.</summary>
/// <param name="pooled">The answers of every mixed prompt, one after the other; of each prompt first those of the current side.</param>
internal delegate double StatisticOfAnswers(ReadOnlySpan<int> pooled);

/// <summary>
/// The null of "the two generations answer each prompt alike": the labels of generations are dealt anew among the answers of each
/// prompt. Permutation p draws from stream p of the seed, so the result is the same on any number of cores. Prompts whose answers
/// are all the same, or all of one side, look the same however they are dealt, and are counted once.
/// </summary>
internal sealed class AnswerPermutation
{
    private readonly int[] _pooled;
    private readonly int[] _start;
    private readonly int[] _first;

    /// <summary>Pools the answers of both sides.</summary>
    /// <param name="current">The answers of each prompt on the current side, as indices of labels.</param>
    /// <param name="baseline">The same of the baseline.</param>
    /// <param name="labels">Number of labels.</param>
    public AnswerPermutation(int[][] current, int[][] baseline, int labels)
    {
        FixedCurrent = new double[labels];
        FixedBaseline = new double[labels];
        var start = new List<int> { 0 };
        var first = new List<int>();
        var pooled = new List<int>();
        for (var i = 0; i < current.Length; i++)
        {
            var answers = current[i].Concat(baseline[i]).ToArray();
            if (current[i].Length > 0 && baseline[i].Length > 0 && Array.Exists(answers, answer => answer != answers[0]))
            {
                pooled.AddRange(answers);
                first.Add(current[i].Length);
                start.Add(pooled.Count);
                continue;
            }

            foreach (var answer in current[i])
            {
                FixedCurrent[answer]++;
            }

            foreach (var answer in baseline[i])
            {
                FixedBaseline[answer]++;
            }
        }

        _pooled = [.. pooled];
        _start = [.. start];
        _first = [.. first];
    }

    /// <summary>Where the answers of each mixed prompt start; one more entry than mixed prompts.</summary>
    public ReadOnlySpan<int> Start => _start;

    /// <summary>How many answers of each mixed prompt are the current side's.</summary>
    public ReadOnlySpan<int> First => _first;

    /// <summary>How often each label was given by the current side to the prompts that are not mixed.</summary>
    public double[] FixedCurrent { get; }

    /// <summary>The same of the baseline.</summary>
    public double[] FixedBaseline { get; }

    /// <summary>The statistic under <see cref="PermutationNull.Permutations"/> permutations.</summary>
    public double[] Draw(StatisticOfAnswers statistic, SeededRandom random)
    {
        var values = new double[PermutationNull.Permutations];
        Parallel.For(
            0,
            values.Length,
            () => new int[_pooled.Length],
            (permutation, _, dealt) =>
            {
                var own = random.Split((ulong)permutation);
                _pooled.CopyTo(dealt, 0);
                for (var i = 0; i < _first.Length; i++)
                {
                    own.DrawToFront(dealt.AsSpan(_start[i], _start[i + 1] - _start[i]), _first[i]);
                }

                values[permutation] = statistic(dealt);
                return dealt;
            },
            _ => { });
        return values;
    }
}
