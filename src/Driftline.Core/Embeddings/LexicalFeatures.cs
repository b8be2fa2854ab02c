using Driftline.Core.Measures.Semantics;

namespace Driftline.Core.Embeddings;

/// <summary>
/// Texts as sparse counts of hashed features: single words, pairs of neighbouring words, and runs of 3 to 5 characters inside words
/// (with their ends marked). The hash is FNV-1a, written here so that it never changes.
/// </summary>
internal static class LexicalFeatures
{
    /// <summary>Number of hash buckets.</summary>
    public const int Buckets = 1 << 14;

    private const int ShortestRun = 3;
    private const int LongestRun = 5;
    private const ulong Offset = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    /// <summary>Counts the features of a text, by bucket.</summary>
    public static Dictionary<int, int> Count(string text)
    {
        var counts = new Dictionary<int, int>();
        ulong before = 0;
        Tokens.Visit(text, token =>
        {
            var word = Hash(token, 'w');
            Add(counts, word);
            if (before != 0)
            {
                Add(counts, Mix(before, word));
            }

            before = word;
            AddRuns(counts, token);
        });
        return counts;
    }

    private static void AddRuns(Dictionary<int, int> counts, ReadOnlySpan<char> token)
    {
        // "<word>": the marks tell a beginning and an end from the middle.
        var marked = token.Length + 2;
        for (var length = ShortestRun; length <= LongestRun; length++)
        {
            for (var start = 0; start + length <= marked; start++)
            {
                var hash = Step(Offset, 'c');
                for (var i = start; i < start + length; i++)
                {
                    hash = Step(hash, i == 0 ? '<' : i == marked - 1 ? '>' : token[i - 1]);
                }

                Add(counts, hash);
            }
        }
    }

    private static void Add(Dictionary<int, int> counts, ulong hash)
    {
        // The low bits of FNV-1a mix poorly; fold the high ones in.
        var bucket = (int)((hash ^ (hash >> 32) ^ (hash >> 47)) & (Buckets - 1));
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, bucket, out _)++;
    }

    private static ulong Hash(ReadOnlySpan<char> text, char kind)
    {
        var hash = Step(Offset, kind);
        foreach (var c in text)
        {
            hash = Step(hash, c);
        }

        return hash;
    }

    private static ulong Mix(ulong first, ulong second)
    {
        var hash = Step(Offset, 'p');
        for (var shift = 0; shift < 64; shift += 16)
        {
            hash = Step(hash, (char)(first >> shift));
        }

        for (var shift = 0; shift < 64; shift += 16)
        {
            hash = Step(hash, (char)(second >> shift));
        }

        return hash;
    }

    private static ulong Step(ulong hash, char c)
    {
        hash = (hash ^ (byte)c) * Prime;
        return (hash ^ (byte)(c >> 8)) * Prime;
    }
}
