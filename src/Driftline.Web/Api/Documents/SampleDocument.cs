using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Driftline.Web.Api.Documents;

/// <summary>
/// A row of <c>samples</c>, with the names of the native log format: where it belongs, the prompt, the answer, its scores and what
/// else was logged. Written by hand, because there may be millions and much of them is JSON already.
/// </summary>
public static class SampleDocument
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes a writer for rows; reset it for each.</summary>
    public static Utf8JsonWriter Writer(Stream stream) => new(stream, Options);

    /// <summary>Makes a writer for rows; reset it for each.</summary>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> bytes) => new(bytes, Options);

    /// <summary>Writes a row as one JSON object.</summary>
    /// <param name="json">Writes it.</param>
    /// <param name="line">The row.</param>
    /// <param name="withCursor">Whether the row says how to go on after it.</param>
    public static void Write(Utf8JsonWriter json, SampleLine line, bool withCursor)
    {
        var (node, prompt, answer) = (line.Evaluation.Node, line.Sample.Prompt, line.Sample.Answer);
        json.WriteStartObject();
        json.WriteString("lineage", node.Lineage);
        json.WriteString("branch", node.Branch);
        json.WriteString("seed", node.Seed);
        json.WriteNumber("generation", node.Generation);
        json.WriteString("checkpoint", node.Checkpoint);
        json.WriteString("model", line.Evaluation.Model);
        json.WriteString("suite", line.Evaluation.Suite);
        json.WriteString("run_id", line.Evaluation.RunId);
        json.WriteString("sample_id", prompt.SampleId);
        json.WriteNumber("repeat", answer.Repeat);
        json.WriteString("input", prompt.Input);
        json.WriteString("target", prompt.Target);
        json.WriteString("output", answer.Output);
        json.WriteString("answer", answer.Answer);
        WriteJson(json, "options", answer.Options);
        WriteNumbers(json, "option_probs", answer.OptionProbabilities);
        WriteNumbers(json, "scores", answer.Scores);
        WriteJson(json, "metadata", answer.MetadataJson);
        WriteJson(json, "extra", answer.Extra);
        if (withCursor)
        {
            json.WriteString("cursor", line.Cursor);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, double?> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            if (value is { } number)
            {
                json.WriteNumber(key, number);
            }
            else
            {
                json.WriteNull(key);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, string name, string? stored)
    {
        json.WritePropertyName(name);
        if (stored is null)
        {
            json.WriteNullValue();
        }
        else
        {
            // It was valid when it was stored.
            json.WriteRawValue(stored, skipInputValidation: true);
        }
    }
}
