namespace Driftline.Core.Measures.Semantics;

/// <summary>The tokens of outputs as numbers of types, by prompt; several evaluations may share one.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _types = new(StringComparer.Ordinal);

    /// <summary>Distinct types so far.</summary>
    public int Count => _types.Count;

    /// <summary>The types of all outputs of some prompts, in order.</summary>
    /// <param name="table">The evaluation.</param>
    /// <param name="prompts">Indices of its prompts.</param>
    public int[][] Read(EvaluationTable table, int[] prompts) => Join(ReadOutputs(table, prompts));

    /// <summary>The types of each output of some prompts, in order; repeats without an output are left out.</summary>
    /// <param name="table">The evaluation.</param>
    /// <param name="prompts">Indices of its prompts.</param>
    public int[][][] ReadOutputs(EvaluationTable table, int[] prompts)
    {
        var tokenized = TokenizedOutputs.Of(table);
        var numbers = new List<int>();
        return Array.ConvertAll(prompts, prompt =>
        {
            var outputs = new List<int[]>();
            for (var row = table.RowStart[prompt]; row < table.RowStart[prompt + 1]; row++)
            {
                if (tokenized.Row(row) is { } tokens)
                {
                    outputs.Add(Array.ConvertAll(tokens, NumberOf));
                }
            }

            return outputs.ToArray();
        });

        int NumberOf(int own)
        {
            while (numbers.Count <= own)
            {
                numbers.Add(-1);
            }

            return numbers[own] < 0 ? numbers[own] = this.NumberOf(tokenized.Type(own)) : numbers[own];
        }
    }

    /// <summary>The types of all outputs of each prompt, from those of each output.</summary>
    public static int[][] Join(int[][][] outputs) => Array.ConvertAll(outputs, prompt => prompt is [var only] ? only : [.. prompt.SelectMany(output => output)]);

    private int NumberOf(string type)
    {
        if (!_types.TryGetValue(type, out var number))
        {
            _types[type] = number = _types.Count;
        }

        return number;
    }
}
