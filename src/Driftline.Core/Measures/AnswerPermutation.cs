using Driftline.Core.Statistics;

namespace Driftline.Core.Measures;

/// <summary>A statistic of the answers that two sides gave to each prompt.</summary>
/// <param name="pooled">The answers of every prompt, one after the other; of each prompt first those of the first side.</param>
internal delegate double StatisticOfAnswers(ReadOnlySpan<int> pooled);

/// <summary>
/// The null of "the two generations answer each prompt alike": labels of generations are dealt anew among the answers of each
/// prompt. Permutation p draws from stream p of the seed, so the result is the same on any number of cores.
/// </summary>
internal sealed class AnswerPermutation
{
    private readonly int[] _pooled;
    private readonly int[] _start;
    private readonly int[] _first;

    public AnswerPermutation(int[][] current, int[][] baseline)
    {
        _start = new int[current.Length + 1];
        _first = new int[current.Length];
        for (var i = 0; i < current.Length; i++)
        {
            _first[i] = current[i].Length;
            _start[i + 1] = _start[i] + current[i].Length + baseline[i].Length;
        }

        _pooled = new int[_start[^1]];
        for (var i = 0; i < current.Length; i++)
        {
            current[i].CopyTo(_pooled, _start[i]);
            baseline[i].CopyTo(_pooled, _start[i] + _first[i]);
        }
    }

    /// <summary>Where the answers of each prompt start; one more entry than prompts.</summary>
    public ReadOnlySpan<int> Start => _start;

    /// <summary>How many answers of each prompt are the first side's.</summary>
    public ReadOnlySpan<int> First => _first;

    /// <summary>The statistic of the answers as they are.</summary>
    public double Observed(StatisticOfAnswers statistic) => statistic(_pooled);

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
                    var answers = dealt.AsSpan(_start[i], _start[i + 1] - _start[i]);
                    if (_first[i] > 0 && _first[i] < answers.Length)
                    {
                        own.DrawToFront(answers, _first[i]);
                    }
                }

                values[permutation] = statistic(dealt);
                return dealt;
            },
            _ => { });
        return values;
    }
}
