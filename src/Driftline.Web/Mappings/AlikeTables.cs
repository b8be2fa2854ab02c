using Driftline.Ingest;
using Driftline.Ingest.Columns;

namespace Driftline.Web.Mappings;

/// <summary>Tables that came together, such as one of each generation: one mapping reads them all.</summary>
public static class AlikeTables
{
    // Enough for the columns; of JSON Lines a record may lack some.
    private const int LookedRows = 50;

    /// <summary>Those that wait for a mapping and have the columns of a table, by name.</summary>
    /// <param name="tables">All that wait.</param>
    /// <param name="table">The table; not among the answer.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="options">How the table is read.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public static async Task<IReadOnlyList<WaitingTable>> FindAsync(
        WaitingTables tables, WaitingTable table, IReadOnlyList<string> columns, ReadOptions options, CancellationToken cancellationToken)
    {
        var alike = new List<WaitingTable>();
        foreach (var other in tables.All.Where(other => other.Id != table.Id && other.Reason is not null && File.Exists(other.Path)))
        {
            try
            {
                var preview = await TablePreview.ReadAsync(LogSource.FromFile(other.Path, other.Name), options, 1, LookedRows, cancellationToken);
                if (preview.Columns.Select(column => column.Name).Order(StringComparer.Ordinal).SequenceEqual(columns.Order(StringComparer.Ordinal)))
                {
                    alike.Add(other);
                }
            }
            catch (LogRejectedException)
            {
                // Written another way: it is not alike, and says what is wrong with it where it is opened itself.
            }
        }

        return [.. alike.OrderBy(other => other.Name, StringComparer.Ordinal)];
    }
}
