using System.Text;
using System.Text.Json;

namespace Driftline.Storage;

/// <summary>Reads a sample's metadata: a JSON object to keys and values as text.</summary>
internal static class MetadataText
{
    /// <summary>Key → value as text: strings as they are, booleans as true and false, numbers and nested values as written; null values are left out.</summary>
    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<byte> json)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return values;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    break;
                case JsonTokenType.String:
                    values[key] = reader.GetString()!;
                    break;
                default:
                    // true, false, 2.50, {"a":1}: as written
                    reader.Skip();
                    values[key] = Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
                    break;
            }
        }

        return values;
    }
}
