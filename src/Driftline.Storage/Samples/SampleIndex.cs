using Driftline.Storage.Columns;

namespace Driftline.Storage.Samples;

/// <summary>
/// Where the rows of an evaluation lie, in the order of prompt and repeat; 20 bytes a row. Rows of one prompt and repeat stand from
/// the oldest to the newest, which takes the place of those before it column by column.
/// </summary>
internal sealed class SampleIndex
{
    private readonly long[] _keys;
    private readonly long[] _places;
    private int[]? _prompts;

    private SampleIndex(IReadOnlyList<(long Id, int Rows)> parts, int[][] prompts, long[] keys, long[] places)
    {
        Parts = parts;
        PromptsOfPart = prompts;
        _keys = keys;
        _places = places;
    }

    /// <summary>The evaluation's parts, oldest first.</summary>
    public IReadOnlyList<(long Id, int Rows)> Parts { get; }

    /// <summary>For each part, the prompt of each of its rows.</summary>
    public int[][] PromptsOfPart { get; }

    /// <summary>Stored rows, those that were replaced included.</summary>
    public int Count => _keys.Length;

    /// <summary>Reads where the rows of an evaluation lie.</summary>
    public static async Task<SampleIndex> ReadAsync(PartReader reader, IReadOnlyList<(long Id, int Rows)> parts, CancellationToken cancellationToken)
    {
        var count = parts.Sum(part => part.Rows);
        var keys = new long[count];
        var places = new long[count];
        var prompts = new int[parts.Count][];
        var at = 0;
        for (var p = 0; p < parts.Count; p++)
        {
            var part = await reader.ReadAsync(parts[p].Id, parts[p].Rows, cancellationToken, ColumnKind.Prompt, ColumnKind.Repeat);
            prompts[p] = part.Prompts;
            for (var row = 0; row < part.Rows; row++, at++)
            {
                keys[at] = ((long)part.Prompts[row] << 32) | (uint)part.Repeats[row];
                places[at] = ((long)p << 32) | (uint)row;
            }
        }

        // Equal keys must stay in the order of their places, which a sort by key alone does not promise.
        if (!IsSorted(keys))
        {
            var order = new (long Key, long Place)[count];
            for (var i = 0; i < count; i++)
            {
                order[i] = (keys[i], places[i]);
            }

            Array.Sort(order);
            for (var i = 0; i < count; i++)
            {
                (keys[i], places[i]) = order[i];
            }
        }

        return new SampleIndex(parts, prompts, keys, places);
    }

    /// <summary>The prompt of a row.</summary>
    public int Prompt(int row) => (int)(_keys[row] >> 32);

    /// <summary>The repeat of a row.</summary>
    public int Repeat(int row) => (int)_keys[row];

    /// <summary>Which part a row lies in, and where there.</summary>
    public (int Part, int Ordinal) Place(int row) => ((int)(_places[row] >> 32), (int)_places[row]);

    /// <summary>Whether a row is of the same prompt and repeat as the one before it.</summary>
    public bool Continues(int row) => row > 0 && _keys[row] == _keys[row - 1];

    /// <summary>The first row of a prompt, or of the next one that is there.</summary>
    public int First(int prompt) => FirstAt((long)prompt << 32);

    /// <summary>The first row after a prompt and repeat.</summary>
    public int After(int prompt, int repeat) => FirstAt((((long)prompt << 32) | (uint)repeat) + 1);

    /// <summary>Whether all rows of a prompt lie in one part.</summary>
    public bool IsWhollyIn(int prompt, int part)
    {
        for (var row = First(prompt); row < Count && Prompt(row) == prompt; row++)
        {
            if (Place(row).Part != part)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The prompts, ascending, each once.</summary>
    public int[] Prompts() => _prompts ??= [.. Distinct()];

    /// <summary>The prompts of those rows that are marked, ascending, each once.</summary>
    public int[] Prompts(bool[] marked)
    {
        var prompts = new List<int>();
        for (var row = 0; row < Count; row++)
        {
            if (marked[row] && (prompts.Count == 0 || prompts[^1] != Prompt(row)))
            {
                prompts.Add(Prompt(row));
            }
        }

        return [.. prompts];
    }

    private List<int> Distinct()
    {
        var prompts = new List<int>();
        for (var row = 0; row < Count; row++)
        {
            if (row == 0 || Prompt(row) != Prompt(row - 1))
            {
                prompts.Add(Prompt(row));
            }
        }

        return prompts;
    }

    private int FirstAt(long key)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static bool IsSorted(long[] keys)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] < keys[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
