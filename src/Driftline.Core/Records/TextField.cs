namespace Driftline.Core.Records;

/// <summary>The texts of a sample, each kept as UTF-8 in the arena of its <see cref="SampleBatch"/>.</summary>
public enum TextField
{
    /// <summary>The prompt's identity across generations. Required.</summary>
    SampleId,

    /// <summary>The prompt.</summary>
    Input,

    /// <summary>The expected answer.</summary>
    Target,

    /// <summary>What the model said.</summary>
    Output,

    /// <summary>The categorical choice.</summary>
    Answer,

    /// <summary>All choices, as a compact JSON array of strings.</summary>
    Options,

    /// <summary>The sample's metadata, as a compact JSON object.</summary>
    Metadata,

    /// <summary>Everything else worth keeping (<c>messages</c>, <c>attachments</c>, <c>explanations</c>, <c>about</c>), as one compact JSON object.</summary>
    Extra,
}
