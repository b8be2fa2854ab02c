using System.Text.Json.Serialization;

namespace Driftline.Core.Measures;

/// <summary>Whether a measurement has a value, and if not, why.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MeasureStatus>))]
public enum MeasureStatus
{
    /// <summary>It has a value.</summary>
    [JsonStringEnumMemberName("ok")] Ok,

    /// <summary>It has a value, from an evaluation that is not complete.</summary>
    [JsonStringEnumMemberName("provisional")] Provisional,

    /// <summary>It is queued.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    /// <summary>What it needs was not logged.</summary>
    [JsonStringEnumMemberName("no_data")] NoData,

    /// <summary>The two sides were not measured alike.</summary>
    [JsonStringEnumMemberName("not_comparable")] NotComparable,

    /// <summary>There are too few prompts, repeats or generations for it.</summary>
    [JsonStringEnumMemberName("too_few")] TooFew,

    /// <summary>The definition gives no value here (a ratio to zero).</summary>
    [JsonStringEnumMemberName("undefined")] Undefined,

    /// <summary>Computing it failed; the reason says how.</summary>
    [JsonStringEnumMemberName("error")] Error,
}
