using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Driftline.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Driftline.Storage.Tests;

/// <summary>Turns a database into one that an earlier version wrote.</summary>
internal static class OlderDatabase
{
    /// <summary>Takes what rows say out of its blocks, as versions before them kept it, then undoes all migrations after one.</summary>
    /// <param name="folder">The data folder, which nobody has open.</param>
    /// <param name="migration">The last migration of that version.</param>
    public static async Task MakeAsync(string folder, string migration)
    {
        var source = $"Data Source={Path.Combine(folder, "driftline.db")};Pooling=False";
        await using (var connection = new SqliteConnection(source))
        {
            await connection.OpenAsync();
            await UnpackAsync(connection);
        }

        await using var older = new DriftlineContext(
            new DbContextOptionsBuilder<DriftlineContext>().UseSqlite(source, sqlite => sqlite.MigrationsAssembly(typeof(DriftlineDatabase).Assembly)).Options);
        await older.GetService<IMigrator>().MigrateAsync(migration);
    }

    private static async Task UnpackAsync(SqliteConnection connection)
    {
        await using var blocks = new SqliteCommand("SELECT lineage_id, part_id, first_row, rows, body FROM word_blocks", connection);
        await using var reader = await blocks.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var body = reader.GetFieldValue<byte[]>(4);
            var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(body)];
            Assert.True(BrotliDecoder.TryDecompress(body.AsSpan(4), bytes, out _));
            var at = reader.GetInt32(3) * 8;
            for (var row = 0; row < reader.GetInt32(3); row++)
            {
                var output = Take(bytes, (2 * row) * 4, ref at);
                var extra = Take(bytes, ((2 * row) + 1) * 4, ref at);
                if ((output ?? extra) is null)
                {
                    continue;
                }

                await using var insert = new SqliteCommand("INSERT INTO samples (lineage_id, part_id, ordinal, output, extra) VALUES (@lineage, @part, @row, @output, @extra)", connection);
                insert.Parameters.AddWithValue("@lineage", reader.GetInt64(0));
                insert.Parameters.AddWithValue("@part", reader.GetInt64(1));
                insert.Parameters.AddWithValue("@row", reader.GetInt32(2) + row);
                insert.Parameters.AddWithValue("@output", (object?)output ?? DBNull.Value);
                insert.Parameters.AddWithValue("@extra", (object?)extra ?? DBNull.Value);
                await insert.ExecuteNonQueryAsync();
            }
        }
    }

    private static string? Take(byte[] bytes, int place, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place));
        if (length < 0)
        {
            return null;
        }

        at += length;
        return Encoding.UTF8.GetString(bytes, at - length, length);
    }
}
