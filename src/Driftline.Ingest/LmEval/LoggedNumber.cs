using System.Globalization;
using System.Text.Json;
using Driftline.Core.Records;

namespace Driftline.Ingest.LmEval;

/// <summary>Numbers as the harness writes them; those of NumPy, which Python's json module does not know, come as texts.</summary>
internal static class LoggedNumber
{
    /// <summary>Reads a number, a truth value, or either as a text; null and what is not finite are <see cref="ScoreColumn.NoValue"/>.</summary>
    /// <returns>False for anything else (a list, an object, "N/A").</returns>
    public static bool TryRead(JsonElement element, out double value, out ScoreKind kind)
    {
        value = ScoreColumn.NoValue;
        kind = ScoreKind.Number;
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return true;
            case JsonValueKind.True or JsonValueKind.False:
                kind = ScoreKind.Boolean;
                value = element.ValueKind == JsonValueKind.True ? 1 : 0;
                return true;
            case JsonValueKind.Number:
                value = Finite(element.GetDouble());
                return true;
            case JsonValueKind.String when element.GetString() is "True" or "False":
                kind = ScoreKind.Boolean;
                value = element.GetString() == "True" ? 1 : 0;
                return true;
            case JsonValueKind.String when double.TryParse(element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                value = Finite(number);
                return true;
            case JsonValueKind.String when element.GetString() is "nan" or "inf" or "-inf":
                return true;
            default:
                return false;
        }
    }

    private static double Finite(double number) => double.IsFinite(number) ? number : ScoreColumn.NoValue;
}
