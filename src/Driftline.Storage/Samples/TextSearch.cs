using System.Buffers;
using System.Data.Common;
using System.Text;

namespace Driftline.Storage.Samples;

/// <summary>Looks for a text in others, whatever their case. Thread-safe.</summary>
/// <param name="text">What is looked for; not empty.</param>
internal sealed class TextSearch(string text)
{
    private readonly SearchValues<string> _wanted = SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it occurs.</summary>
    public bool IsIn(string? other) => other is not null && other.AsSpan().ContainsAny(_wanted);

    /// <summary>Whether it occurs in a column, which may be null.</summary>
    public bool IsIn(DbDataReader row, int column) => !row.IsDBNull(column) && IsIn(row.GetString(column));

    /// <summary>Whether it occurs in a text of UTF-8.</summary>
    public bool IsIn(ReadOnlySpan<byte> utf8)
    {
        // A byte is never more than one character.
        var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            return characters.AsSpan(0, Encoding.UTF8.GetChars(utf8, characters)).ContainsAny(_wanted);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
