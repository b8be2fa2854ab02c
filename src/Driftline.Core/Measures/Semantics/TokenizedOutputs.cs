using System.Runtime.CompilerServices;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// The outputs of an evaluation as numbers of the types that occur in them. A row is read when a measure first asks for it and kept as
/// long as the table is, or until <see cref="Forget"/>: every measure of words reads the same ones. May be asked on several threads.
/// </summary>
public sealed class TokenizedOutputs
{
    private static readonly ConditionalWeakTable<EvaluationTable, TokenizedOutputs> Known = [];

    private readonly Lock _reading = new();
    private readonly IReadOnlyList<string?> _outputs;
    private readonly int[]?[] _rows;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _types = [];
    private readonly List<int> _tokens = [];
    private readonly Lazy<int[]> _lengths;

    private TokenizedOutputs(EvaluationTable table)
    {
        _outputs = table.Outputs();
        _rows = new int[]?[_outputs.Count];
        _lengths = new(() =>
        {
            var lengths = new int[_outputs.Count];
            Parallel.For(0, lengths.Length, row => lengths[row] = _outputs[row] is { } output ? Tokens.Count(output) : -1);
            return lengths;
        });
    }

    /// <summary>The number of tokens of each row; −1 where it has no output.</summary>
    internal int[] Lengths => _lengths.Value;

    /// <summary>Gives back the memory that a table's words take; they are read again when next needed.</summary>
    public static void Forget(EvaluationTable table) => Known.Remove(table);

    /// <summary>The outputs of a table.</summary>
    internal static TokenizedOutputs Of(EvaluationTable table) => Known.GetValue(table, static table => new TokenizedOutputs(table));

    /// <summary>The types of a row's output, in order; null where it has none.</summary>
    internal int[]? Row(int row)
    {
        lock (_reading)
        {
            return _rows[row] ??= _outputs[row] is { } output ? Read(output) : null;
        }
    }

    /// <summary>A type, lower-case, by its number.</summary>
    internal string Type(int number)
    {
        lock (_reading)
        {
            return _types[number];
        }
    }

    private int[] Read(string output)
    {
        var lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens.Clear();
        Tokens.Visit(output, token =>
        {
            if (!lookup.TryGetValue(token, out var type))
            {
                type = _types.Count;
                _types.Add(token.ToString());
                _numbers[_types[type]] = type;
            }

            _tokens.Add(type);
        });
        return [.. _tokens];
    }
}
