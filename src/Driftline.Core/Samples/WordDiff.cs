namespace Driftline.Core.Samples;

/// <summary>What became of a piece of text.</summary>
public enum DiffKind
{
    /// <summary>It stands in both texts.</summary>
    Same,

    /// <summary>It stands in the first text only.</summary>
    Removed,

    /// <summary>It stands in the second text only.</summary>
    Added,
}

/// <summary>A piece of two compared texts.</summary>
/// <param name="Kind">Where it stands.</param>
/// <param name="Text">The words with the white space after them.</param>
public readonly record struct DiffPiece(DiffKind Kind, string Text);

/// <summary>
/// The difference of two texts in words, as short as possible. Source of the algorithm: E. W. Myers, An O(ND) difference algorithm
/// and its variations, Algorithmica 1 (1986).
/// </summary>
public static class WordDiff
{
    /// <summary>Texts that differ in more words than this are shown as one replaced by the other between what they have in common at their ends.</summary>
    public const int MostDifferences = 2000;

    /// <summary>
    /// Compares two texts. The pieces that are not <see cref="DiffKind.Added"/> make up the first text, those that are not
    /// <see cref="DiffKind.Removed"/> the second; of two differences in a row the removed one comes first.
    /// </summary>
    public static IReadOnlyList<DiffPiece> Of(string first, string second)
    {
        var (a, b) = (Words(first), Words(second));
        var start = 0;
        while (start < a.Count && start < b.Count && a[start] == b[start])
        {
            start++;
        }

        var end = 0;
        while (end < a.Count - start && end < b.Count - start && a[^(end + 1)] == b[^(end + 1)])
        {
            end++;
        }

        var middle = Shortest(a[start..^end], b[start..^end]);
        return Joined(
        [
            .. a.Take(start).Select(word => new DiffPiece(DiffKind.Same, word)),
            .. middle,
            .. a.TakeLast(end).Select(word => new DiffPiece(DiffKind.Same, word)),
        ]);
    }

    /// <summary>Words with the white space after them; white space at the beginning is a word of its own.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || (char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i])))
            {
                words.Add(text[start..i]);
                start = i;
            }
        }

        return words;
    }

    private static IEnumerable<DiffPiece> Shortest(List<string> a, List<string> b)
    {
        var trace = new List<int[]>();
        var most = Math.Min(a.Count + b.Count, MostDifferences);
        // reach[k + most + 1]: how far into a the furthest path on diagonal k has come
        var reach = new int[(2 * most) + 3];
        for (var d = 0; d <= most; d++)
        {
            for (var k = -d; k <= d; k += 2)
            {
                var x = Down(reach, k, d, most) ? reach[k + most + 2] : reach[k + most] + 1;
                while (x < a.Count && x - k < b.Count && a[x] == b[x - k])
                {
                    x++;
                }

                reach[k + most + 1] = x;
                if (x >= a.Count && x - k >= b.Count)
                {
                    trace.Add(reach[(most + 1 - d)..(most + 2 + d)]);
                    return Path(a, b, trace);
                }
            }

            trace.Add(reach[(most + 1 - d)..(most + 2 + d)]);
        }

        return [.. a.Select(word => new DiffPiece(DiffKind.Removed, word)), .. b.Select(word => new DiffPiece(DiffKind.Added, word))];
    }

    /// <summary>Whether the step to diagonal k adds a word of the second text; else it removes one of the first.</summary>
    private static bool Down(int[] reach, int k, int d, int most) => k == -d || (k != d && reach[k + most] < reach[k + most + 2]);

    /// <summary>Goes back from the end of both texts. <paramref name="trace"/>[d] holds the diagonals −d to d after d differences.</summary>
    private static List<DiffPiece> Path(List<string> a, List<string> b, List<int[]> trace)
    {
        var pieces = new List<DiffPiece>();
        var (x, y) = (a.Count, b.Count);
        for (var d = trace.Count - 1; d > 0; d--)
        {
            var k = x - y;
            var before = trace[d - 1];
            int Reached(int diagonal) => Math.Abs(diagonal) > d - 1 ? -1 : before[diagonal + d - 1];
            var down = k == -d || (k != d && Reached(k - 1) < Reached(k + 1));
            var from = down ? k + 1 : k - 1;
            var fromX = Reached(from);
            while (x > (down ? fromX : fromX + 1))
            {
                pieces.Add(new DiffPiece(DiffKind.Same, a[--x]));
                y--;
            }

            pieces.Add(down ? new DiffPiece(DiffKind.Added, b[--y]) : new DiffPiece(DiffKind.Removed, a[--x]));
        }

        while (x > 0)
        {
            pieces.Add(new DiffPiece(DiffKind.Same, a[--x]));
        }

        pieces.Reverse();
        return pieces;
    }

    /// <summary>Neighbours of one kind as one piece; within a run of differences what was removed comes first.</summary>
    private static List<DiffPiece> Joined(IReadOnlyList<DiffPiece> words)
    {
        var joined = new List<DiffPiece>();
        for (var i = 0; i < words.Count;)
        {
            var run = words.Skip(i).TakeWhile(word => word.Kind == DiffKind.Same == (words[i].Kind == DiffKind.Same)).ToList();
            foreach (var kind in run[0].Kind == DiffKind.Same ? [DiffKind.Same] : new[] { DiffKind.Removed, DiffKind.Added })
            {
                var text = string.Concat(run.Where(word => word.Kind == kind).Select(word => word.Text));
                if (text.Length > 0)
                {
                    joined.Add(new DiffPiece(kind, text));
                }
            }

            i += run.Count;
        }

        return joined;
    }
}
