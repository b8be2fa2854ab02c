using System.Text.Json.Serialization;

namespace Driftline.Core.Suites;

/// <summary>What a suite is about; it decides which measures and pages take it up.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SuiteFamily>))]
public enum SuiteFamily
{
    /// <summary>What the model holds to be good.</summary>
    [JsonStringEnumMemberName("value")] Value,

    /// <summary>Unequal treatment or portrayal of groups.</summary>
    [JsonStringEnumMemberName("bias")] Bias,

    /// <summary>What free text means and how varied it is.</summary>
    [JsonStringEnumMemberName("semantic")] Semantic,

    /// <summary>Refusals and harm.</summary>
    [JsonStringEnumMemberName("safety")] Safety,

    /// <summary>What the model can do.</summary>
    [JsonStringEnumMemberName("capability")] Capability,

    /// <summary>What the model says about itself.</summary>
    [JsonStringEnumMemberName("reflectivity")] Reflectivity,

    /// <summary>Planted behaviours.</summary>
    [JsonStringEnumMemberName("poisoning")] Poisoning,

    /// <summary>Whether words match images, actions or facts.</summary>
    [JsonStringEnumMemberName("grounding")] Grounding,
}
