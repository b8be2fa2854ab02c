using System.Numerics;

namespace Driftline.Core.Measures.Tables;

/// <summary>
/// The part of a large evaluation whose outputs are read: a half of its prompts, a quarter, an eighth …, those whose hashes begin with
/// so many zeros. It is the same prompts in every generation, and each part lies in the one before. Distances between all outputs grow with
/// their square and counts of runs of words take many times the memory of the text, while a few thousand prompts leave little noise.
/// </summary>
public static class TextSample
{
    /// <summary>Prompts that are read at most.</summary>
    public const int MostPrompts = 10_000;

    /// <summary>Outputs that are read at most.</summary>
    public const int MostOutputs = 4 * MostPrompts;

    /// <summary>Characters of outputs that are read at most, about 3.5 million words of English.</summary>
    public const long MostCharacters = 20_000_000;

    /// <summary>A part of fewer prompts is not taken, however long their outputs are.</summary>
    private const int FewestPrompts = 32;

    /// <summary>What is read, in words.</summary>
    public static string Rule { get; } = FormattableString.Invariant(
        $"all prompts; beyond {MostPrompts:N0} prompts, {MostOutputs:N0} outputs or {MostCharacters / 1e6:N0} million characters a half of the prompts, a quarter …, the same in every generation");

    /// <summary>How often an evaluation has to be halved until it is small enough; 0 where it is.</summary>
    /// <param name="table">The evaluation.</param>
    /// <param name="readsOutputs">Whether its outputs are texts that measures read, and not only embeddings.</param>
    public static int Halvings(EvaluationTable table, bool readsOutputs)
    {
        var prompts = new int[BitOperations.LeadingZeroCount(0UL) + 1];
        var rows = new int[prompts.Length];
        var zeros = new int[table.Prompts.Count];
        for (var prompt = 0; prompt < zeros.Length; prompt++)
        {
            zeros[prompt] = ZerosOf(table.Prompts[prompt]);
            prompts[zeros[prompt]]++;
            rows[zeros[prompt]] += table.RowStart[prompt + 1] - table.RowStart[prompt];
        }

        var halvings = 0;
        while (prompts.AsSpan(halvings).ToArray().Sum() > MostPrompts || rows.AsSpan(halvings).ToArray().Sum() > MostOutputs)
        {
            halvings++;
        }

        return readsOutputs ? Halvings(table, zeros, prompts, halvings) : halvings;
    }

    /// <summary>A part of an evaluation; the evaluation itself where all of its prompts are in it.</summary>
    /// <param name="table">The evaluation, or a part that was halved less often.</param>
    /// <param name="halvings">How often it is halved.</param>
    public static EvaluationTable Of(EvaluationTable table, int halvings)
    {
        int[] taken = halvings == 0 ? [] : [.. Enumerable.Range(0, table.Prompts.Count).Where(prompt => ZerosOf(table.Prompts[prompt]) >= halvings)];
        return halvings == 0 || taken.Length == table.Prompts.Count ? table : table.Take(taken, $"halved {halvings}");
    }

    /// <summary>Says that only a part was read; null where all was.</summary>
    /// <param name="halvings">How often the evaluation was halved.</param>
    public static string? Note(int halvings) => halvings switch
    {
        0 => null,
        1 => "Outputs of a half of the prompts were read, the same in every generation.",
        _ => FormattableString.Invariant($"Outputs of 1 in {BigInteger.One << halvings} prompts were read, the same in every generation."),
    };

    private static int Halvings(EvaluationTable table, int[] zeros, int[] prompts, int least)
    {
        // What is left out for the number of prompts need not be read for its length.
        var outputs = table.Outputs();
        var characters = new long[prompts.Length];
        for (var prompt = 0; prompt < zeros.Length; prompt++)
        {
            for (var row = table.RowStart[prompt]; zeros[prompt] >= least && row < Math.Min(outputs.Count, table.RowStart[prompt + 1]); row++)
            {
                characters[zeros[prompt]] += outputs[row]?.Length ?? 0;
            }
        }

        var halvings = least;
        while (characters.AsSpan(halvings).ToArray().Sum() > MostCharacters && prompts.AsSpan(halvings + 1).ToArray().Sum() >= FewestPrompts)
        {
            halvings++;
        }

        return halvings;
    }

    private static int ZerosOf(PromptKey prompt) => BitOperations.LeadingZeroCount(prompt.StableHash());
}
