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
        var outputs = table.Outputs();
        var lookup = _types.GetAlternateLookup<ReadOnlySpan<char>>();
        var read = new int[prompts.Length][][];
        var tokens = new List<int>();
        for (var i = 0; i < prompts.Length; i++)
        {
            var ofPrompt = new List<int[]>();
            for (var row = table.RowStart[prompts[i]]; row < table.RowStart[prompts[i] + 1]; row++)
            {
                if (outputs[row] is { } output)
                {
                    tokens.Clear();
                    Tokens.Visit(output, token =>
                    {
                        if (!lookup.TryGetValue(token, out var type))
                        {
                            type = _types.Count;
                            lookup[token] = type;
                        }

                        tokens.Add(type);
                    });
                    ofPrompt.Add([.. tokens]);
                }
            }

            read[i] = [.. ofPrompt];
        }

        return read;
    }

    /// <summary>The types of all outputs of each prompt, from those of each output.</summary>
    public static int[][] Join(int[][][] outputs) => Array.ConvertAll(outputs, prompt => prompt is [var only] ? only : [.. prompt.SelectMany(output => output)]);
}
