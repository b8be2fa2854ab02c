namespace Driftline.Storage.Entities;

/// <summary>A setting of the whole installation.</summary>
internal sealed class SettingRow
{
    public required string Key { get; set; }

    /// <summary>The value as JSON.</summary>
    public required string Value { get; set; }
}

/// <summary>A setting of one lineage.</summary>
internal sealed class LineageSettingRow
{
    public long LineageId { get; set; }

    public required string Key { get; set; }

    /// <summary>The value as JSON.</summary>
    public required string Value { get; set; }
}

/// <summary>The vector that an embedding endpoint gave for a text, so that no text is sent twice.</summary>
internal sealed class EmbeddingVectorRow
{
    /// <summary>Endpoint and model as the embedder names itself.</summary>
    public required string Model { get; set; }

    /// <summary>128 bits of the text.</summary>
    public required byte[] TextHash { get; set; }

    /// <summary>Unit length, little-endian float32.</summary>
    public required byte[] Vector { get; set; }
}
