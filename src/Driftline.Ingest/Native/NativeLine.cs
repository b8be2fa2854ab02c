using System.Buffers;
using System.Text;
using System.Text.Json;
using Driftline.Core.Records;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Native;

/// <summary>Where a value lies in a line.</summary>
/// <param name="Start">Its first byte; of a string, the one after the quote.</param>
/// <param name="Length">Its length; of a string, without the quotes.</param>
/// <param name="Type">What it is; None where the line does not have the key.</param>
/// <param name="Escaped">Whether it is a string with escapes.</param>
internal readonly record struct JsonSlice(int Start, int Length, JsonTokenType Type, bool Escaped)
{
    public bool IsMissing => Type is JsonTokenType.None or JsonTokenType.Null;
}

/// <summary>
/// One line of a native log, taken apart without making strings: texts are noted as slices of the line, numbers that are needed in
/// columns are read at once. Used again for each line.
/// </summary>
/// <param name="limits">How much is too much.</param>
/// <param name="scoreNames">Names of scores, options and embedders.</param>
internal sealed class NativeLine(ImportLimits limits, Utf8Names scoreNames)
{
    private readonly JsonReaderOptions _reading = new() { MaxDepth = limits.MaxDepth };
    private readonly JsonSlice[] _slices = new JsonSlice[NativeKeys.Count];
    private readonly List<float> _vector = [];
    private readonly Utf8Names _unknownKeys = new(capacity: 20);
    private byte[] _name = new byte[64];

    /// <summary>Scores of the line: name → value.</summary>
    public List<NamedNumber> Scores { get; } = [];

    /// <summary>Probabilities of options of the line.</summary>
    public List<NamedNumber> OptionProbabilities { get; } = [];

    /// <summary>Embeddings of the line by embedder; null where its numbers were not all numbers.</summary>
    public List<(string Embedder, float[]? Values)> Embeddings { get; } = [];

    /// <summary>The first names of keys that are not native, each once.</summary>
    public IEnumerable<string> UnknownKeys => _unknownKeys.All;

    /// <summary>Whether an embedding of the last line was left out because not all of it is numbers.</summary>
    public bool EmbeddingDropped { get; private set; }

    /// <summary>Numbers of the last line that became "no value".</summary>
    public int ValuesDropped { get; private set; }

    /// <summary>What is wrong with the last line, where <see cref="TryRead"/> said no.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>1-based byte column of <see cref="Problem"/>; null for what is missing.</summary>
    public int? ProblemColumn { get; private set; }

    public JsonSlice this[NativeKey key] => _slices[(int)key];

    /// <summary>Takes a line apart.</summary>
    /// <returns>False when a value is not what its key needs.</returns>
    /// <exception cref="JsonException">The line is not valid JSON.</exception>
    public bool TryRead(ReadOnlySpan<byte> line)
    {
        Array.Clear(_slices);
        Scores.Clear();
        OptionProbabilities.Clear();
        Embeddings.Clear();
        ValuesDropped = 0;
        EmbeddingDropped = false;
        var reader = new Utf8JsonReader(line, _reading);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Fail(0, $"a line must be a JSON object, found {Found(line, new JsonSlice(0, line.Length, JsonTokenType.Number, false))}.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = KeyOf(ref reader);
            reader.Read();
            if (key == NativeKey.Unknown)
            {
                reader.Skip();
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            var type = reader.TokenType;
            switch (key)
            {
                case NativeKey.Scores when type == JsonTokenType.StartObject:
                    if (!TryReadNumbers(ref reader, line, key, Scores))
                    {
                        return false;
                    }

                    break;
                case NativeKey.OptionProbs when type == JsonTokenType.StartObject:
                    if (!TryReadNumbers(ref reader, line, key, OptionProbabilities))
                    {
                        return false;
                    }

                    break;
                case NativeKey.Embedding when type == JsonTokenType.StartArray:
                    if (!TryReadVector(ref reader, line, key, "default"))
                    {
                        return false;
                    }

                    break;
                case NativeKey.Embeddings when type == JsonTokenType.StartObject:
                    if (!TryReadVectors(ref reader, line))
                    {
                        return false;
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }

            _slices[(int)key] = type == JsonTokenType.String
                ? new JsonSlice(start + 1, reader.ValueSpan.Length, type, reader.ValueIsEscaped)
                : new JsonSlice(start, (int)reader.BytesConsumed - start, type, false);
        }

        // What follows the object would be another record on the same line.
        reader.Read();
        return true;
    }

    /// <summary>Notes what is wrong with a value.</summary>
    /// <returns>Always false, to be returned.</returns>
    public bool Fail(int position, string problem)
    {
        Problem = problem;
        ProblemColumn = position + 1;
        return false;
    }

    /// <summary>Notes that a value is not what its key needs: "generation must be …, found …".</summary>
    public bool Fail(ReadOnlySpan<byte> line, NativeKey key, string needed) =>
        Fail(this[key].Start - (this[key].Type == JsonTokenType.String ? 1 : 0), $"{NativeKeys.NameOf(key)} must be {needed}, found {Found(line, this[key])}.");

    /// <summary>Notes that something is missing, which has no place in the line.</summary>
    public bool FailMissing(string problem)
    {
        Problem = problem;
        ProblemColumn = null;
        return false;
    }

    /// <summary>The text of a string as a string; the raw text of a number or boolean.</summary>
    public string TextOf(ReadOnlySpan<byte> line, JsonSlice slice, ref long replaced)
    {
        var raw = line.Slice(slice.Start, slice.Length);
        if (!slice.Escaped)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        var text = Encoding.UTF8.GetString(buffer, 0, JsonText.Unescape(raw, buffer, ref replaced));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    /// <summary>A value as a sentence shows it.</summary>
    public static string Found(ReadOnlySpan<byte> line, JsonSlice slice)
    {
        var text = ReadReport.Cut(line.Slice(slice.Start, slice.Length), 40);
        return slice.Type == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    private NativeKey KeyOf(ref Utf8JsonReader reader)
    {
        var name = NameOf(ref reader);
        var key = NativeKeys.Find(name);
        if (key == NativeKey.Unknown)
        {
            _unknownKeys.TryGet(name, out _);
        }

        return key;
    }

    private ReadOnlySpan<byte> NameOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_name.Length < reader.ValueSpan.Length)
        {
            _name = new byte[reader.ValueSpan.Length];
        }

        var replaced = 0L;
        return _name.AsSpan(0, JsonText.Unescape(reader.ValueSpan, _name, ref replaced));
    }

    private bool TryReadNumbers(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, NativeKey key, List<NamedNumber> numbers)
    {
        numbers.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!scoreNames.TryGet(NameOf(ref reader), out var name))
            {
                return Fail((int)reader.TokenStartIndex, $"{NativeKeys.NameOf(key)} has more than {limits.MaxScoreNames} different names in this log, or one longer than {Utf8Names.MaxBytes} bytes: names must repeat, values belong behind them.");
            }

            if (numbers.Count >= limits.MaxScoresPerSample)
            {
                return Fail((int)reader.TokenStartIndex, $"{NativeKeys.NameOf(key)} has more than {limits.MaxScoresPerSample} names in one line: split the suite.");
            }

            reader.Read();
            var kind = ScoreKind.Number;
            double value;
            switch (reader.TokenType)
            {
                case JsonTokenType.Number:
                    value = NumberOf(ref reader);
                    if (key == NativeKey.OptionProbs && value is < -1e-6 or > 1 + 1e-6)
                    {
                        return FailNumber(ref reader, line, key, name, "a probability from 0 to 1");
                    }

                    break;
                case JsonTokenType.Null:
                    value = ScoreColumn.NoValue;
                    break;
                case JsonTokenType.True or JsonTokenType.False when key == NativeKey.Scores:
                    value = reader.TokenType == JsonTokenType.True ? 1 : 0;
                    kind = ScoreKind.Boolean;
                    break;
                case JsonTokenType.String when IsNonFiniteWord(reader.ValueSpan):
                    value = ScoreColumn.NoValue;
                    ValuesDropped++;
                    break;
                default:
                    return FailNumber(ref reader, line, key, name, key == NativeKey.Scores ? "a number, true, false or null" : "a number from 0 to 1, or null");
            }

            numbers.Add(new NamedNumber(name, value, kind));
        }

        return true;
    }

    private bool TryReadVectors(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!scoreNames.TryGet(NameOf(ref reader), out var embedder))
            {
                return Fail((int)reader.TokenStartIndex, $"embeddings has more than {limits.MaxScoreNames} different names in this log, or one longer than {Utf8Names.MaxBytes} bytes: an embedder's name must repeat.");
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return FailNumber(ref reader, line, NativeKey.Embeddings, embedder, "an array of numbers");
            }

            if (!TryReadVector(ref reader, line, NativeKey.Embeddings, embedder))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadVector(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, NativeKey key, string embedder)
    {
        _vector.Clear();
        var whole = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                if (reader.TryGetSingle(out var value) && float.IsFinite(value))
                {
                    _vector.Add(value);
                    continue;
                }

                ValuesDropped++;
            }
            else if (reader.TokenType == JsonTokenType.String && IsNonFiniteWord(reader.ValueSpan))
            {
                ValuesDropped++;
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                return FailNumber(ref reader, line, key, embedder, "an array of numbers");
            }

            whole = false;
        }

        EmbeddingDropped |= !whole;

        Embeddings.RemoveAll(e => e.Embedder == embedder);
        Embeddings.Add((embedder, whole && _vector.Count > 0 ? _vector.ToArray() : null));
        return true;
    }

    private double NumberOf(ref Utf8JsonReader reader)
    {
        if (reader.TryGetDouble(out var value) && double.IsFinite(value))
        {
            return value;
        }

        ValuesDropped++;
        return ScoreColumn.NoValue;
    }

    private bool FailNumber(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, NativeKey key, string name, string needed)
    {
        var start = (int)reader.TokenStartIndex;
        var type = reader.TokenType;
        if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
        }

        var found = ReadReport.Cut(line[start..(int)reader.BytesConsumed], 40);
        return Fail(start, $"{NativeKeys.NameOf(key)}.{name} must be {needed}, found {found}.");
    }

    /// <summary>Whether a string is how some emitters write a number that is none.</summary>
    public static bool IsNonFiniteWord(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("NaN"u8) || text.SequenceEqual("nan"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8)
        || text.SequenceEqual("inf"u8) || text.SequenceEqual("-inf"u8);
}

/// <summary>A number with its name.</summary>
internal readonly record struct NamedNumber(string Name, double Value, ScoreKind Kind);
