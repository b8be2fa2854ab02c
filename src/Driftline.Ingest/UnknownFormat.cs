namespace Driftline.Ingest;

/// <summary>Says of a log that no reader takes what it looks like, and the way out.</summary>
internal static class UnknownFormat
{
    private const string Ways = "Native logs are JSON Lines with schema_version, type, lineage, generation, model and task on each line; "
        + "tables (CSV, TSV, JSON, JSONL) need a column mapping.";

    public static string Describe(LogProbe probe)
    {
        var head = probe.Head.Span;
        var name = probe.Source.Name;
        if (head.IsEmpty)
        {
            return $"{name} is empty: there is nothing to import.";
        }

        if (head.StartsWith("PK\u0003\u0004"u8))
        {
            return probe.Extension == "eval"
                ? $"{name} is an Inspect AI log (.eval), which this version does not read. Write its samples as native JSON Lines or CSV, for example with inspect's samples_df, and import that."
                : $"{name} is a zip archive. Unpack it and import the logs inside.";
        }

        if (IsZstandard(head))
        {
            return $"{name} is compressed with Zstandard. Decompress it (zstd -d) or compress it with gzip, then import that.";
        }

        if (head.StartsWith("SQLite format 3\0"u8))
        {
            return $"{name} is an SQLite database, not a log. Export the table as CSV and give a column mapping.";
        }

        if (head.StartsWith("PAR1"u8))
        {
            return $"{name} is a Parquet file. Write it as CSV or JSON Lines (pandas: to_csv, to_json(lines=True)) and give a column mapping.";
        }

        if (head.Contains((byte)0) && !LooksLikeUtf16(head))
        {
            return $"{name} is a binary file, not a log. {Ways}";
        }

        if (LooksLikeUtf16(head))
        {
            return $"{name} is text in UTF-16. Save it as UTF-8 and import that.";
        }

        return $"{name} is not a native log. {Ways}";
    }

    private static bool IsZstandard(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);

    private static bool LooksLikeUtf16(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
}
