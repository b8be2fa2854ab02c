using Driftline.Ingest.Files;

namespace Driftline.Ingest.Columns;

/// <summary>The second table of a mapping, in memory: the columns that are asked for, by key.</summary>
internal sealed class JoinedRows
{
    private const long MaxBytes = 256L << 20;

    private readonly Dictionary<string, TableCell[]> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _columns;

    private JoinedRows(List<string> columns) => _columns = columns;

    /// <summary>Reads the table.</summary>
    /// <exception cref="MappingException">It cannot be used; the message names the key.</exception>
    public static async Task<JoinedRows> LoadAsync(string path, JoinedTable join, IReadOnlyCollection<string> wanted, ImportLimits limits, CancellationToken cancellationToken)
    {
        var source = LogSource.FromFile(path, join.File);
        if (source.Bytes > MaxBytes)
        {
            throw new MappingException([$"join.file: {join.File} is larger than {MaxBytes >> 20} MiB, which is held in memory; put its columns into the log itself."]);
        }

        var shape = TableShape.Of(LogProbe.Open(source, new ReadOptions { Limits = limits }));
        if (shape.Columns.Count == 0)
        {
            throw new MappingException([$"join.file: {join.File} is no table with a header."]);
        }

        if (!shape.Columns.Contains(join.Key))
        {
            throw new MappingException([$"join.key: {join.File} has no column {join.Key}. Its columns: {string.Join(", ", shape.Columns)}."]);
        }

        var columns = wanted.Where(shape.Columns.Contains).ToList();
        var joined = new JoinedRows(columns);
        using var file = LogFile.Open(source, limits);
        using var table = shape.Open(file.Text, source.Name, limits);
        var key = table.Bind(join.Key);
        var bound = columns.Select(table.Bind).ToArray();
        while (await table.ReadAsync(cancellationToken) is var kind && kind != TableRowKind.End)
        {
            if (kind == TableRowKind.Broken)
            {
                throw new MappingException([$"join.file: {join.File}, line {table.Line}: {table.Problem}"]);
            }

            if (table.Cell(key).Text is { } id)
            {
                joined._rows[id] = [.. bound.Select(table.Cell)];
            }
        }

        return joined;
    }

    /// <summary>Finds a column; −1 if the table does not have it.</summary>
    public int Bind(string column) => _columns.IndexOf(column);

    /// <summary>A value of the row with a key; none if there is no such row.</summary>
    public TableCell Cell(string? key, int column) => key is not null && _rows.TryGetValue(key, out var row) ? row[column] : default;
}
