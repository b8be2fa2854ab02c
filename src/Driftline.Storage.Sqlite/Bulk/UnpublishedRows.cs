using Driftline.Storage.Entities;
using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Sqlite.Bulk;

/// <summary>Removes what imports wrote that were never published.</summary>
internal static class UnpublishedRows
{
    private const int PromptsPerTransaction = 50_000;

    /// <summary>Removes all of it; the caller holds the writer lock and no import is under way.</summary>
    public static void Sweep(SqliteConnection connection)
    {
        foreach (var importId in Ids(connection, $"SELECT id FROM imports WHERE status = '{ImportStatus.Writing}'", 0))
        {
            Remove(connection, importId);
        }
    }

    /// <summary>Removes an import that was not published, a bounded number of rows at a time, itself last.</summary>
    public static void Remove(SqliteConnection connection, long importId)
    {
        if (connection.ReadLong($"SELECT 1 FROM imports WHERE id = @id AND status = '{ImportStatus.Writing}'", ("@id", importId)) is null)
        {
            // published after all: the error came after the commit
            return;
        }

        foreach (var lineageId in Ids(connection, "SELECT lineage_id FROM import_lineages WHERE import_id = @id", importId))
        {
            var firstPart = First(connection, "first_part", importId, lineageId);
            var lastPart = connection.ReadLong(
                """
                SELECT max(
                    coalesce((SELECT max(part_id) FROM samples WHERE lineage_id = @lineage), 0),
                    coalesce((SELECT max(part_id) FROM word_blocks WHERE lineage_id = @lineage), 0),
                    coalesce((SELECT max(id) FROM parts WHERE lineage_id = @lineage), 0))
                """,
                ("@lineage", lineageId)) ?? 0;
            for (var part = firstPart; part <= lastPart; part++)
            {
                connection.Execute(
                    """
                    BEGIN IMMEDIATE;
                    DELETE FROM samples WHERE lineage_id = @lineage AND part_id = @part;
                    DELETE FROM word_blocks WHERE lineage_id = @lineage AND part_id = @part;
                    DELETE FROM part_columns WHERE lineage_id = @lineage AND part_id = @part;
                    DELETE FROM parts WHERE lineage_id = @lineage AND id = @part;
                    COMMIT;
                    """,
                    ("@lineage", lineageId),
                    ("@part", part));
            }

            RemoveFrom(connection, "prompts", lineageId, First(connection, "first_prompt", importId, lineageId));
            RemoveFrom(connection, "texts", lineageId, First(connection, "first_text", importId, lineageId));
        }

        connection.Execute(
            """
            BEGIN IMMEDIATE;
            DELETE FROM import_lineages WHERE import_id = @id;
            DELETE FROM suites WHERE import_id = @id AND definition IS NULL;
            DELETE FROM lineages WHERE import_id = @id AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.lineage_id = lineages.id);
            DELETE FROM imports WHERE id = @id;
            COMMIT;
            """,
            ("@id", importId));
        connection.Shrink();
    }

    private static void RemoveFrom(SqliteConnection connection, string table, long lineageId, long first)
    {
        var last = connection.ReadLong($"SELECT max(id) FROM {table} WHERE lineage_id = @lineage", ("@lineage", lineageId)) ?? 0;
        for (; first <= last; first += PromptsPerTransaction)
        {
            connection.Execute(
                $"DELETE FROM {table} WHERE lineage_id = @lineage AND id >= @first AND id < @end",
                ("@lineage", lineageId),
                ("@first", first),
                ("@end", first + PromptsPerTransaction));
        }
    }

    private static long First(SqliteConnection connection, string column, long importId, long lineageId) => connection.ReadLong(
        $"SELECT {column} FROM import_lineages WHERE import_id = @id AND lineage_id = @lineage", ("@id", importId), ("@lineage", lineageId))!.Value;

    private static List<long> Ids(SqliteConnection connection, string sql, long importId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@id", importId);
        using var reader = command.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
