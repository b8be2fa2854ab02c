using System.Text.Json;
using Driftline.Core.Lineages;
using Driftline.Ingest.Json;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Inspect;

/// <summary>Says where the run of a log belongs, as far as the log does: metadata first, then tags and the model (see <see cref="RunPlacement"/>).</summary>
internal static class InspectRun
{
    /// <summary>Reads the run.</summary>
    /// <param name="header">The log's header.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="name">The log's name, for the sentence.</param>
    /// <exception cref="LogRejectedException">A key of the metadata has a value that it cannot have.</exception>
    public static LoggedRun Of(InspectHeader header, string? config, string name)
    {
        var metadata = header.Facts.Metadata;
        return new LoggedRun
        {
            Lineage = Text("lineage"),
            Branch = Text("branch"),
            Seed = Text("seed"),
            Generation = Generation(),
            Checkpoint = Text("checkpoint"),
            Model = header.Model,
            ModelArguments = Arguments(InspectValues.Object(header.Eval, "model_args")),
            Tags = header.Facts.Tags,
            Parents = Parents(),
            Suite = header.Task,
            RunId = header.RunId,
            Config = config,
        };

        string? Text(string key)
        {
            if (!metadata.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            return value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? InspectValues.Text(value)
                : throw Wrong(key, "a text or a number", value);
        }

        int? Generation() =>
            !metadata.TryGetValue("generation", out var value) || value.ValueKind == JsonValueKind.Null
                ? null
                : InspectValues.Whole(value) ?? throw Wrong("generation", "an integer ≥ 0", value);

        IReadOnlyList<DeclaredParent> Parents()
        {
            if (metadata.TryGetValue("parents", out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return ParentsJson.TryRead(value, out var parents, out var problem) ? parents : throw new LogRejectedException($"{name}: metadata.parents{problem}");
            }

            // The short form stands for both: the parent's outputs are the data, and its weights the start.
            return Text("parent_model") is { } model ? [new(null, null, null, model, ParentRole.Data), new(null, null, null, model, ParentRole.Init)] : [];
        }

        LogRejectedException Wrong(string key, string needed, JsonElement value) =>
            new($"{name}: metadata.{key} must be {needed}, found {InspectText.Shorten(value.GetRawText(), 60)}. Edit the log's metadata, or give the {key} yourself (--{key}).");
    }

    /// <summary>"model_path=/checkpoints/gen_3", because a local model is told by its path.</summary>
    private static string? Arguments(JsonElement arguments) =>
        arguments.ValueKind != JsonValueKind.Object ? null
        : string.Join(' ', arguments.EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.String).Select(a => $"{a.Name}={a.Value.GetString()}")) is { Length: > 0 } text ? text : null;
}
