using System.Data.Common;

namespace Driftline.Storage.Columns;

/// <summary>Reads what the rows of parts say in words, in blocks and as versions before them kept it.</summary>
internal static class PartWords
{
    /// <summary>What the rows of a part say, in their order; rows without words are left out.</summary>
    public static IEnumerable<RowWords> ReadWords(this PartReader reader, long partId)
    {
        var isOlder = true;
        foreach (var (firstRow, rows, body) in reader.ReadBlocks(partId))
        {
            isOlder = false;
            foreach (var words in WordsOf(WordBlock.Decode(firstRow, rows, body)))
            {
                yield return words;
            }
        }

        if (isOlder)
        {
            foreach (var words in reader.ReadOlderWords(partId, 0, int.MaxValue))
            {
                yield return words;
            }
        }
    }

    /// <summary>The rows of a part of whose words something holds, on all processors, block by block in no order.</summary>
    /// <param name="reader">Reads the blocks.</param>
    /// <param name="partId">The part.</param>
    /// <param name="holds">Asked by several threads at once.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static IEnumerable<int> FindWords(this PartReader reader, long partId, Func<RowWords, bool> holds, CancellationToken cancellationToken)
    {
        if (!reader.HasBlocks(partId))
        {
            return reader.ReadOlderWords(partId, 0, int.MaxValue).Where(holds).Select(words => words.Row);
        }

        // Unpacking takes most of the time.
        return reader.ReadBlocks(partId).AsParallel().WithCancellation(cancellationToken)
            .Select(block => WordsOf(WordBlock.Decode(block.FirstRow, block.Rows, block.Body)).Where(holds).Select(words => words.Row).ToList())
            .AsEnumerable()
            .SelectMany(rows => rows);
    }

    private static IEnumerable<(int FirstRow, int Rows, byte[] Body)> ReadBlocks(this PartReader reader, long partId)
    {
        using var command = reader.Command("SELECT first_row, rows, body FROM word_blocks WHERE lineage_id = @lineage AND part_id = @id ORDER BY first_row", ("@id", partId));
        using var blocks = command.ExecuteReader();
        while (blocks.Read())
        {
            yield return (blocks.GetInt32(0), blocks.GetInt32(1), (byte[])blocks.GetValue(2));
        }
    }

    private static IEnumerable<RowWords> WordsOf(WordBlock block)
    {
        for (var row = block.FirstRow; block.Covers(row); row++)
        {
            if (block.Of(row) is { IsEmpty: false } words)
            {
                yield return words;
            }
        }
    }

    /// <summary>The block that a row of a part lies in; null where it lies in none, so that it has no words.</summary>
    public static WordBlock? FindBlock(this PartReader reader, long partId, int row)
    {
        using var command = reader.Command(
            "SELECT first_row, rows, body FROM word_blocks WHERE lineage_id = @lineage AND part_id = @id AND first_row <= @row ORDER BY first_row DESC LIMIT 1",
            ("@id", partId),
            ("@row", row));
        using var blocks = command.ExecuteReader();
        return blocks.Read() && row - blocks.GetInt32(0) < blocks.GetInt32(1) ? Block(blocks) : null;
    }

    /// <summary>Whether the words of a part lie in blocks.</summary>
    public static bool HasBlocks(this PartReader reader, long partId)
    {
        using var command = reader.Command("SELECT 1 FROM word_blocks WHERE lineage_id = @lineage AND part_id = @id LIMIT 1", ("@id", partId));
        return command.ExecuteScalar() is not null;
    }

    /// <summary>What rows between two, both among them, say in a part that was written before there were blocks.</summary>
    public static IEnumerable<RowWords> ReadOlderWords(this PartReader reader, long partId, int first, int last)
    {
        using var command = reader.Command(
            """
            SELECT ordinal, CAST(output AS BLOB), CAST(extra AS BLOB) FROM samples
            WHERE lineage_id = @lineage AND part_id = @id AND ordinal BETWEEN @first AND @last ORDER BY ordinal
            """,
            ("@id", partId),
            ("@first", first),
            ("@last", last));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return new RowWords(rows.GetInt32(0), Bytes(rows, 1), Bytes(rows, 2));
        }
    }

    private static WordBlock Block(DbDataReader row) => WordBlock.Decode(row.GetInt32(0), row.GetInt32(1), (byte[])row.GetValue(2));

    private static ReadOnlyMemory<byte>? Bytes(DbDataReader row, int column) => row.IsDBNull(column) ? (ReadOnlyMemory<byte>?)null : (byte[])row.GetValue(column);
}
