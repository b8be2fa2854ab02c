namespace Driftline.Core.Measures.Semantics;

/// <summary>The number of tokens that types are counted at: 80 % of generation 0's on the slice, the same for every generation.</summary>
internal static class TokenBudget
{
    /// <summary>Share of generation 0's tokens that makes the budget.</summary>
    public const double Share = 0.8;

    /// <summary>The budget.</summary>
    /// <param name="input">What is measured.</param>
    /// <param name="sides">The types of each side's outputs by prompt.</param>
    /// <param name="refusal">Why there is none.</param>
    /// <returns>Null where there is no generation 0, or a side has fewer tokens.</returns>
    public static int? Of(MeasureInput input, ReadOnlySpan<(EvaluationTable Table, int[][] Types)> sides, out Estimate refusal)
    {
        refusal = Estimate.Without(MeasureStatus.NoData, "The number of words to compare at is fixed from generation 0, which was not imported.");
        if (input.Origin is not { } origin)
        {
            return null;
        }

        var prompts = sides[0].Types.Length;
        var budget = (int)Math.Floor(Share * TokensOf(origin, sides));
        if (budget < 1)
        {
            refusal = Estimate.Without(MeasureStatus.NoData, $"Generation {origin.Node.Generation} has no words here.", prompts);
            return null;
        }

        foreach (var (table, types) in sides)
        {
            var words = types.Sum(prompt => (long)prompt.Length);
            if (words < budget)
            {
                refusal = Estimate.Without(
                    MeasureStatus.TooFew,
                    $"Generation {table.Node.Generation} has {words} words here, fewer than the {budget} (80 % of generation {origin.Node.Generation}'s) that diversity is compared at.",
                    prompts);
                return null;
            }
        }

        return budget;
    }

    private static long TokensOf(EvaluationTable origin, ReadOnlySpan<(EvaluationTable Table, int[][] Types)> sides)
    {
        foreach (var (table, types) in sides)
        {
            if (ReferenceEquals(table, origin) && types.Length == origin.Prompts.Count)
            {
                return types.Sum(prompt => (long)prompt.Length);
            }
        }

        return origin.Outputs().Sum(output => output is null ? 0L : Tokens.Count(output));
    }
}
