using Driftline.Storage.Columns;
using Driftline.Storage.Queries;

namespace Driftline.Storage.Samples;

/// <summary>The metadata of single samples of an evaluation by key: each different text is read once, however many rows share it.</summary>
internal sealed class SampleMetadata
{
    private const int TextsPerReport = 20_000;

    private readonly int[][] _places;
    private readonly MetadataColumns _columns;

    private SampleMetadata(int[][] places, MetadataColumns columns)
    {
        _places = places;
        _columns = columns;
    }

    /// <summary>Different texts.</summary>
    public int Texts => _columns.Count;

    /// <summary>For each part and row, the place of its text among the different ones; −1 for none.</summary>
    public IReadOnlyList<int[]> Places => _places;

    /// <summary>Reads what rows have.</summary>
    /// <param name="reader">Reads the columns.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="wanted">Keys that are asked for: they are read with the others, even where nearly every sample has another value of them.</param>
    /// <param name="readTexts">Reads texts by their numbers; called again when a key is asked for that nearly every sample has another value of.</param>
    /// <param name="progress">Hears the share that is read, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<SampleMetadata> ReadAsync(
        PartReader reader,
        IReadOnlyList<(long Id, int Rows)> parts,
        IReadOnlySet<string> wanted,
        Func<IReadOnlyList<int>, IEnumerable<(int Text, byte[] Json)>> readTexts,
        IProgress<SearchStep>? progress,
        CancellationToken cancellationToken)
    {
        var ids = new int[parts.Count][];
        for (var p = 0; p < ids.Length; p++)
        {
            ids[p] = (await reader.ReadAsync(parts[p].Id, parts[p].Rows, cancellationToken, ColumnKind.Metadata)).Metadata;
        }

        var texts = Different(ids);
        var places = Array.ConvertAll(ids, part => Array.ConvertAll(part, id => id == 0 ? -1 : Array.BinarySearch(texts, id)));
        var first = true;
        return new SampleMetadata(places, new MetadataColumns(texts, Read, wanted));

        IEnumerable<(int Text, byte[] Json)> Read(IReadOnlyList<int> numbers)
        {
            var read = 0;
            foreach (var text in readTexts(numbers))
            {
                if (first && read++ % TextsPerReport == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(new SearchStep((double)read / numbers.Count));
                }

                yield return text;
            }

            first = false;
        }
    }

    /// <summary>For each of the different texts whether its value of a key meets something.</summary>
    public bool[] Matching(string key, Func<string, bool> holds) => _columns.Find(key)?.Matching(holds) ?? new bool[Texts];

    private static int[] Different(int[][] ids)
    {
        // Numbers of texts are dense, so that a mark for each is smaller than a set of them.
        var most = ids.Length == 0 ? 0 : ids.Max(part => part.Length == 0 ? 0 : part.Max());
        var seen = new bool[most + 1];
        foreach (var id in ids.SelectMany(part => part))
        {
            seen[id] = true;
        }

        seen[0] = false;
        var texts = new int[seen.Count(mark => mark)];
        for (int id = 1, at = 0; id < seen.Length; id++)
        {
            if (seen[id])
            {
                texts[at++] = id;
            }
        }

        return texts;
    }
}
