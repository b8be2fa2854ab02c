using System.Buffers.Text;
using System.Text.Json;
using Driftline.Core.Lineages;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Native;

/// <summary>Understands the header keys of a line.</summary>
internal sealed class NativeHeaderReader(ImportLimits limits, ReadReport report)
{
    /// <summary>Reads the header; what is wrong is noted on the line.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, NativeLine line, out LoggedRun logged)
    {
        logged = new LoggedRun();
        if (!TrySchemaVersion(text, line)
            || !TryText(text, line, NativeKey.Lineage, numbers: false, out var lineage)
            || !TryText(text, line, NativeKey.Branch, numbers: false, out var branch)
            || !TryText(text, line, NativeKey.Seed, numbers: true, out var seed)
            || !TryGeneration(text, line, out var generation)
            || !TryText(text, line, NativeKey.Checkpoint, numbers: true, out var checkpoint)
            || !TryText(text, line, NativeKey.Model, numbers: false, out var model)
            || !TryText(text, line, NativeKey.Task, numbers: false, out var task)
            || !TryText(text, line, NativeKey.RunId, numbers: true, out var runId)
            || !TryParents(text, line, out var parents)
            || !TryConfig(text, line, out var config))
        {
            return false;
        }

        logged = new LoggedRun
        {
            Lineage = lineage,
            Branch = branch,
            Seed = seed,
            Generation = generation,
            Checkpoint = checkpoint,
            Model = model,
            Suite = task,
            RunId = runId,
            Parents = parents,
            Config = config,
        };
        return true;
    }

    private bool TrySchemaVersion(ReadOnlySpan<byte> text, NativeLine line)
    {
        var slice = line[NativeKey.SchemaVersion];
        if (slice.IsMissing)
        {
            report.Note("Lines without schema_version were read as version 1.");
            return true;
        }

        var version = text.Slice(slice.Start, slice.Length);
        var major = version.IndexOf((byte)'.') is var dot and >= 0 ? version[..dot] : version;
        return (slice.Type is JsonTokenType.String or JsonTokenType.Number && major.SequenceEqual("1"u8))
            || line.Fail(text, NativeKey.SchemaVersion, "\"1\", the version that this program reads");
    }

    private bool TryText(ReadOnlySpan<byte> text, NativeLine line, NativeKey key, bool numbers, out string? value)
    {
        value = null;
        var slice = line[key];
        if (slice.IsMissing)
        {
            return true;
        }

        if (slice.Type != JsonTokenType.String && !(numbers && slice.Type == JsonTokenType.Number))
        {
            return line.Fail(text, key, numbers ? "a string or an integer" : "a string");
        }

        if (slice.Length == 0)
        {
            return true;
        }

        var replaced = 0L;
        value = line.TextOf(text, slice, ref replaced);
        report.CharactersReplaced += replaced;
        return true;
    }

    private static bool TryGeneration(ReadOnlySpan<byte> text, NativeLine line, out int? generation)
    {
        generation = null;
        var slice = line[NativeKey.Generation];
        if (slice.IsMissing)
        {
            return true;
        }

        if (slice.Type == JsonTokenType.Number
            && Utf8Parser.TryParse(text.Slice(slice.Start, slice.Length), out int number, out var used) && used == slice.Length && number >= 0)
        {
            generation = number;
            return true;
        }

        return line.Fail(text, NativeKey.Generation, "an integer ≥ 0");
    }

    private bool TryConfig(ReadOnlySpan<byte> text, NativeLine line, out string? config)
    {
        config = null;
        var slice = line[NativeKey.Config];
        if (slice.IsMissing)
        {
            return true;
        }

        if (slice.Type != JsonTokenType.StartObject)
        {
            return line.Fail(text, NativeKey.Config, "an object");
        }

        config = CanonicalJson.From(text.Slice(slice.Start, slice.Length), limits.MaxDepth);
        return true;
    }

    private bool TryParents(ReadOnlySpan<byte> text, NativeLine line, out IReadOnlyList<DeclaredParent> parents)
    {
        parents = [];
        var slice = line[NativeKey.Parents];
        if (slice.IsMissing)
        {
            if (!TryText(text, line, NativeKey.ParentModel, numbers: false, out var model))
            {
                return false;
            }

            // The short form stands for both: the parent's outputs are the data, and its weights the start.
            parents = model is null ? [] : [new(null, null, null, model, ParentRole.Data), new(null, null, null, model, ParentRole.Init)];
            return true;
        }

        if (slice.Type != JsonTokenType.StartArray)
        {
            return line.Fail(text, NativeKey.Parents, "an array of objects with generation or model, and role");
        }

        var compact = new byte[slice.Length];
        var replaced = 0L;
        var length = JsonText.Compact(text.Slice(slice.Start, slice.Length), compact, ref replaced);
        report.CharactersReplaced += replaced;
        using var document = JsonDocument.Parse(compact.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
        if (ParentsJson.TryRead(document.RootElement, out parents, out var problem))
        {
            return true;
        }

        return line.Fail(slice.Start, $"parents{problem}");
    }
}
