using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Driftline.Core.Records;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Native;

/// <summary>Reads the lines that are no samples: metric, generation, end.</summary>
internal sealed class NativeFacts(ReadReport report)
{
    /// <summary>Reads a reported metric; null with the problem noted on the line.</summary>
    public MetricRecord? Metric(ReadOnlySpan<byte> text, NativeLine line, RunHeader run, DateTime? created)
    {
        if (run.Suite.Length == 0)
        {
            line.FailMissing("task is missing: name the suite that the metric belongs to.");
            return null;
        }

        var name = line[NativeKey.Metric];
        if (name.IsMissing || name.Length == 0)
        {
            line.FailMissing("metric is missing: name what was measured.");
            return null;
        }

        if (name.Type != JsonTokenType.String)
        {
            line.Fail(text, NativeKey.Metric, "a string");
            return null;
        }

        if (line[NativeKey.Value].Type == JsonTokenType.None)
        {
            line.FailMissing("value is missing: give a number, or null where there is none.");
            return null;
        }

        if (!TryNumber(text, line, NativeKey.Value, out var value)
            || !TryNumber(text, line, NativeKey.StdErr, out var stdErr)
            || !TryWhole(text, line, NativeKey.NSamples, out var samples)
            || !TryBoolean(text, line, NativeKey.HigherIsBetter, out var higher))
        {
            return null;
        }

        var replaced = 0L;
        return new MetricRecord
        {
            Run = run,
            Metric = line.TextOf(text, name, ref replaced),
            Value = value,
            StdErr = stdErr,
            Samples = samples is { } n ? (int)Math.Min(n, int.MaxValue) : null,
            HigherIsBetter = higher,
            Created = created,
        };
    }

    /// <summary>Reads facts of a node; null with the problem noted on the line.</summary>
    public GenerationRecord? Generation(ReadOnlySpan<byte> text, NativeLine line, RunHeader run, DateTime? created)
    {
        if (!TryWhole(text, line, NativeKey.Step, out var step)
            || !TryWhole(text, line, NativeKey.Tokens, out var tokens)
            || !TryObject(text, line, NativeKey.Recipe, out var recipe)
            || !TryObject(text, line, NativeKey.TrainingData, out var trainingData))
        {
            return null;
        }

        return new GenerationRecord { Node = run.Node, Step = step, Tokens = tokens, Recipe = recipe, TrainingData = trainingData, Created = created };
    }

    /// <summary>Reads the end of a run; null with the problem noted on the line.</summary>
    public RunEndRecord? End(ReadOnlySpan<byte> text, NativeLine line, RunHeader run)
    {
        var slice = line[NativeKey.Status];
        var replaced = 0L;
        EvaluationStatus? status = slice.IsMissing ? EvaluationStatus.Success
            : slice.Type != JsonTokenType.String ? null
            : line.TextOf(text, slice, ref replaced).ToLowerInvariant() switch
            {
                "success" or "complete" or "completed" or "done" or "ok" => EvaluationStatus.Success,
                "started" or "running" => EvaluationStatus.Started,
                "cancelled" or "canceled" => EvaluationStatus.Cancelled,
                "error" or "failed" => EvaluationStatus.Error,
                _ => null,
            };
        if (status is null)
        {
            line.Fail(text, NativeKey.Status, "success, started, cancelled or error");
            return null;
        }

        return new RunEndRecord(run, status.Value);
    }

    private bool TryNumber(ReadOnlySpan<byte> text, NativeLine line, NativeKey key, out double? number)
    {
        number = null;
        var slice = line[key];
        if (slice.IsMissing)
        {
            return true;
        }

        if (slice.Type == JsonTokenType.Number && Utf8Parser.TryParse(text.Slice(slice.Start, slice.Length), out double value, out _))
        {
            if (double.IsFinite(value))
            {
                number = value;
            }
            else
            {
                report.ValuesDropped++;
            }

            return true;
        }

        if (slice.Type == JsonTokenType.String && NativeLine.IsNonFiniteWord(text.Slice(slice.Start, slice.Length)))
        {
            report.ValuesDropped++;
            return true;
        }

        return line.Fail(text, key, "a number or null");
    }

    private static bool TryWhole(ReadOnlySpan<byte> text, NativeLine line, NativeKey key, out long? number)
    {
        number = null;
        var slice = line[key];
        if (slice.IsMissing)
        {
            return true;
        }

        if (slice.Type == JsonTokenType.Number
            && Utf8Parser.TryParse(text.Slice(slice.Start, slice.Length), out double value, out _)
            && value is >= 0 and < 9e18 && value == Math.Truncate(value))
        {
            number = (long)value;
            return true;
        }

        return line.Fail(text, key, "an integer ≥ 0");
    }

    private static bool TryBoolean(ReadOnlySpan<byte> text, NativeLine line, NativeKey key, out bool? value)
    {
        var type = line[key].Type;
        value = type == JsonTokenType.True ? true : type == JsonTokenType.False ? false : null;
        return value is not null || line[key].IsMissing || line.Fail(text, key, "true or false");
    }

    private bool TryObject(ReadOnlySpan<byte> text, NativeLine line, NativeKey key, out string? json)
    {
        json = null;
        var slice = line[key];
        if (slice.IsMissing)
        {
            return true;
        }

        if (slice.Type != JsonTokenType.StartObject)
        {
            return line.Fail(text, key, "an object");
        }

        var compact = new byte[slice.Length];
        var replaced = 0L;
        json = Encoding.UTF8.GetString(compact, 0, JsonText.Compact(text.Slice(slice.Start, slice.Length), compact, ref replaced));
        report.CharactersReplaced += replaced;
        return true;
    }
}
