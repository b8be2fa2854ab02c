using System.Text.Json;

namespace Driftline.Core.Measures.Bias;

/// <summary>How often each group got each answer in the data that a generation was trained on.</summary>
/// <param name="Groups">Group → answer → count.</param>
public sealed record TrainingCounts(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Groups)
{
    /// <summary>Reads the counts of one suite.</summary>
    /// <param name="trainingData">A node's training data as logged: <c>{"group_counts": {suite: {group: {answer: count}}}}</c>; null for none.</param>
    /// <param name="suite">The suite.</param>
    /// <returns>Null when the log states none. What is no count (text, below 0, not finite) is left out.</returns>
    public static TrainingCounts? Read(string? trainingData, string suite)
    {
        if (string.IsNullOrEmpty(trainingData))
        {
            return null;
        }

        using var document = JsonDocument.Parse(trainingData, new JsonDocumentOptions { MaxDepth = 1000 });
        if (Property(document.RootElement, "group_counts") is not { } tasks || Property(tasks, suite) is not { ValueKind: JsonValueKind.Object } groups)
        {
            return null;
        }

        var read = new SortedDictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (var group in groups.EnumerateObject().Where(group => group.Value.ValueKind == JsonValueKind.Object))
        {
            var counts = new SortedDictionary<string, double>(StringComparer.Ordinal);
            foreach (var answer in group.Value.EnumerateObject())
            {
                if (answer.Value.ValueKind == JsonValueKind.Number && answer.Value.TryGetDouble(out var count) && count >= 0 && double.IsFinite(count))
                {
                    counts[answer.Name] = count;
                }
            }

            if (counts.Values.Sum() > 0)
            {
                read[group.Name] = counts;
            }
        }

        return read.Count == 0 ? null : new TrainingCounts(read);
    }

    /// <summary>All that is in it, in a fixed order: equal texts mean equal counts.</summary>
    public string Canonical() => JsonSerializer.Serialize(Groups);

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
