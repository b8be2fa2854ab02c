using System.Text.Json;
using System.Text.Json.Serialization;

namespace Driftline.Storage;

/// <summary>How small structures are kept in columns of text.</summary>
internal static class StorageJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // a score without a value has infinite extremes
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // keeps the ordinal comparers of sets
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new InvalidDataException($"The database holds 'null' where {typeof(T).Name} should be: it is damaged; import its logs into a new one.");
}
