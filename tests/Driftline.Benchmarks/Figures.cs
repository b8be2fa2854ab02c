using System.Globalization;

namespace Driftline.Benchmarks;

/// <summary>Lines of a benchmark: what was measured, and beside it what it may be.</summary>
internal static class Figures
{
    /// <summary>Writes a line without a budget.</summary>
    public static void Write(string name, double value, string format, string unit) => Line(name, value, format, unit, "");

    /// <summary>Writes a line with the most that the value may be.</summary>
    public static void AtMost(string name, double value, string format, string unit, double budget) =>
        Line(name, value, format, unit, string.Create(CultureInfo.InvariantCulture, $"budget ≤ {budget:#,0.##}   {(value <= budget ? "met" : "MISSED")}"));

    /// <summary>Writes a line with the least that the value may be.</summary>
    public static void AtLeast(string name, double value, string format, string unit, double budget) =>
        Line(name, value, format, unit, string.Create(CultureInfo.InvariantCulture, $"budget ≥ {budget:#,0.##}   {(value >= budget ? "met" : "MISSED")}"));

    private static void Line(string name, double value, string format, string unit, string budget) =>
        Console.WriteLine($"{name,-34} {value.ToString(format, CultureInfo.InvariantCulture),12} {unit,-10} {budget}".TrimEnd());
}
