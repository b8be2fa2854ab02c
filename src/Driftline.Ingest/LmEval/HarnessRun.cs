using System.Security.Cryptography;
using System.Text.Json;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Files;
using Driftline.Ingest.Inspect;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.LmEval;

/// <summary>The results file of a run, which says what was evaluated and how.</summary>
internal sealed class HarnessRun : IDisposable
{
    private readonly JsonDocument _document;

    private HarnessRun(JsonDocument document, RunFileName name, string digest, int valuesDropped, long charactersReplaced)
    {
        _document = document;
        Name = name;
        ValuesDropped = valuesDropped;
        CharactersReplaced = charactersReplaced;
        Config = InspectValues.Object(Root, "config");
        Created = Time(InspectValues.Number(Root, "date")) ?? name.Written;
        RunId = name.Stamp ?? OfDate() ?? digest;
        Model = InspectValues.Text(Root, "model_name") ?? ModelArguments.NameIn(Property(Config, "model_args")) ?? InspectValues.Text(Config, "model");
    }

    public JsonElement Root => _document.RootElement;

    /// <summary>The settings of the run.</summary>
    public JsonElement Config { get; }

    public RunFileName Name { get; }

    /// <summary>What the date in the file's names tells, else date and commit of the run; of version 0.3, which states neither, the file's content.</summary>
    public string RunId { get; }

    /// <summary>When the run began, UTC.</summary>
    public DateTime? Created { get; }

    public string? Model { get; }

    public int ValuesDropped { get; }

    public long CharactersReplaced { get; }

    /// <summary>Tasks and groups with their metrics.</summary>
    public IReadOnlyList<JsonProperty> Tasks => [.. InspectValues.Object(Root, "results").EnumerateObject()];

    /// <summary>Whether a task was configured or measured in this run.</summary>
    public bool Knows(string task) =>
        InspectValues.Object(InspectValues.Object(Root, "configs"), task).ValueKind == JsonValueKind.Object
        || InspectValues.Object(InspectValues.Object(Root, "results"), task).ValueKind == JsonValueKind.Object;

    /// <summary>The subtasks that a group repeats; none for a task.</summary>
    public IReadOnlyList<string> Subtasks(string task) =>
        [.. InspectValues.Items(InspectValues.Object(Root, "group_subtasks"), task).Select(s => InspectValues.Text(s)).OfType<string>()];

    /// <summary>Reads a results file whole; it is as large as its tasks are many, not as its samples.</summary>
    /// <exception cref="LogRejectedException">It is too large, damaged, or no results file.</exception>
    public static async Task<HarnessRun> LoadAsync(LogSource source, ImportLimits limits, ReadReport report, CancellationToken cancellationToken)
    {
        var text = await ReadAsync(source, limits, report, cancellationToken);
        var readable = new ReadableJson(limits.MaxDepth);
        JsonDocument document;
        try
        {
            document = readable.Parse(text.Span);
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new LogRejectedException(
                $"{source.Name}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}, is damaged or cut off: {InspectText.Shorten(end < 0 ? e.Message : e.Message[..end], 300)} Copy the results again.", e);
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object || InspectValues.Object(document.RootElement, "results").ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new LogRejectedException($"{source.Name} has no object under the key results: it is no results file of lm-evaluation-harness.");
        }

        return new HarnessRun(
            document, RunFileName.Of(source.Name), Convert.ToHexStringLower(SHA256.HashData(text.Span))[..16], readable.ValuesDropped, readable.CharactersReplaced);
    }

    public void Dispose() => _document.Dispose();

    internal static JsonElement? Property(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(LogSource source, ImportLimits limits, ReadReport report, CancellationToken cancellationToken)
    {
        using var file = LogFile.Open(source, limits);
        using var text = new MemoryStream();
        var buffer = new byte[128 << 10];
        while (await file.Text.ReadAsync(buffer, cancellationToken) is var count && count > 0)
        {
            if (text.Length + count > limits.MaxLineBytes)
            {
                throw new LogRejectedException($"{source.Name} is longer than {limits.MaxLineBytes} bytes, which no results of a run are: import its tasks apart.");
            }

            text.Write(buffer, 0, count);
        }

        if (file.IsCompressed)
        {
            report.Note(file.CompressionNote);
        }

        ReadOnlyMemory<byte> bytes = text.GetBuffer().AsMemory(0, (int)text.Length);
        return bytes.Span.StartsWith(LogFile.ByteOrderMark) ? bytes[LogFile.ByteOrderMark.Length..] : bytes;
    }

    private string? OfDate() =>
        Property(Root, "date") is { ValueKind: JsonValueKind.Number } date ? $"{date.GetRawText()}-{InspectValues.Text(Root, "git_hash") ?? "?"}" : null;

    private static DateTime? Time(double? seconds) => seconds is > 0 and < 253_402_300_799 ? DateTime.UnixEpoch.AddSeconds(seconds.Value) : null;
}
