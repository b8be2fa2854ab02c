using System.Collections;

namespace Driftline.Core.Measures.Tables;

/// <summary>Some rows of a list, without copying them.</summary>
/// <param name="all">The list.</param>
/// <param name="rows">Which of it, in order.</param>
internal sealed class PickedRows<T>(IReadOnlyList<T> all, int[] rows) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => rows.Length;

    /// <inheritdoc/>
    public T this[int index] => all[rows[index]];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => rows.Select(row => all[row]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
