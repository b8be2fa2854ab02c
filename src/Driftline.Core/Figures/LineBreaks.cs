namespace Driftline.Core.Figures;

/// <summary>Why two neighbouring points of a line must not be joined.</summary>
public static class LineBreaks
{
    /// <summary>The reason, or null when they may be joined.</summary>
    /// <param name="previousGeneration">The last generation with a value.</param>
    /// <param name="generation">This generation.</param>
    /// <param name="previousKeys">Comparability keys there ("key=value; key=value"), null when unknown.</param>
    /// <param name="keys">Comparability keys here.</param>
    /// <param name="skippedReason">Why a measured generation between them has no value, if there is one.</param>
    public static string? Between(int previousGeneration, int generation, string? previousKeys, string? keys, string? skippedReason)
    {
        if (Differences(previousKeys, keys) is { Count: > 0 } differences)
        {
            return $"Not measured alike: {string.Join("; ", differences)}.";
        }

        if (skippedReason is not null)
        {
            return skippedReason;
        }

        return (generation - previousGeneration) switch
        {
            <= 1 => null,
            2 => $"Generation {previousGeneration + 1} is missing.",
            _ => $"Generations {previousGeneration + 1}–{generation - 1} are missing.",
        };
    }

    /// <summary>Keys that both sides state with different values, as "judge a → b". What only one side states is unknown, not different.</summary>
    public static IReadOnlyList<string> Differences(string? before, string? after)
    {
        if (before is null || after is null || before == after)
        {
            return [];
        }

        var then = Parse(before);
        return
        [
            .. Parse(after)
                .Where(key => then.TryGetValue(key.Key, out var value) && value != key.Value)
                .Select(key => $"{key.Key} {then[key.Key]} → {key.Value}"),
        ];
    }

    private static Dictionary<string, string> Parse(string keys)
    {
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in keys.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parsed[part[..equals]] = part[(equals + 1)..];
            }
        }

        return parsed;
    }
}
