using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Driftline.Ingest.Json;

/// <summary>Writes JSON so that equal values are equal strings: compact, keys in ordinal order, the last of equal keys, whole numbers without a fraction.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value of a log.</summary>
    /// <param name="json">Valid JSON; lone surrogates are replaced.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    public static string From(ReadOnlySpan<byte> json, int maxDepth)
    {
        var compact = new byte[json.Length];
        var replaced = 0L;
        var length = JsonText.Compact(json, compact, ref replaced);
        using var document = JsonDocument.Parse(compact.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = maxDepth });
        return From(document.RootElement);
    }

    /// <summary>Writes an element.</summary>
    public static string From(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            Write(writer, element);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var last = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    last[property.Name] = property.Value;
                }

                foreach (var (name, value) in last)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                WriteNumber(writer, element);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
        {
            writer.WriteNumberValue(whole);
        }
        else if (element.TryGetDouble(out var number) && double.IsFinite(number))
        {
            if (number == Math.Truncate(number) && Math.Abs(number) < 1L << 53)
            {
                writer.WriteNumberValue((long)number);
            }
            else
            {
                writer.WriteNumberValue(number);
            }
        }
        else
        {
            element.WriteTo(writer);
        }
    }
}
