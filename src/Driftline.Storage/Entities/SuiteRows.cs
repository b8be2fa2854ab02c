namespace Driftline.Storage.Entities;

/// <summary>A suite. It shows once it has a definition, which only a publication makes.</summary>
internal sealed class SuiteRow
{
    public long LineageId { get; set; }

    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>The definition as JSON; null until the first import is published.</summary>
    public string? Definition { get; set; }

    /// <summary>Set by a person: inference leaves it alone.</summary>
    public bool Edited { get; set; }

    /// <summary>What a mapping said, which beats inference.</summary>
    public string? Overrides { get; set; }

    /// <summary>What all published imports saw of it, as JSON.</summary>
    public string? Observations { get; set; }

    /// <summary>The import that made it.</summary>
    public long ImportId { get; set; }
}

/// <summary>A metadata value that occurs in a suite; at most 1,000 are kept for a key.</summary>
internal sealed class SuiteMetadataRow
{
    public long LineageId { get; set; }

    public long SuiteId { get; set; }

    public required string Key { get; set; }

    public required string Value { get; set; }
}

/// <summary>A prompt, stored once for all generations.</summary>
internal sealed class PromptRow
{
    public long LineageId { get; set; }

    public int Id { get; set; }

    public long SuiteId { get; set; }

    public required string SampleId { get; set; }

    /// <summary>128 bits of suite, sample id, input and target: its identity.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary>128 bits of input and target, by which generations are paired.</summary>
    public required byte[] ContentHash { get; set; }

    public string? Input { get; set; }

    public string? Target { get; set; }
}

/// <summary>A JSON text that many rows share: metadata and options.</summary>
internal sealed class TextRow
{
    public long LineageId { get; set; }

    public int Id { get; set; }

    public required byte[] Hash { get; set; }

    public required string Text { get; set; }
}
