using System.Text;
using Driftline.Core.Records;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Samples;

/// <summary>
/// Reads rows of evaluations of one lineage as they are shown. Keeps the parts that it decoded last, since neighbouring prompts
/// mostly lie in one part. For one caller at a time.
/// </summary>
internal sealed class SampleRows(PartReader reader)
{
    // 65,536 rows with three scores take 4 MB.
    private const int MaxCachedRows = 400_000;

    private const int MaxCachedTexts = 20_000;

    private static readonly ColumnKind[] Shown = [ColumnKind.Metadata, ColumnKind.Options, ColumnKind.Answer, ColumnKind.Score, ColumnKind.OptionProbability];

    private readonly LinkedList<PartColumns> _parts = [];
    private readonly WordFinder _words = new(reader);
    private readonly Dictionary<int, (string Json, IReadOnlyDictionary<string, string> Values)> _texts = [];

    /// <summary>Reads the rows [from, to) of an evaluation; both must be where a prompt's repeat begins.</summary>
    public async Task<IReadOnlyList<SampleAnswer>> ReadAsync(long evaluationId, SampleIndex index, int from, int to, CancellationToken cancellationToken)
    {
        var rows = new List<Merged>();
        var words = new Dictionary<(int Part, int Ordinal), (string? Output, string? Extra)>();
        for (var row = from; row < to; row++)
        {
            var (place, ordinal) = index.Place(row);
            var part = await PartAsync(index.Parts[place], cancellationToken);
            if (rows.Count == 0 || !index.Continues(row))
            {
                rows.Add(new Merged(index.Prompt(row), index.Repeat(row)));
            }

            rows[^1].Add(part, ordinal);
            rows[^1].Places.Add((place, ordinal));
            words[(place, ordinal)] = default;
        }

        foreach (var part in words.Keys.GroupBy(place => place.Part, place => place.Ordinal).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var found in _words.Find(index.Parts[part.Key].Id, [.. part.Order()]).Where(found => words.ContainsKey((part.Key, found.Row))))
            {
                words[(part.Key, found.Row)] = (found.Output, found.Extra);
            }
        }

        await ReadTextsAsync(rows, cancellationToken);
        return rows.ConvertAll(row => row.Finish(evaluationId, words, _texts));
    }

    private async Task<PartColumns> PartAsync((long Id, int Rows) wanted, CancellationToken cancellationToken)
    {
        for (var node = _parts.First; node is not null; node = node.Next)
        {
            if (node.Value.Id == wanted.Id)
            {
                if (node != _parts.First)
                {
                    _parts.Remove(node);
                    _parts.AddFirst(node);
                }

                return node.Value;
            }
        }

        var part = await reader.ReadAsync(wanted.Id, wanted.Rows, cancellationToken, Shown);
        _parts.AddFirst(part);
        while (_parts.Count > 1 && _parts.Sum(known => known.Rows) > MaxCachedRows)
        {
            _parts.RemoveLast();
        }

        return part;
    }

    private async Task ReadTextsAsync(List<Merged> rows, CancellationToken cancellationToken)
    {
        var unknown = new SortedSet<int>(rows.SelectMany(row => new[] { row.Metadata, row.Options }).Where(id => id != 0 && !_texts.ContainsKey(id)));
        if (_texts.Count + unknown.Count > MaxCachedTexts)
        {
            _texts.Clear();
            unknown = [.. rows.SelectMany(row => new[] { row.Metadata, row.Options }).Where(id => id != 0)];
        }

        await reader.LookUpAsync(
            "SELECT text FROM texts WHERE lineage_id = @lineage AND id = @id",
            unknown,
            (id, row) =>
            {
                var json = row.GetString(0);
                _texts[id] = (json, MetadataText.Parse(Encoding.UTF8.GetBytes(json)));
            },
            cancellationToken);
    }

    /// <summary>One row, put together from the stored rows of its prompt and repeat.</summary>
    private sealed class Merged(int prompt, int repeat)
    {
        private readonly SortedDictionary<string, double?> _scores = new(StringComparer.Ordinal);
        private readonly Dictionary<string, double?> _probabilities = new(StringComparer.Ordinal);
        private string? _answer;

        public int Metadata { get; private set; }

        public int Options { get; private set; }

        public List<(int Part, int Ordinal)> Places { get; } = [];

        public void Add(PartColumns part, int row)
        {
            Metadata = part.Metadata[row] != 0 ? part.Metadata[row] : Metadata;
            Options = part.Options[row] != 0 ? part.Options[row] : Options;
            if (part.Answers.Length > 0 && part.Answers[row] >= 0)
            {
                _answer = Encoding.UTF8.GetString(part.AnswerLabels[part.Answers[row]]);
            }

            foreach (var column in part.Numbers)
            {
                if (!ScoreColumn.IsAbsent(column.Values[row]))
                {
                    IDictionary<string, double?> values = column.Kind == ColumnKind.Score ? _scores : _probabilities;
                    values[column.Name] = double.IsFinite(column.Values[row]) ? column.Values[row] : null;
                }
            }
        }

        public SampleAnswer Finish(
            long evaluationId,
            Dictionary<(int Part, int Ordinal), (string? Output, string? Extra)> words,
            Dictionary<int, (string Json, IReadOnlyDictionary<string, string> Values)> texts) => new()
            {
                EvaluationId = evaluationId,
                PromptId = prompt,
                Repeat = repeat,
                Output = Places.Select(place => words[place].Output).LastOrDefault(text => text is not null),
                Answer = _answer,
                Scores = _scores,
                OptionProbabilities = _probabilities,
                Options = Options == 0 ? null : texts[Options].Json,
                Metadata = Metadata == 0 ? new Dictionary<string, string>() : texts[Metadata].Values,
                MetadataJson = Metadata == 0 ? null : texts[Metadata].Json,
                Extra = Places.Select(place => words[place].Extra).LastOrDefault(text => text is not null),
            };
    }
}
