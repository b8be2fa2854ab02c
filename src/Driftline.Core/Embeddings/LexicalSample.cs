namespace Driftline.Core.Embeddings;

/// <summary>The features of a text as two short arrays: a dictionary takes several times as much.</summary>
/// <param name="Buckets">The features' buckets, ascending.</param>
/// <param name="Counts">How often each occurs; as floats, so that weights can take their place.</param>
internal readonly record struct SparseCounts(int[] Buckets, float[] Counts)
{
    public static SparseCounts Of(Dictionary<int, int> counts)
    {
        int[] buckets = [.. counts.Keys.Order()];
        return new SparseCounts(buckets, Array.ConvertAll(buckets, bucket => (float)counts[bucket]));
    }
}

/// <summary>
/// The texts that a space is fitted on: all of them as far as their features fit in memory, else every second one, every fourth, and so
/// on, evenly over all texts in their order.
/// </summary>
internal static class LexicalSample
{
    /// <summary>Features of all texts together: about 3,000 texts of 100 words.</summary>
    public const int MaxFeatures = 4_000_000;

    private const int FewestTexts = 256;

    /// <summary>Counts the features of texts; those without any are left out.</summary>
    public static List<SparseCounts> Of(IEnumerable<string> texts, int maxFeatures = MaxFeatures)
    {
        var sample = new List<SparseCounts>();
        long features = 0;
        long place = 0;
        var stride = 1;
        foreach (var text in texts)
        {
            if (place++ % stride != 0)
            {
                continue;
            }

            // A text without words keeps its place until the end, so that places stay even.
            var counts = SparseCounts.Of(LexicalFeatures.Count(text));
            sample.Add(counts);
            features += counts.Buckets.Length;
            while (features > maxFeatures && sample.Count >= 2 * FewestTexts)
            {
                sample = [.. sample.Where((_, index) => index % 2 == 0)];
                features = sample.Sum(kept => (long)kept.Buckets.Length);
                stride *= 2;
            }
        }

        sample.RemoveAll(counts => counts.Buckets.Length == 0);
        return sample;
    }
}
