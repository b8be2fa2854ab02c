using System.Globalization;
using System.Text;
using System.Text.Json;
using Driftline.Core.Measures;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Api.Figures;

/// <summary>The numbers behind a figure as a table: one row a measurement, columns named as in <c>series</c>, numbers at full precision.</summary>
public static class FigureNumbers
{
    // What a spreadsheet would take for the beginning of a formula.
    private const string FormulaStarts = "=+-@\t\r";

    private static readonly (string Name, Func<PointDocument, object?> Cell)[] Columns =
    [
        ("branch", point => point.Branch),
        ("seed", point => point.Seed),
        ("generation", point => point.Generation),
        ("model", point => point.Model),
        ("value", point => point.Value),
        ("lo", point => point.Lo),
        ("hi", point => point.Hi),
        ("recipe_lo", point => point.RecipeLo),
        ("recipe_hi", point => point.RecipeHi),
        ("training_sd", point => point.TrainingSd),
        ("stderr", point => point.Stderr),
        ("n", point => point.N),
        ("n_clusters", point => point.NClusters),
        ("p_value", point => point.PValue),
        ("noise_floor", point => point.NoiseFloor),
        ("noise_floor_mean", point => point.NoiseFloorMean),
        ("status", point => ContractName(point.Status)),
        ("reason", point => point.Reason),
    ];

    /// <summary>Writes series below each other as CSV (RFC 4180, UTF-8): a header row, then a row for each measurement.</summary>
    public static byte[] ToCsv(IReadOnlyList<MeasureSeries> series)
    {
        var text = new StringBuilder();
        WriteRow(text, [.. (ReadOnlySpan<string>)["lineage", "measure", "suite", "slice", "baseline"], .. Columns.Select(column => column.Name)]);
        foreach (var one in series)
        {
            string?[] key = [one.Lineage, one.Measure, one.Suite, one.Slice, one.Baseline.ToString()];
            foreach (var point in one.Points.Select(PointDocument.Of))
            {
                WriteRow(text, [.. key, .. Columns.Select(column => column.Cell(point))]);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Writes series as a JSON array of the documents that <c>series --json</c> prints.</summary>
    public static byte[] ToJson(IReadOnlyList<MeasureSeries> series) =>
        JsonSerializer.SerializeToUtf8Bytes(series.Select(SeriesDocument.Of), ContractJson.Options);

    /// <summary>
    /// A cell as it is written: numbers in the shortest form that reads back as the same number; text that a spreadsheet would run as
    /// a formula begins with an apostrophe, unless it is a number.
    /// </summary>
    internal static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        string text => IsFormula(text) ? "'" + text : text,
        _ => throw new ArgumentException($"A cell cannot hold {value.GetType()}.", nameof(value)),
    };

    private static bool IsFormula(string text) =>
        text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal)
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static void WriteRow(StringBuilder text, IEnumerable<object?> cells) =>
        text.AppendJoin(',', cells.Select(cell => Quoted(Cell(cell)))).Append("\r\n");

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string ContractName(MeasureStatus status) =>
        JsonSerializer.SerializeToElement(status, ContractJson.Options).GetString()!;
}
