using System.Buffers;
using System.Data.Common;
using System.Text;

namespace Driftline.Storage.Samples;

/// <summary>Looks for a text in others, whatever their case. For one caller at a time.</summary>
/// <param name="text">What is looked for; not empty.</param>
internal sealed class TextSearch(string text)
{
    private readonly SearchValues<string> _wanted = SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);
    private char[] _characters = [];

    /// <summary>Whether it occurs.</summary>
    public bool IsIn(string? other) => other is not null && other.AsSpan().ContainsAny(_wanted);

    /// <summary>Whether it occurs in a column, which may be null.</summary>
    public bool IsIn(DbDataReader row, int column) => !row.IsDBNull(column) && IsIn(row.GetString(column));

    /// <summary>Whether it occurs in a text of UTF-8.</summary>
    public bool IsIn(ReadOnlySpan<byte> utf8)
    {
        if (_characters.Length < utf8.Length)
        {
            // A byte is never more than one character.
            _characters = new char[Math.Max(utf8.Length, 2 * _characters.Length)];
        }

        return _characters.AsSpan(0, Encoding.UTF8.GetChars(utf8, _characters)).ContainsAny(_wanted);
    }
}
