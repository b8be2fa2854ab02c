using System.Text;

namespace Driftline.Storage.Columns;

/// <summary>What a row says in words, as UTF-8.</summary>
/// <param name="Row">Its place in the part.</param>
/// <param name="OutputBytes">The output; null for none.</param>
/// <param name="ExtraBytes">What is kept beside; null for none.</param>
internal readonly record struct RowWords(int Row, ReadOnlyMemory<byte>? OutputBytes, ReadOnlyMemory<byte>? ExtraBytes)
{
    /// <summary>The output; null for none.</summary>
    public string? Output => OutputBytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>What is kept beside; null for none.</summary>
    public string? Extra => ExtraBytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => OutputBytes is null && ExtraBytes is null;
}
