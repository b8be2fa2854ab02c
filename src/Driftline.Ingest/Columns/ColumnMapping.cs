using System.Text.Json;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Columns;

/// <summary>Says what the columns of a table mean.</summary>
public sealed record ColumnMapping
{
    private ColumnMapping(string canonical) => Canonical = canonical;

    /// <summary>The mapping as JSON, equal for equal mappings: for content keys.</summary>
    public string Canonical { get; }

    /// <summary>Reads a mapping.</summary>
    /// <exception cref="MappingException">It cannot be used; the message names the key.</exception>
    public static ColumnMapping Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new ColumnMapping(CanonicalJson.From(document.RootElement));
        }
        catch (JsonException e)
        {
            throw new MappingException([$"The mapping is not valid JSON: {e.Message}"]);
        }
    }

    /// <summary>Reads a mapping from a file.</summary>
    /// <exception cref="MappingException">It cannot be used; the message names the key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<ColumnMapping> LoadAsync(string file, CancellationToken cancellationToken = default) =>
        Parse(await File.ReadAllTextAsync(file, cancellationToken));
}
