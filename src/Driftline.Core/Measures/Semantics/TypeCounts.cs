namespace Driftline.Core.Measures.Semantics;

/// <summary>How often each type occurs in the outputs of an evaluation.</summary>
internal sealed class TypeCounts
{
    private readonly int[][] _prompts;

    /// <summary>Counts the types.</summary>
    /// <param name="prompts">The types of each prompt's outputs (see <see cref="Vocabulary.Read"/>).</param>
    /// <param name="types">Number of types.</param>
    public TypeCounts(int[][] prompts, int types)
    {
        _prompts = prompts;
        All = new int[types];
        foreach (var prompt in prompts)
        {
            foreach (var type in prompt)
            {
                All[type]++;
            }
        }
    }

    /// <summary>Occurrences of each type.</summary>
    public int[] All { get; }

    /// <summary>Occurrences without some prompts.</summary>
    public int[] Without(IEnumerable<int> prompts)
    {
        var counts = (int[])All.Clone();
        foreach (var prompt in prompts)
        {
            foreach (var type in _prompts[prompt])
            {
                counts[type]--;
            }
        }

        return counts;
    }
}
