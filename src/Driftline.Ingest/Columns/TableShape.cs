using System.Text;
using System.Text.Json;

namespace Driftline.Ingest.Columns;

/// <summary>How a table is written, and which columns it has.</summary>
/// <param name="Format">Auto where the log is no table.</param>
/// <param name="Delimiter">What separates the fields of CSV.</param>
/// <param name="Columns">Its columns, as far as its first bytes tell; keys of nested objects as <c>a.b</c>.</param>
/// <param name="IsWhole">Whether the first bytes hold a whole row, so that all its columns are known.</param>
internal sealed record TableShape(TableFormat Format, char Delimiter, IReadOnlyList<string> Columns, bool IsWhole = true)
{
    private static readonly TableShape None = new(TableFormat.Auto, ',', []);

    /// <summary>What to call it in a sentence.</summary>
    public string Noun => Format switch
    {
        TableFormat.Csv => "a table (CSV)",
        TableFormat.Tsv => "a table (TSV)",
        TableFormat.Json => "JSON",
        _ => "JSON Lines",
    };

    /// <summary>Looks at the first bytes of a log; what a mapping says of its format goes before.</summary>
    public static TableShape Of(LogProbe probe)
    {
        var mapping = probe.Options.Mapping;
        var text = probe.Head.Span.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text.Contains((byte)0))
        {
            return None;
        }

        var isJson = text[0] is (byte)'{' or (byte)'[';
        switch (mapping?.Format ?? TableFormat.Auto)
        {
            case TableFormat.Json:
                return OfJson(TableFormat.Json, text);
            case TableFormat.Jsonl:
                return OfJson(TableFormat.Jsonl, text);
            case TableFormat.Auto when isJson:
                var isLines = text[0] == (byte)'{' && (probe.Extension is "jsonl" or "ndjson" || HasObjectsOnLines(text));
                return OfJson(isLines ? TableFormat.Jsonl : TableFormat.Json, text);
            default:
                return Separated(probe, mapping);
        }
    }

    /// <summary>Opens the table for reading.</summary>
    public TableReader Open(Stream stream, string name, ImportLimits limits) => Format switch
    {
        TableFormat.Json => new JsonTableReader(stream, isLines: false, limits),
        TableFormat.Jsonl => new JsonTableReader(stream, isLines: true, limits),
        _ => new CsvTableReader(stream, Delimiter, name, limits),
    };

    private static TableShape Separated(LogProbe probe, ColumnMapping? mapping)
    {
        var end = probe.FirstLine().Span;
        var header = Encoding.UTF8.GetString(end).TrimEnd('\r');
        var isTsv = mapping?.Format == TableFormat.Tsv || probe.Extension is "tsv" or "tab";
        var delimiter = mapping?.Delimiter ?? (isTsv ? '\t' : MostFrequent(header));
        var isTable = mapping is not null || isTsv || probe.Extension is "csv" || header.Contains(delimiter);
        if (!isTable)
        {
            return None;
        }

        using var reader = new CsvTableReader(new MemoryStream(Encoding.UTF8.GetBytes(header)), delimiter, probe.Source.Name, probe.Options.Limits);
        return new TableShape(delimiter == '\t' ? TableFormat.Tsv : TableFormat.Csv, delimiter, reader.Header);
    }

    private static char MostFrequent(string header) => ",;\t|".MaxBy(c => header.Count(h => h == c));

    /// <summary>Whether each of the first two lines is an object, or the only one is.</summary>
    private static bool HasObjectsOnLines(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        if (end < 0)
        {
            return IsObject(text);
        }

        var second = text[(end + 1)..].Trim(" \t\r\n"u8);
        var secondEnd = second.IndexOf((byte)'\n');
        return IsObject(text[..end]) && (second.IsEmpty || IsObject(secondEnd < 0 ? second : second[..secondEnd]));
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Finds keys of the objects in the first bytes, in the order in which they first occur.</summary>
    private static TableShape OfJson(TableFormat format, ReadOnlySpan<byte> text)
    {
        var columns = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 1000, AllowMultipleValues = true }));
        var rows = text[0] == (byte)'[' ? 1 : 0;
        var isWhole = false;
        var path = "";
        try
        {
            while (reader.Read() && columns.Count < 1000)
            {
                var depth = reader.CurrentDepth - rows;
                isWhole |= depth == 0 && reader.TokenType == JsonTokenType.EndObject;
                if (reader.TokenType != JsonTokenType.PropertyName || depth is < 1 or > 2)
                {
                    continue;
                }

                var name = Encoding.UTF8.GetString(reader.ValueSpan);
                path = depth == 1 ? name : path;
                var column = depth == 1 ? name : $"{path}.{name}";
                if (known.Add(column))
                {
                    columns.Add(column);
                }
            }
        }
        catch (JsonException)
        {
            // What comes before the mistake tells the columns; the mistake itself is the business of reading.
            isWhole = false;
        }

        return new TableShape(format, ',', columns, isWhole);
    }
}
