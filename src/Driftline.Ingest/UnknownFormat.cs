using Driftline.Ingest.Columns;
using Driftline.Ingest.Json;
using Driftline.Ingest.TrainingTexts;

namespace Driftline.Ingest;

/// <summary>Says of a log that no reader takes what it looks like, and the way out.</summary>
internal static class UnknownFormat
{
    private const string Ways = "Native logs are JSON Lines with schema_version, type, lineage, generation, model and task on each line; "
        + "tables (CSV, TSV, JSON, JSONL) need a column mapping.";

    /// <summary>Whether the bytes are of a kind that is no text, whatever a mapping says.</summary>
    public static bool IsForeign(LogProbe probe)
    {
        var head = probe.Head.Span;
        return head.IsEmpty || head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PAR1"u8) || head.Contains((byte)0);
    }

    /// <summary>The refusal of a log that no reader takes.</summary>
    public static UnknownLogFormatException Refusal(LogProbe probe) => new(Describe(probe), !IsForeign(probe) && TableShape.Of(probe).Columns is { Count: > 0 } columns && !IsSchema(columns));

    private static string Describe(LogProbe probe)
    {
        var head = probe.Head.Span;
        var name = probe.Source.Name;
        if (head.IsEmpty)
        {
            return $"{name} is empty: there is nothing to import.";
        }

        if (head.StartsWith("PK\u0003\u0004"u8))
        {
            return $"{name} is a zip archive. Unpack it and import the logs inside.";
        }

        if (head.StartsWith("SQLite format 3\0"u8))
        {
            return $"{name} is an SQLite database, not a log. Export the table as CSV and give a column mapping.";
        }

        if (head.StartsWith("PAR1"u8))
        {
            return $"{name} is a Parquet file. Write it as CSV or JSON Lines (pandas: to_csv, to_json(lines=True)) and give a column mapping.";
        }

        if (LooksLikeUtf16(head))
        {
            return $"{name} is text in UTF-16. Save it as UTF-8 and import that.";
        }

        if (head.Contains((byte)0))
        {
            return $"{name} is a binary file, not a log. {Ways}";
        }

        return DescribeText(probe, name);
    }

    private static string DescribeText(LogProbe probe, string name)
    {
        var columns = TableShape.Of(probe);
        var keys = columns.Columns;
        if (keys.Count == 0)
        {
            return $"{name} is neither JSON Lines nor a table with a header. {Ways}";
        }

        if (IsSchema(keys))
        {
            return $"{name} is not a log: it is a JSON Schema, which says how other files are written.";
        }

        return $"{name} is {columns.Noun} whose columns have no native names. Its columns: {ShownText.Names(keys, 50)}. Give a column mapping that says what they mean."
            + MinimalMapping.For(keys)
            + (TextKeys.AreOf(keys) ? " If they are texts that a generation was trained on, import the file as training texts (--training, with --lineage and --generation)." : "");
    }

    private static bool IsSchema(IReadOnlyList<string> keys) => keys.Contains("$schema") && (keys.Contains("properties") || keys.Contains("$defs"));

    private static bool LooksLikeUtf16(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
}
