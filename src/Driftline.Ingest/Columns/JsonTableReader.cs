using System.Text.Json;
using Driftline.Ingest.Files;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Columns;

/// <summary>Reads a table of JSON objects: an array, or one object a line.</summary>
internal sealed class JsonTableReader : TableReader
{
    private const int MaxMessage = 300;

    private readonly ImportLimits _limits;
    private readonly LineReader? _lines;
    private readonly JsonRecords? _records;
    private readonly List<string> _columns = [];
    private readonly List<string[]> _paths = [];
    private readonly ReadableJson _readable;
    private byte[] _raw = [];
    private JsonDocument? _row;

    public JsonTableReader(Stream stream, bool isLines, ImportLimits limits)
    {
        _limits = limits;
        _readable = new ReadableJson(limits.MaxDepth);
        if (isLines)
        {
            _lines = new LineReader(stream, limits.MaxLineBytes, withHash: false);
        }
        else
        {
            _records = new JsonRecords(stream, limits.MaxLineBytes);
        }
    }

    public override long Lines => _lines?.Lines ?? _records!.Lines;

    public override ReadOnlyMemory<byte> Raw => _raw;

    /// <summary>The current row as a whole; valid until the next is read.</summary>
    public JsonElement Row => _row!.RootElement;

    public override int Bind(string column)
    {
        var index = _columns.IndexOf(column);
        if (index >= 0)
        {
            return index;
        }

        _columns.Add(column);
        _paths.Add(column.Split('.'));
        return _columns.Count - 1;
    }

    public override TableCell Cell(int column)
    {
        var root = _row!.RootElement;
        if (!root.TryGetProperty(_columns[column], out var value) && !TryFollow(root, _paths[column], out value))
        {
            return default;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => default,
            JsonValueKind.String => new TableCell(value.GetString(), IsJson: false),
            _ => new TableCell(value.GetRawText(), IsJson: true),
        };
    }

    public override async ValueTask<TableRowKind> ReadAsync(CancellationToken cancellationToken)
    {
        if (_lines is null)
        {
            return await _records!.NextAsync(cancellationToken) is not { } record ? TableRowKind.End : Take(record.Text.Span, record.Line, record.TooLong);
        }

        while (true)
        {
            if (_lines.TryNext(out var line))
            {
                var text = _lines.Text(line);
                if (text.ContainsAnyExcept(" \t\r"u8))
                {
                    return Take(text, line.Number, line.TooLong);
                }
            }
            else if (!await _lines.FillAsync(cancellationToken))
            {
                return TableRowKind.End;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        _row?.Dispose();
        _lines?.Dispose();
        base.Dispose(disposing);
    }

    private TableRowKind Take(ReadOnlySpan<byte> text, long line, bool tooLong)
    {
        Line = line;
        Problem = "";
        ProblemColumn = null;
        Replaced = 0;
        ValuesDropped = 0;
        _raw = text[..Math.Min(text.Length, 1000)].ToArray();
        if (tooLong)
        {
            return Break($"The record is longer than {_limits.MaxLineBytes} bytes.", null);
        }

        try
        {
            _row?.Dispose();
            _row = null;
            _row = _readable.Parse(text);
            Replaced = _readable.CharactersReplaced;
            ValuesDropped = _readable.ValuesDropped;
            return _row.RootElement.ValueKind == JsonValueKind.Object ? TableRowKind.Row : Break("The record is not a JSON object with a key for each column.", 1);
        }
        catch (JsonException e)
        {
            return Break(
                // The message quotes what it met, which may be all the rest of the record.
                $"The record is not valid JSON: {ShownText.Shorten(JsonFault.Sentence(e), MaxMessage)}",
                e.LineNumber > 0 ? null : (int)(e.BytePositionInLine ?? 0) + 1);
        }
    }

    private TableRowKind Break(string problem, int? column)
    {
        Problem = problem;
        ProblemColumn = column;
        return TableRowKind.Broken;
    }

    private static bool TryFollow(JsonElement element, string[] path, out JsonElement value)
    {
        value = element;
        foreach (var key in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return false;
            }
        }

        return path.Length > 1;
    }
}
