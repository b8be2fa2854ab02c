namespace Driftline.Core.Measures;

/// <summary>
/// A measure whose value is a mean over prompts (or a ratio that is linear in them to first order): it can say what each prompt adds,
/// so that two models that answered the same prompts can be compared prompt by prompt.
/// </summary>
public interface IPromptMean : IMeasure
{
    /// <summary>What the mean is made of, for each slice that the measure itself makes; slices without any value are left out.</summary>
    IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input);
}

/// <summary>One value a prompt.</summary>
/// <param name="Slice">The slice as written; null is the whole suite.</param>
/// <param name="Values">Index of the prompt in the current evaluation → its value; their mean is the measure's value.</param>
public sealed record PromptValues(string? Slice, IReadOnlyList<KeyValuePair<int, double>> Values)
{
    /// <summary>The prompts that have a value.</summary>
    internal static PromptValues Of(string? slice, double[] values) => new(
        slice, [.. values.Index().Where(prompt => !double.IsNaN(prompt.Item)).Select(prompt => KeyValuePair.Create(prompt.Index, prompt.Item))]);
}
