using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Driftline.Ingest.Columns;

/// <summary>Reads a table of separated values with a header line.</summary>
internal sealed class CsvTableReader : TableReader
{
    private readonly CsvReader _reader;
    private readonly string _name;
    private readonly string[] _header;
    private CsvMalformedReason? _malformed;

    public CsvTableReader(Stream stream, char delimiter, string name, ImportLimits limits)
    {
        _name = name;
        _reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = delimiter,
            TrackLineNumbers = true,
            MaxRecordSize = limits.MaxLineBytes,
            OnMalformedRecord = record => _malformed = record.Reason,
        });
        try
        {
            _reader.ReadHeader();
        }
        catch (CsvFormatException e)
        {
            throw new LogRejectedException($"{name} has no header line that can be read: {e.Message}", e);
        }

        _header = [.. _reader.Headers.Select(column => column.Trim())];
    }

    public IReadOnlyList<string> Header => _header;

    public override long Lines => Line;

    public override ReadOnlyMemory<byte> Raw => _reader.RawRecord.ToArray();

    public override int Bind(string column)
    {
        var first = Array.IndexOf(_header, column);
        if (first >= 0 && Array.LastIndexOf(_header, column) > first)
        {
            throw new LogRejectedException($"{_name} has the column {column} more than once: give its columns different names.");
        }

        return first;
    }

    public override TableCell Cell(int column)
    {
        var text = _reader.GetString(column);
        return new TableCell(text.Length == 0 ? null : text, IsJson: false);
    }

    public override ValueTask<TableRowKind> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _malformed = null;
        bool isRow;
        try
        {
            isRow = _reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new LogRejectedException(
                $"{_name} has a record after line {Line} that does not end: most likely a quote is opened and never closed.", e);
        }

        if (!isRow)
        {
            return ValueTask.FromResult(TableRowKind.End);
        }

        Line = _reader.LineNumber;
        Replaced = Utf8.IsValid(_reader.RawRecord) ? 0 : Encoding.UTF8.GetString(_reader.RawRecord).Count(c => c == '\uFFFD');
        Problem = _malformed switch
        {
            null when _reader.FieldCount == _header.Length => "",
            null => $"The row has {_reader.FieldCount} fields, the header has {_header.Length}: put fields that hold the delimiter into quotes.",
            CsvMalformedReason.UnterminatedQuote => "A quote is opened and never closed: put the whole field into quotes, and double the quotes inside it.",
            _ => "A quote stands where none may: put the whole field into quotes, and double the quotes inside it.",
        };
        return ValueTask.FromResult(Problem.Length > 0 ? TableRowKind.Broken : TableRowKind.Row);
    }

    protected override void Dispose(bool disposing)
    {
        _reader.Dispose();
        base.Dispose(disposing);
    }
}
