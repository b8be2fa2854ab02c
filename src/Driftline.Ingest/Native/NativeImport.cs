using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Files;
using Driftline.Ingest.Json;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Native;

/// <summary>One reading of one native log.</summary>
internal sealed class NativeImport : IDisposable
{
    private const string KnownTypes = "sample, metric, generation, end";

    private readonly LogSource _source;
    private readonly ReadOptions _options;
    private readonly IRecordSink _sink;
    private readonly ReadReport _report;
    private readonly OpenBatches _batches = new();
    private readonly NativeLine _line;
    private readonly NativeHeaders _headers;
    private readonly NativeSamples _samples;
    private readonly NativeFacts _facts;
    private readonly NonFiniteNumbers _nonFinite = new();
    private byte[] _createdText = [];
    private DateTime? _created;
    private bool _hasNonFinite;

    public NativeImport(LogSource source, ReadOptions options, IRecordSink sink)
    {
        _source = source;
        _options = options;
        _sink = sink;
        _report = new ReadReport(options.Limits.MaxErrors);
        _line = new NativeLine(options.Limits, new Utf8Names(options.Limits.MaxScoreNames));
        _headers = new NativeHeaders(new RunPlacement(options.Overrides, source, _batches, _report), new NativeHeaderReader(options.Limits, _report));
        _samples = new NativeSamples(_report);
        _facts = new NativeFacts(_report);
    }

    public async Task<ImportOutcome> RunAsync(IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        using var file = LogFile.Open(_source, _options.Limits);
        var startOffset = file.IsCompressed ? 0 : _options.StartOffset;
        using var lines = new LineReader(file.Text, _options.Limits.MaxLineBytes, withHash: !file.IsCompressed, file.IsCompressed ? 0 : _options.StartLine);
        if (file.IsCompressed)
        {
            _report.Note(file.CompressionNote);
        }

        await lines.SkipAsync(startOffset, cancellationToken);
        Prefix? unfinished = null;
        while (await lines.FillAsync(cancellationToken))
        {
            while (lines.TryNext(out var line))
            {
                var text = lines.Text(line);
                if (!line.Terminated && !file.IsCompressed && IsUnfinished(text, line))
                {
                    unfinished = lines.PassedBeforeLast();
                    _report.Note($"Line {line.Number}, the last, has no line feed and is not complete JSON: it is not finished yet, and will be read when the file has grown.");
                    continue;
                }

                if (Take(text, line) is { } record)
                {
                    await PassOnAsync(record, cancellationToken);
                }

                while (_batches.TryTake(out var batch))
                {
                    await _sink.WriteAsync(batch, cancellationToken);
                }
            }

            progress?.Report(new ReadProgress(file.BytesRead, _source.Bytes, _report.Rows, _report.Rejected));
        }

        await CloseBatchesAsync(cancellationToken);
        NoteUnknownKeys();
        var passed = unfinished ?? lines.Passed();
        return _report.Complete(file.IsCompressed ? file.BytesRead : passed.Bytes, passed.Lines, passed.Hash);
    }

    public void Dispose() => _batches.Dispose();

    /// <summary>Takes a line: a sample goes into its batch, another record is returned, a wrong line is reported.</summary>
    private object? Take(ReadOnlySpan<byte> text, LogLine line)
    {
        if (line.TooLong)
        {
            _report.Rows++;
            _report.Reject(
                line.Number, null, $"The line is longer than {_options.Limits.MaxLineBytes} bytes: write one record a line, and long attachments by their hash.", text);
            return null;
        }

        if (!text.ContainsAnyExcept(" \t\r"u8))
        {
            return null;
        }

        _report.Rows++;
        var readable = Utf8.IsValid(text) ? text : Repaired(text);
        var parsed = readable;
        var rewritten = 0;
        if (_hasNonFinite && NonFiniteNumbers.MayHold(readable) && _nonFinite.TryRewrite(readable, out var known, out rewritten))
        {
            parsed = known;
        }

        try
        {
            bool isRead;
            try
            {
                isRead = _line.TryRead(parsed);
            }
            catch (JsonException) when (rewritten == 0 && NonFiniteNumbers.MayHold(readable))
            {
                // Told by the failure, so that logs without such words are not searched for them.
                if (!_nonFinite.TryRewrite(readable, out var retry, out rewritten))
                {
                    throw;
                }

                _hasNonFinite = true;
                parsed = retry;
                isRead = _line.TryRead(parsed);
            }

            if (isRead && TryUnderstand(parsed, out var record))
            {
                _report.ValuesDropped += _line.ValuesDropped + rewritten;
                return record;
            }

            Reject(line, _line.ProblemColumn, _line.Problem, text, rewritten, readable.Length != text.Length);
        }
        catch (JsonException e)
        {
            Reject(line, (int)(e.BytePositionInLine ?? 0) + 1, NotJson(e), text, rewritten, readable.Length != text.Length);
        }

        return null;
    }

    private bool TryUnderstand(ReadOnlySpan<byte> text, out object? record)
    {
        record = null;
        var type = TypeOf(text);
        if (type is null || _headers.Find(text, _line) is not { } run || !TryCreated(text, out var created))
        {
            return false;
        }

        switch (type)
        {
            case NativeType.Sample:
                if (!NativeSamples.Check(text, _line, out var repeat))
                {
                    return false;
                }

                var batch = _batches.For(run);
                _samples.Add(text, _line, batch, repeat);
                batch.Created = created > batch.Created || batch.Created is null ? created ?? batch.Created : batch.Created;
                _batches.Added(run, text.Length);
                return true;
            case NativeType.Metric:
                record = _facts.Metric(text, _line, run.Header, created);
                return record is not null;
            case NativeType.Generation:
                record = _facts.Generation(text, _line, run.Header, created);
                return record is not null;
            default:
                record = _facts.End(text, _line, run.Header);
                return record is not null;
        }
    }

    private NativeType? TypeOf(ReadOnlySpan<byte> text)
    {
        var slice = _line[NativeKey.Type];
        if (slice.IsMissing)
        {
            if (!_line[NativeKey.SampleId].IsMissing)
            {
                return NativeType.Sample;
            }

            _line.FailMissing($"type is missing: it is one of {KnownTypes}.");
            return null;
        }

        var name = text.Slice(slice.Start, slice.Length);
        NativeType? type = slice.Type != JsonTokenType.String ? null
            : name.SequenceEqual("sample"u8) ? NativeType.Sample
            : name.SequenceEqual("metric"u8) ? NativeType.Metric
            : name.SequenceEqual("generation"u8) ? NativeType.Generation
            : name.SequenceEqual("end"u8) ? NativeType.End
            : null;
        if (type is null)
        {
            _line.Fail(text, NativeKey.Type, $"one of {KnownTypes}");
        }

        return type;
    }

    private bool TryCreated(ReadOnlySpan<byte> text, out DateTime? created)
    {
        created = null;
        var slice = _line[NativeKey.Created];
        if (slice.IsMissing)
        {
            return true;
        }

        var raw = text.Slice(slice.Start, slice.Length);
        if (!raw.SequenceEqual(_createdText))
        {
            _createdText = [];
            if (slice.Type != JsonTokenType.String || !Times.TryParse(raw, out _created))
            {
                return _line.Fail(text, NativeKey.Created, "a time in ISO 8601, such as 2026-01-31T12:00:00Z");
            }

            _createdText = raw.ToArray();
        }

        created = _created;
        return true;
    }

    private bool IsUnfinished(ReadOnlySpan<byte> text, LogLine line)
    {
        if (line.TooLong)
        {
            return true;
        }

        if (!text.ContainsAnyExcept(" \t\r"u8))
        {
            return false;
        }

        try
        {
            return !IsJson(text);
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private bool IsJson(ReadOnlySpan<byte> text)
    {
        // Deeper than the limit is wrong, but it is finished.
        var reader = new Utf8JsonReader(
            _nonFinite.TryRewrite(text, out var rewritten, out _) ? rewritten : text, new JsonReaderOptions { MaxDepth = _options.Limits.MaxDepth * 8 });
        while (reader.Read())
        {
        }

        return true;
    }

    private ReadOnlySpan<byte> Repaired(ReadOnlySpan<byte> text)
    {
        // The encoding puts U+FFFD in the place of what is no UTF-8.
        var repaired = Encoding.UTF8.GetString(text);
        _report.CharactersReplaced += repaired.Count(c => c == '\uFFFD');
        return Encoding.UTF8.GetBytes(repaired);
    }

    private void Reject(LogLine line, int? column, string reason, ReadOnlySpan<byte> text, int rewritten, bool isRepaired)
    {
        if (column is { } c && rewritten > 0)
        {
            column = _nonFinite.OriginalPosition(c - 1) + 1;
        }

        _report.Reject(line.Number, isRepaired ? null : column, reason, text);
    }

    private static string NotJson(JsonException e) => $"The line is not one JSON object: {JsonFault.Sentence(e)} Write one complete object a line.";

    private async Task PassOnAsync(object record, CancellationToken cancellationToken)
    {
        switch (record)
        {
            case MetricRecord metric:
                await _sink.WriteAsync(metric, cancellationToken);
                break;
            case GenerationRecord generation:
                await _sink.WriteAsync(generation, cancellationToken);
                break;
            case RunEndRecord end:
                // An end comes after all that it ends.
                await CloseBatchesAsync(cancellationToken);
                await _sink.WriteAsync(end, cancellationToken);
                break;
        }
    }

    private async Task CloseBatchesAsync(CancellationToken cancellationToken)
    {
        _batches.CloseAll();
        while (_batches.TryTake(out var batch))
        {
            await _sink.WriteAsync(batch, cancellationToken);
        }
    }

    private void NoteUnknownKeys()
    {
        var unknown = _line.UnknownKeys.ToList();
        if (unknown.Count > 0)
        {
            _report.Note($"Keys that the native format does not know were left out: {string.Join(", ", unknown)}. Facts of a sample belong into metadata.");
        }
    }

    private enum NativeType
    {
        Sample,
        Metric,
        Generation,
        End,
    }
}
