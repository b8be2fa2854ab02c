using Driftline.Core.Records;

namespace Driftline.Storage.Columns;

/// <summary>The hashes that identify prompts, metadata and options.</summary>
internal static class PromptHash
{
    /// <summary>Input and target of a row: what two generations must share to be paired.</summary>
    public static UInt128 Content(SampleBatch batch, int row) => Hash128.Combine(
        Hash128.Compute(batch.Text(row, TextField.Input), batch.HasText(row, TextField.Input) ? 1UL : 2UL),
        Hash128.Compute(batch.Text(row, TextField.Target), batch.HasText(row, TextField.Target) ? 3UL : 4UL));

    /// <summary>The prompt's identity inside a lineage.</summary>
    public static UInt128 Key(UInt128 suite, ReadOnlySpan<byte> sampleId, UInt128 content) =>
        Hash128.Combine(suite, Hash128.Compute(sampleId), content);
}
