using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Driftline.Storage.Queries;

/// <summary>
/// The metadata of an evaluation's prompts by key instead of by prompt. Keys whose values repeat, by which prompts are grouped and sliced,
/// are kept as numbers of their values; keys that tell nearly every prompt from the others (hashes, ids) are read when somebody asks.
/// </summary>
internal sealed class MetadataColumns : IReadOnlyList<IReadOnlyDictionary<string, string>>
{
    /// <summary>Different values of a key up to which it is kept from the start.</summary>
    private const int MaxValues = 2000;

    /// <summary>Prompts × keys that are kept from the start; with more, keys that come late are read when somebody asks.</summary>
    private const long MaxCells = 1 << 24;

    private readonly int[] _texts;
    private readonly Func<IReadOnlyList<int>, IEnumerable<(int Text, byte[] Json)>> _read;
    private readonly ConcurrentDictionary<string, MetadataColumn> _columns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<string>? _wanted;
    private readonly Lock _reading = new();

    /// <summary>Reads the keys whose values repeat.</summary>
    /// <param name="texts">The text of each prompt's metadata; 0 is none.</param>
    /// <param name="read">Reads texts by their numbers, which ascend, in that order; others may be among them.</param>
    /// <param name="wanted">Keys that somebody asks for already: they are kept, too, however their values are.</param>
    public MetadataColumns(int[] texts, Func<IReadOnlyList<int>, IEnumerable<(int Text, byte[] Json)>> read, IReadOnlySet<string>? wanted = null)
    {
        _texts = texts;
        _read = read;
        _wanted = wanted;
        foreach (var (prompts, json) in ByText())
        {
            foreach (var (key, value) in MetadataText.Parse(json))
            {
                if (!_unread.Contains(key))
                {
                    Keep(key, value, prompts);
                }
            }
        }
    }

    /// <inheritdoc/>
    public int Count => _texts.Length;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> this[int index] => new OfPrompt(this, index);

    /// <inheritdoc/>
    public IEnumerator<IReadOnlyDictionary<string, string>> GetEnumerator()
    {
        for (var prompt = 0; prompt < _texts.Length; prompt++)
        {
            yield return this[prompt];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Keep(string key, string value, ReadOnlySpan<int> prompts)
    {
        var isWanted = _wanted?.Contains(key) == true;
        if (!_columns.TryGetValue(key, out var column) && (isWanted || (_columns.Count + 1L) * _texts.Length <= MaxCells))
        {
            _columns[key] = column = new MetadataColumn(_texts.Length);
        }

        column?.Set(prompts, value);
        if (column is null || (!isWanted && column.Values > MaxValues))
        {
            _columns.TryRemove(key, out _);
            _unread.Add(key);
        }
    }

    /// <summary>One key of all; null where nothing has it.</summary>
    public MetadataColumn? Find(string key)
    {
        if (_columns.TryGetValue(key, out var column) || !_unread.Contains(key))
        {
            return column;
        }

        lock (_reading)
        {
            if (!_columns.TryGetValue(key, out column))
            {
                column = new MetadataColumn(_texts.Length);
                foreach (var (prompts, json) in ByText())
                {
                    if (MetadataText.Parse(json).TryGetValue(key, out var value))
                    {
                        column.Set(prompts, value);
                    }
                }

                _columns[key] = column;
            }
        }

        return column;
    }

    /// <summary>Each text with the prompts that have it.</summary>
    private IEnumerable<(int[] Prompts, byte[] Json)> ByText()
    {
        var order = new int[_texts.Length];
        for (var prompt = 0; prompt < order.Length; prompt++)
        {
            order[prompt] = prompt;
        }

        var sorted = (int[])_texts.Clone();
        Array.Sort(sorted, order);
        var next = Array.FindIndex(sorted, text => text != 0);
        if (next < 0)
        {
            yield break;
        }

        foreach (var (text, json) in _read(Distinct(sorted.AsSpan(next))))
        {
            var first = next;
            while (next < order.Length && sorted[next] == text)
            {
                next++;
            }

            if (next > first)
            {
                yield return (order[first..next], json);
            }
        }

        if (next < order.Length)
        {
            throw new InvalidDataException($"Text {sorted[next]} is missing: the database is damaged; import its logs into a new one.");
        }
    }

    private static int[] Distinct(ReadOnlySpan<int> sorted)
    {
        var distinct = new int[sorted.Length];
        var kept = 0;
        foreach (var text in sorted)
        {
            if (kept == 0 || distinct[kept - 1] != text)
            {
                distinct[kept++] = text;
            }
        }

        return kept == distinct.Length ? distinct : distinct[..kept];
    }

    /// <summary>The metadata of one prompt.</summary>
    private sealed class OfPrompt(MetadataColumns columns, int prompt) : IReadOnlyDictionary<string, string>
    {
        public int Count => Keys.Count();

        public IEnumerable<string> Keys => this.Select(pair => pair.Key);

        public IEnumerable<string> Values => this.Select(pair => pair.Value);

        public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The prompt has no metadata {key}.");

        public bool ContainsKey(string key) => columns.Find(key)?[prompt] is not null;

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => (value = columns.Find(key)?[prompt]) is not null;

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
        {
            foreach (var key in columns._columns.Keys.Union(columns._unread, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList())
            {
                if (TryGetValue(key, out var value))
                {
                    yield return KeyValuePair.Create(key, value);
                }
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>One key of metadata: each prompt's value as the number of a value.</summary>
internal sealed class MetadataColumn(int prompts)
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _values = [];

    /// <summary>The number of each prompt's value, one more than it is: 0 is none.</summary>
    private readonly int[] _ofPrompt = new int[prompts];

    /// <summary>Different values.</summary>
    public int Values => _values.Count;

    /// <summary>The value of a prompt; null where it has none.</summary>
    public string? this[int prompt] => _ofPrompt[prompt] == 0 ? null : _values[_ofPrompt[prompt] - 1];

    /// <summary>For each prompt whether it has a value of which something holds.</summary>
    public bool[] Matching(Func<string, bool> holds)
    {
        var verdicts = _values.ConvertAll(value => holds(value));
        return Array.ConvertAll(_ofPrompt, code => code > 0 && verdicts[code - 1]);
    }

    /// <summary>Sets the value of prompts.</summary>
    public void Set(ReadOnlySpan<int> having, string value)
    {
        if (!_codes.TryGetValue(value, out var code))
        {
            _values.Add(value);
            _codes[value] = code = _values.Count;
        }

        foreach (var prompt in having)
        {
            _ofPrompt[prompt] = code;
        }
    }
}
