using System.Globalization;
using System.Buffers;
using System.Text.Json;
using Driftline.Core.Records;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Columns;

/// <summary>Reads what belongs to one suite from the current row: first all of it, then into a batch, so that a wrong value rejects the row as a whole.</summary>
internal sealed class SampleColumns(SuiteMapping suite, IReadOnlyDictionary<string, ColumnType> types, BoundTable table, ReadReport report, ImportLimits limits)
{
    private static readonly JsonWriterOptions Writing = new() { SkipValidation = true };

    private readonly List<(string Name, double Value, ScoreKind Kind)> _scores = [];
    private readonly List<(string Name, double Value)> _probabilities = [];
    private readonly HashSet<string> _rowNames = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _metadata = new();
    private readonly string? _argMaxOptions = suite.ArgMax is null ? null : JsonSerializer.Serialize(suite.ArgMax.Options.Select(o => o.Name));
    private string? _answer;
    private string? _options;
    private float[] _vector = [];
    private long _dropped;

    public SuiteMapping Suite => suite;

    /// <summary>The run of the current row's suite.</summary>
    public OpenBatch? Run { get; set; }

    /// <summary>Reads the values; null if all are right, else a sentence that names the column.</summary>
    public string? Read()
    {
        _dropped = 0;
        _scores.Clear();
        _probabilities.Clear();
        _vector = [];
        _answer = table.Text(suite.Answer);
        return ReadScores() ?? ReadScoreRow() ?? ReadArgMax() ?? ReadProbabilities() ?? ReadOptions() ?? ReadEmbedding();
    }

    /// <summary>Adds the values that were read as a sample of <see cref="Run"/>.</summary>
    /// <returns>About how many bytes it took.</returns>
    public int Add(SampleBatch batch, string id, int repeat)
    {
        var run = Run!;
        report.ValuesDropped += _dropped;
        var isMerged = suite.ScoreRows is not null && run.NewestSample == (id, repeat);
        var row = isMerged ? batch.Count - 1 : batch.AddRow(repeat);
        foreach (var (name, value, kind) in _scores)
        {
            batch.SetScore(row, name, value, kind);
        }

        if (isMerged)
        {
            return 16;
        }

        run.NewestSample = (id, repeat);
        foreach (var (option, value) in _probabilities)
        {
            batch.SetOptionProbability(row, option, value);
        }

        if (_vector.Length > 0)
        {
            batch.AddEmbedding(row, suite.Embedding!.Embedder, _vector);
        }

        batch.OrdinalOptions |= suite.Ordinal;
        var bytes = Set(batch, row, TextField.SampleId, id)
            + Set(batch, row, TextField.Input, table.Text(suite.Input))
            + Set(batch, row, TextField.Target, table.Text(suite.Target))
            + Set(batch, row, TextField.Output, table.Text(suite.Output))
            + Set(batch, row, TextField.Answer, _answer)
            + Set(batch, row, TextField.Options, _options);
        return bytes + SetMetadata(batch, row) + (_vector.Length * sizeof(float)) + ((_scores.Count + _probabilities.Count) * sizeof(double));
    }

    private string? ReadScores()
    {
        foreach (var score in suite.Scores)
        {
            var text = table.Cell(score.Column).Text;
            if (!CellText.TryScore(text, score.Type, out var value, out var kind, ref _dropped))
            {
                return Wrong(score.Column, $"score {score.Name}", NumberOr(score.Type), text);
            }

            _scores.Add((score.Name, value, kind));
        }

        return null;
    }

    private string? ReadScoreRow()
    {
        if (suite.ScoreRows is not { } rows)
        {
            return null;
        }

        if (table.Cell(rows.Name).Text is not { } name)
        {
            return $"Column {rows.Name} is empty: it names the score of the row.";
        }

        if (!_rowNames.Contains(name) && (_rowNames.Count >= limits.MaxScoreNames || name.Length > Utf8Names.MaxBytes))
        {
            return $"Column {rows.Name} names the score {ShownText.Shorten(name, 60)}, which is one of more than {limits.MaxScoreNames} names, or longer than {Utf8Names.MaxBytes} characters: names that never repeat are values in the wrong place.";
        }

        _rowNames.Add(name);
        var text = table.Cell(rows.Value).Text;
        var type = types.GetValueOrDefault(rows.Value, ColumnType.Auto);
        if (!CellText.TryScore(text, type, out var value, out var kind, ref _dropped))
        {
            return Wrong(rows.Value, $"score {name}", NumberOr(type), text);
        }

        _scores.Add((name, value, kind));
        return null;
    }

    private string? ReadArgMax()
    {
        if (suite.ArgMax is not { } argMax)
        {
            return null;
        }

        _options = _argMaxOptions;
        _answer = null;
        var greatest = double.NegativeInfinity;
        foreach (var option in argMax.Options)
        {
            var text = table.Cell(option.Column).Text;
            if (!CellText.TryScore(text, ColumnType.Number, out var value, out _, ref _dropped))
            {
                return Wrong(option.Column, $"option {option.Name}", "a number or empty", text);
            }

            switch (argMax.KeepAs)
            {
                case KeepAs.Scores:
                    _scores.Add((option.Column, value, ScoreKind.Number));
                    break;
                case KeepAs.OptionProbs when value is < -1e-6 or > 1 + 1e-6:
                    return Wrong(option.Column, $"option {option.Name}", "a probability from 0 to 1 (else keep_as must be scores)", text);
                case KeepAs.OptionProbs:
                    _probabilities.Add((option.Name, value));
                    break;
            }

            if (value > greatest)
            {
                greatest = value;
                _answer = option.Name;
            }
        }

        return null;
    }

    private string? ReadProbabilities()
    {
        foreach (var option in suite.OptionProbabilities)
        {
            var text = table.Cell(option.Column).Text;
            if (!CellText.TryScore(text, ColumnType.Number, out var value, out _, ref _dropped) || value is < -1e-6 or > 1 + 1e-6)
            {
                return Wrong(option.Column, $"probability of option {option.Name}", "a number from 0 to 1, or empty", text);
            }

            _probabilities.Add((option.Name, value));
        }

        return null;
    }

    private string? ReadOptions()
    {
        if (suite.Options is null)
        {
            _options = suite.ArgMax is null ? null : _options;
            return null;
        }

        _options = table.Text(suite.Options);
        return _options is null || suite.Options.Column is null || IsArrayOfStrings(_options)
            ? null
            : Wrong(suite.Options.Column, "options", "a JSON array of strings, or empty", _options);
    }

    private string? ReadEmbedding()
    {
        if (suite.Embedding is null || table.Cell(suite.Embedding.Column).Text is not { } text)
        {
            return null;
        }

        if (!CellText.TryVector(text, out _vector))
        {
            return Wrong(suite.Embedding.Column, "embedding", "a JSON array of numbers, or empty", text);
        }

        if (_vector.Length == 0)
        {
            report.Note("Embeddings that hold NaN, Infinity or null were left out as a whole.");
        }

        return null;
    }

    private int Set(SampleBatch batch, int row, TextField field, string? text)
    {
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
        {
            report.CharactersReplaced += text.Count(c => c == '\0');
            text = text.Replace('\0', '\uFFFD');
        }

        return batch.SetText(row, field, text);
    }

    private int SetMetadata(SampleBatch batch, int row)
    {
        if (suite.Metadata.Count == 0)
        {
            return 0;
        }

        _metadata.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_metadata, Writing))
        {
            writer.WriteStartObject();
            foreach (var column in suite.Metadata)
            {
                if (table.Cell(column.Column) is { Text: { } text } cell)
                {
                    writer.WritePropertyName(column.Name);
                    Write(writer, column.Type, text, cell.IsJson);
                }
            }

            writer.WriteEndObject();
        }

        batch.SetText(row, TextField.Metadata, _metadata.WrittenSpan);
        return _metadata.WrittenCount;
    }

    private void Write(Utf8JsonWriter writer, ColumnType type, string text, bool isJson)
    {
        if (isJson)
        {
            writer.WriteRawValue(text, skipInputValidation: true);
            return;
        }

        var ignored = 0L;
        if (type is ColumnType.Number or ColumnType.Boolean
            && CellText.TryScore(text, type, out var value, out _, ref ignored) && !double.IsNaN(value))
        {
            if (type == ColumnType.Boolean)
            {
                writer.WriteBooleanValue(value == 1);
            }
            else
            {
                writer.WriteNumberValue(value);
            }

            return;
        }

        writer.WriteStringValue(text.Replace('\0', '\uFFFD'));
    }

    private static bool IsArrayOfStrings(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String);
        }
        catch (JsonException)
        {
            // The caller says of which column and row.
            return false;
        }
    }

    private static string NumberOr(ColumnType type) => type switch
    {
        ColumnType.Boolean => "true, false or empty",
        ColumnType.Number => "a number or empty",
        _ => "a number, true, false or empty",
    };

    internal static string Wrong(string column, string what, string needed, string? found) =>
        $"Column {column} ({what}) must hold {needed}, found \"{(found is { Length: > 40 } ? found[..40] : found)}\".{(needed.Contains("number", StringComparison.Ordinal) && IsDecimalComma(found) ? " Write decimals with a point." : "")}";

    /// <summary>Spreadsheets of many languages write 0,5.</summary>
    private static bool IsDecimalComma(string? text) =>
        text?.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma && double.TryParse(text.Remove(comma, 1).Insert(comma, "."), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
