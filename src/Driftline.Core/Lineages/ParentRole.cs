using System.Text.Json.Serialization;

namespace Driftline.Core.Lineages;

/// <summary>What a parent gave to its child.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ParentRole>))]
public enum ParentRole
{
    /// <summary>Its outputs are the child's training data.</summary>
    [JsonStringEnumMemberName("data")] Data,

    /// <summary>Its weights are where the child's training started.</summary>
    [JsonStringEnumMemberName("init")] Init,

    /// <summary>One of several models whose weights were averaged.</summary>
    [JsonStringEnumMemberName("merge")] Merge,

    /// <summary>It labelled or guided, without being copied.</summary>
    [JsonStringEnumMemberName("teacher")] Teacher,

    /// <summary>Shown beside the lineage for comparison only; no descent.</summary>
    [JsonStringEnumMemberName("reference")] Reference,
}
