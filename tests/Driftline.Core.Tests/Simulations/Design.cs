using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Simulations;

/// <summary>How a simulated suite is asked.</summary>
/// <param name="Prompts">Number of prompts.</param>
/// <param name="Now">Answers to each prompt in the current generation.</param>
/// <param name="Then">Answers to each prompt at the baseline.</param>
/// <param name="Sizes">Sizes of clusters, taken in turn ("4", "1,2,3"); empty without clusters.</param>
internal sealed record Design(int Prompts, int Now, int Then, string Sizes = "")
{
    private const int Groups = 2;

    /// <summary>The cluster of each prompt; without clusters its own.</summary>
    public int[] Clusters { get; } = Deal(Prompts, Sizes);

    /// <summary>The same in both generations.</summary>
    public PromptKey[] Keys { get; } = [.. Enumerable.Range(0, Prompts).Select(i => new PromptKey($"p{i:0000}", (UInt128)i))];

    /// <summary>The cluster of each prompt, and its group: every other prompt is about the other group.</summary>
    public Dictionary<string, string>[] Metadata { get; } = [.. Deal(Prompts, Sizes).Select((cluster, i) => new Dictionary<string, string>
    {
        ["cluster"] = $"c{cluster}",
        ["group"] = $"g{i % Groups}",
    })];

    /// <summary>Where the suite finds clusters; null without.</summary>
    public string? ClusterKey => Sizes.Length == 0 ? null : "cluster";

    private static int[] Deal(int prompts, string sizes)
    {
        if (sizes.Length == 0)
        {
            return [.. Enumerable.Range(0, prompts)];
        }

        int[] cycle = [.. sizes.Split(',').Select(int.Parse)];
        return [.. Enumerable.Range(0, prompts).SelectMany(cluster => Enumerable.Repeat(cluster, cycle[cluster % cycle.Length])).Take(prompts)];
    }
}
