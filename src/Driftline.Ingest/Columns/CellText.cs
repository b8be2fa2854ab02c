using System.Globalization;
using System.Text;
using System.Text.Json;
using Driftline.Core.Records;

namespace Driftline.Ingest.Columns;

/// <summary>Reads values of cells.</summary>
internal static class CellText
{
    private static readonly HashSet<string> NoValues = new(StringComparer.OrdinalIgnoreCase) { "na", "n/a", "null", "none", "-" };
    private static readonly HashSet<string> NonFinite = new(StringComparer.OrdinalIgnoreCase) { "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" };

    /// <summary>Reads a score.</summary>
    /// <param name="text">The cell; null is no value.</param>
    /// <param name="type">What the mapping says it is.</param>
    /// <param name="value">The number; <see cref="ScoreColumn.NoValue"/> where there is none.</param>
    /// <param name="kind">How it was written.</param>
    /// <param name="dropped">Grows where a number became no value.</param>
    public static bool TryScore(string? text, ColumnType type, out double value, out ScoreKind kind, ref long dropped)
    {
        kind = type == ColumnType.Boolean ? ScoreKind.Boolean : ScoreKind.Number;
        value = ScoreColumn.NoValue;
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed) || NoValues.Contains(trimmed))
        {
            return true;
        }

        if (type != ColumnType.Number && (IsTrue(trimmed, type) || IsFalse(trimmed, type)))
        {
            value = IsTrue(trimmed, type) ? 1 : 0;
            kind = ScoreKind.Boolean;
            return true;
        }

        if (NonFinite.Contains(trimmed))
        {
            dropped++;
            return true;
        }

        if (type == ColumnType.Boolean || !double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        if (!double.IsFinite(value))
        {
            dropped++;
            value = ScoreColumn.NoValue;
        }

        return true;
    }

    /// <summary>Reads a whole number; "3.0", as pandas writes it, counts.</summary>
    public static bool TryWhole(string? text, out int value)
    {
        value = 0;
        if (text is null || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || number != Math.Truncate(number) || Math.Abs(number) > int.MaxValue)
        {
            return false;
        }

        value = (int)number;
        return true;
    }

    /// <summary>Reads a JSON array of numbers; empty where one of them is none.</summary>
    public static bool TryVector(string text, out float[] vector)
    {
        vector = [];
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            var values = new List<float>();
            var whole = true;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.Null))
                {
                    return false;
                }

                whole &= reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value) && Add(values, value);
            }

            vector = whole ? [.. values] : [];
            return true;
        }
        catch (JsonException)
        {
            // The caller says of which column and row.
            return false;
        }
    }

    // 1 and 0 are numbers unless the mapping says otherwise.
    private static bool IsTrue(string text, ColumnType type) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) || (type == ColumnType.Boolean && text.ToLowerInvariant() is ("1" or "1.0" or "yes" or "y" or "t"));

    private static bool IsFalse(string text, ColumnType type) =>
        text.Equals("false", StringComparison.OrdinalIgnoreCase) || (type == ColumnType.Boolean && text.ToLowerInvariant() is ("0" or "0.0" or "no" or "n" or "f"));

    private static bool Add(List<float> values, float value)
    {
        values.Add(value);
        return true;
    }
}
