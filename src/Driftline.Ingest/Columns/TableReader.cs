namespace Driftline.Ingest.Columns;

/// <summary>A value of a table.</summary>
/// <param name="Text">Its text; null where there is none.</param>
/// <param name="IsJson">Whether the text is JSON that is no string: a number, boolean, array or object of a JSON table.</param>
internal readonly record struct TableCell(string? Text, bool IsJson);

/// <summary>What the reader found next.</summary>
internal enum TableRowKind
{
    /// <summary>The table is over.</summary>
    End,

    /// <summary>A row whose cells can be asked for.</summary>
    Row,

    /// <summary>A row that cannot be read; see <see cref="TableReader.Problem"/>.</summary>
    Broken,

}

/// <summary>Reads a table row by row.</summary>
internal abstract class TableReader : IDisposable
{
    /// <summary>1-based line on which the current row starts.</summary>
    public long Line { get; protected set; }

    /// <summary>Lines read so far.</summary>
    public abstract long Lines { get; }

    /// <summary>What is wrong with the current row.</summary>
    public string Problem { get; protected set; } = "";

    /// <summary>1-based byte column of <see cref="Problem"/>, if known.</summary>
    public int? ProblemColumn { get; protected set; }

    /// <summary>Characters of the current row that were no text and were replaced.</summary>
    public long Replaced { get; protected set; }

    /// <summary>Bare NaN and the like in the current row, which became null.</summary>
    public int ValuesDropped { get; protected set; }

    /// <summary>The current row as it lies in the file.</summary>
    public abstract ReadOnlyMemory<byte> Raw { get; }

    /// <summary>Finds a column; −1 if the table cannot have it.</summary>
    public abstract int Bind(string column);

    /// <summary>A value of the current row.</summary>
    public abstract TableCell Cell(int column);

    /// <summary>Goes to the next row.</summary>
    public abstract ValueTask<TableRowKind> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
