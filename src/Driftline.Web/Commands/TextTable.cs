namespace Driftline.Web.Commands;

/// <summary>Prints rows in aligned columns for a person at a terminal.</summary>
public static class TextTable
{
    private const int WidestCell = 60;

    /// <summary>Writes a header line and one line a row; a long cell is cut with an ellipsis, except in the last column.</summary>
    public static void Write<T>(TextWriter output, IReadOnlyList<(string Title, Func<T, string?> Cell)> columns, IEnumerable<T> rows)
    {
        var lines = new List<string[]> { columns.Select(column => column.Title).ToArray() };
        lines.AddRange(rows.Select(row => columns.Select((column, index) => Cut(column.Cell(row) ?? "", index == columns.Count - 1)).ToArray()));
        var widths = columns.Select((_, index) => lines.Max(line => line[index].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, index) => cell.PadRight(widths[index]))).TrimEnd());
        }
    }

    /// <summary>Text that came from a log, without the control characters that would steer the terminal.</summary>
    public static string Clean(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));

    private static string Cut(string cell, bool last)
    {
        var clean = Clean(cell);
        return last || clean.Length <= WidestCell ? clean : clean[..(WidestCell - 1)] + "…";
    }
}
