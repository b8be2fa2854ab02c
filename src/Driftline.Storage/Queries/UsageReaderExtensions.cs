using System.Text;
using Driftline.Core.Samples;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Queries;

/// <summary>Reads texts that rows share, and what models used for rows.</summary>
internal static class UsageReaderExtensions
{
    /// <summary>Texts by their numbers, which ascend, in that order; others may be among them.</summary>
    public static IEnumerable<(int Text, byte[] Json)> ReadTexts(this PartReader reader, IReadOnlyList<int> ids)
    {
        // The texts of an evaluation mostly came in a row: then one scan reads them all.
        if (ids[^1] - ids[0] < 2L * ids.Count)
        {
            using var range = reader.Command("SELECT id, text FROM texts WHERE lineage_id = @lineage AND id BETWEEN @first AND @last ORDER BY id", ("@first", ids[0]), ("@last", ids[^1]));
            using var rows = range.ExecuteReader();
            while (rows.Read())
            {
                yield return (rows.GetInt32(0), Encoding.UTF8.GetBytes(rows.GetString(1)));
            }

            yield break;
        }

        using var one = reader.Command("SELECT text FROM texts WHERE lineage_id = @lineage AND id = @id", ("@id", 0));
        one.Prepare();
        foreach (var id in ids)
        {
            one.Parameters["@id"].Value = id;
            if (one.ExecuteScalar() is string text)
            {
                yield return (id, Encoding.UTF8.GetBytes(text));
            }
        }
    }

    /// <summary>What models used for the rows of a part, of some fields; taken out of what is kept beside the rows where an earlier version wrote the part.</summary>
    /// <param name="reader">Reads it.</param>
    /// <param name="part">The part and its rows.</param>
    /// <param name="fields">The fields; null for all.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<IReadOnlyList<(string Model, UsageField Field, double[] Values)>> UsageAsync(
        this PartReader reader, (long Id, int Rows) part, IReadOnlySet<UsageField>? fields, CancellationToken cancellationToken)
    {
        var columns = new List<(string, UsageField, double[])>();
        var isKnown = false;
        await using (var command = reader.Command(
            $"SELECT kind, name, body FROM part_columns WHERE lineage_id = @lineage AND part_id = @id AND kind IN ({(int)ColumnKind.Usage}, {(int)ColumnKind.UsageTotals}) ORDER BY kind, name", ("@id", part.Id)))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (rows.GetInt32(0) == (int)ColumnKind.UsageTotals)
                {
                    isKnown = true;
                }
                else if (UsageColumns.Parse(rows.GetString(1)) is var (model, field) && fields?.Contains(field) != false)
                {
                    var values = new double[part.Rows];
                    ColumnCodec.Decode((byte[])rows.GetValue(2), values.AsSpan());
                    columns.Add((model, field, values));
                }
            }
        }

        if (isKnown)
        {
            return columns;
        }

        using var built = await reader.BuildUsageAsync(part, cancellationToken);
        return [.. built.Columns.Select(column => (Name: UsageColumns.Parse(column.Name), column.Values)).Where(column => fields?.Contains(column.Name.Field) != false).Select(column => (column.Name.Model, column.Name.Field, column.Values.Values.ToArray()))];
    }

    /// <summary>Takes the usage of models out of what is kept beside the rows of a part.</summary>
    public static async Task<UsageColumns> BuildUsageAsync(this PartReader reader, (long Id, int Rows) part, CancellationToken cancellationToken)
    {
        await using var named = reader.Command(
            "SELECT n.model FROM parts p JOIN evaluations e ON e.lineage_id = p.lineage_id AND e.id = p.evaluation_id JOIN nodes n ON n.lineage_id = e.lineage_id AND n.id = e.node_id WHERE p.lineage_id = @lineage AND p.id = @id",
            ("@id", part.Id));
        var usage = new UsageColumns((string?)await named.ExecuteScalarAsync(cancellationToken) ?? "");
        foreach (var words in reader.ReadWords(part.Id))
        {
            if (words.ExtraBytes is { } extra)
            {
                usage.Add(words.Row, extra.Span);
            }
        }

        usage.Complete(part.Rows);
        return usage;
    }
}
