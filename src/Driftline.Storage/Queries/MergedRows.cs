using System.Text;
using System.Text.Json;
using Driftline.Core.Measures;
using Driftline.Core.Records;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Queries;

/// <summary>The rows of an evaluation's parts in the order of an <see cref="EvaluationTable"/>, later ones over earlier ones.</summary>
internal sealed class MergedRows
{
    private readonly IReadOnlyList<PartColumns> _parts;

    /// <summary>For each part, the row of the table that each of its rows belongs to.</summary>
    private readonly int[][] _targets;

    private MergedRows(IReadOnlyList<PartColumns> parts, int[][] targets, IReadOnlyList<PromptKey> prompts, int[] rowStart)
    {
        _parts = parts;
        _targets = targets;
        Prompts = prompts;
        RowStart = rowStart;
    }

    public IReadOnlyList<PromptKey> Prompts { get; }

    public int[] RowStart { get; }

    private int Rows => RowStart[^1];

    /// <summary>Orders and merges.</summary>
    /// <param name="parts">The parts, oldest first.</param>
    /// <param name="prompts">All their prompts.</param>
    public static MergedRows Merge(IReadOnlyList<PartColumns> parts, PromptOrder prompts)
    {
        // prompt in the upper half, repeat in the lower one: sorting these sorts the rows
        var keys = parts.Select(part =>
        {
            var own = new long[part.Rows];
            for (var row = 0; row < own.Length; row++)
            {
                own[row] = ((long)prompts.RankOf(part.Prompts[row]) << 32) | (uint)part.Repeats[row];
            }

            return own;
        }).ToArray();
        var all = keys is [var only] ? (long[])only.Clone() : [.. keys.SelectMany(k => k)];
        Array.Sort(all);
        var count = 0;
        var rowStart = new int[prompts.Ids.Length + 1];
        for (var i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1])
            {
                all[count++] = all[i];
                rowStart[(int)(all[i] >> 32) + 1] = count;
            }
        }

        var targets = Array.ConvertAll(keys, own => Array.ConvertAll(own, key => Array.BinarySearch(all, 0, count, key)));
        return new MergedRows(parts, targets, prompts.Prompts, rowStart);
    }

    /// <summary>Scores or probabilities of options, by name.</summary>
    public Dictionary<string, ScoreColumn> Numbers(ColumnKind kind)
    {
        var columns = new SortedDictionary<string, ScoreColumn>(StringComparer.Ordinal);
        for (var p = 0; p < _parts.Count; p++)
        {
            foreach (var source in _parts[p].Numbers.Where(n => n.Kind == kind))
            {
                if (!columns.TryGetValue(source.Name, out var column))
                {
                    var values = new double[Rows];
                    Array.Fill(values, ScoreColumn.Absent);
                    column = new ScoreColumn { Name = source.Name, Kind = ScoreKind.Boolean, Values = values };
                    columns.Add(source.Name, column);
                }

                if (source.WrittenAs == ScoreKind.Number)
                {
                    column.Kind = ScoreKind.Number;
                }

                for (var row = 0; row < source.Values.Length; row++)
                {
                    if (!ScoreColumn.IsAbsent(source.Values[row]))
                    {
                        column.Values[_targets[p][row]] = source.Values[row];
                    }
                }
            }
        }

        return new Dictionary<string, ScoreColumn>(columns);
    }

    /// <summary>Answers as codes, and the labels: options in logged order, then others in ordinal order.</summary>
    public (int[] Codes, IReadOnlyList<string> Labels) Answers(Dictionary<int, string> texts)
    {
        var said = new SortedSet<string>(StringComparer.Ordinal);
        var labelsOf = _parts.Select(part => Array.ConvertAll(part.AnswerLabels, Encoding.UTF8.GetString)).ToArray();
        foreach (var labels in labelsOf)
        {
            said.UnionWith(labels);
        }

        if (said.Count == 0)
        {
            return ([], []);
        }

        var order = LabelOrder(_parts.SelectMany(part => part.Options).Distinct().Where(id => id != 0).Select(id => texts[id]), said);
        var codeOf = order.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        var codes = new int[Rows];
        Array.Fill(codes, -1);
        for (var p = 0; p < _parts.Count; p++)
        {
            var map = Array.ConvertAll(labelsOf[p], label => codeOf[label]);
            for (var row = 0; row < _parts[p].Rows; row++)
            {
                if (_parts[p].Answers[row] >= 0)
                {
                    codes[_targets[p][row]] = map[_parts[p].Answers[row]];
                }
            }
        }

        return (codes, order);
    }

    /// <summary>The labels of answers in order: options as logged, then others in ordinal order.</summary>
    /// <param name="options">The lists of options that occur, as JSON.</param>
    /// <param name="said">The answers that occur.</param>
    public static List<string> LabelOrder(IEnumerable<string> options, SortedSet<string> said)
    {
        // the longest list of options is the one that the others leave something out of
        var listed = options
            .OrderByDescending(json => json.Length)
            .ThenBy(json => json, StringComparer.Ordinal)
            .SelectMany(json => JsonSerializer.Deserialize<string[]>(json) ?? []);
        return listed.Concat(said).Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Names under which logs embed a prompt beside its output.</summary>
    private static readonly string[] OfPrompts = ["prompt", "image", "input"];

    /// <summary>Embeddings of the prompts themselves, one a prompt, as long as those of the outputs; empty where there are none.</summary>
    public float[] PromptEmbeddings(int dimension)
    {
        float[] values = [];
        for (var p = 0; p < _parts.Count; p++)
        {
            foreach (var source in _parts[p].Embeddings.Where(e => OfPrompts.Contains(e.Embedder) && e.Dimension == dimension))
            {
                if (values.Length == 0)
                {
                    values = new float[(long)Prompts.Count * dimension];
                    Array.Fill(values, float.NaN);
                }

                for (var row = 0; row < _parts[p].Rows; row++)
                {
                    var vector = source.Find(row);
                    if (!vector.IsEmpty)
                    {
                        var place = Array.BinarySearch(RowStart, _targets[p][row]);
                        vector.CopyTo(values.AsSpan((place >= 0 ? place : ~place - 1) * dimension));
                    }
                }
            }
        }

        return values;
    }

    /// <summary>Embeddings of the embedder that has most rows; those of prompts are none of outputs.</summary>
    public (string? Embedder, int Dimension, float[] Values) Embeddings()
    {
        var chosen = _parts
            .SelectMany(part => part.Embeddings)
            .Where(e => !OfPrompts.Contains(e.Embedder))
            .GroupBy(e => (e.Embedder, e.Dimension), e => e.Count)
            .OrderByDescending(g => g.Sum())
            .ThenBy(g => g.Key.Embedder, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Dimension)
            .FirstOrDefault();
        if (chosen is null)
        {
            return (null, 0, []);
        }

        var (embedder, dimension) = chosen.Key;
        var values = new float[(long)Rows * dimension];
        Array.Fill(values, float.NaN);
        for (var p = 0; p < _parts.Count; p++)
        {
            foreach (var source in _parts[p].Embeddings.Where(e => e.Embedder == embedder && e.Dimension == dimension))
            {
                for (var row = 0; row < _parts[p].Rows; row++)
                {
                    var vector = source.Find(row);
                    if (!vector.IsEmpty)
                    {
                        vector.CopyTo(values.AsSpan(_targets[p][row] * dimension));
                    }
                }
            }
        }

        return (embedder, dimension, values);
    }

    /// <summary>The text of each prompt's metadata: of its first row that has some; 0 is none.</summary>
    public int[] MetadataTexts()
    {
        var ofRow = new int[Rows];
        for (var p = 0; p < _parts.Count; p++)
        {
            for (var row = 0; row < _parts[p].Rows; row++)
            {
                if (_parts[p].Metadata[row] != 0)
                {
                    ofRow[_targets[p][row]] = _parts[p].Metadata[row];
                }
            }
        }

        var ofPrompt = new int[Prompts.Count];
        for (var prompt = 0; prompt < ofPrompt.Length; prompt++)
        {
            var rows = ofRow.AsSpan(RowStart[prompt]..RowStart[prompt + 1]);
            var first = rows.IndexOfAnyExcept(0);
            ofPrompt[prompt] = first < 0 ? 0 : rows[first];
        }

        return ofPrompt;
    }

    /// <summary>Reads something of every row once, when it is asked for.</summary>
    /// <param name="read">Reads it for a part by ordinal; rows without it may be left out.</param>
    /// <returns>One a row, or nothing at all where no row has it.</returns>
    public Func<IReadOnlyList<T?>> RowLoader<T>(Func<long, IEnumerable<(int Ordinal, T? Value)>> read)
        where T : class
    {
        // only what is needed later, so that a table does not keep the parts alive
        var (rows, targets, ids) = (Rows, _targets, _parts.Select(p => p.Id).ToArray());
        var loaded = new Lazy<IReadOnlyList<T?>>(() =>
        {
            T?[]? values = null;
            for (var p = 0; p < ids.Length; p++)
            {
                foreach (var (ordinal, value) in read(ids[p]))
                {
                    if (value is not null)
                    {
                        values ??= new T?[rows];
                        values[targets[p][ordinal]] = value;
                    }
                }
            }

            return values ?? [];
        });
        return () => loaded.Value;
    }

    /// <summary>Reads the outputs once, when they are asked for.</summary>
    /// <param name="read">Reads the outputs of a part by ordinal; rows without one may be left out.</param>
    /// <param name="folder">Where what is too much for memory is kept.</param>
    public Func<IReadOnlyList<string?>> OutputLoader(Func<long, IEnumerable<(int Ordinal, string? Output)>> read, string folder)
    {
        // only what is needed later, so that a table does not keep the parts alive
        var (rows, targets, ids) = (Rows, _targets, _parts.Select(p => p.Id).ToArray());
        var loaded = new Lazy<IReadOnlyList<string?>>(() =>
        {
            var texts = new OutputTexts(rows, () => new ScratchFile(folder));
            for (var p = 0; p < ids.Length; p++)
            {
                foreach (var (ordinal, output) in read(ids[p]))
                {
                    if (output is not null)
                    {
                        texts.Set(targets[p][ordinal], output);
                    }
                }
            }

            return texts;
        });
        return () => loaded.Value;
    }
}
