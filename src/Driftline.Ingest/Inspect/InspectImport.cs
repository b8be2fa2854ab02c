using System.Globalization;
using System.Text;
using System.Text.Json;
using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest.Archives;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Files;
using Driftline.Ingest.Json;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Inspect;

/// <summary>One reading of one Inspect log. One sample is held at a time, and of it only what is kept.</summary>
internal sealed class InspectImport : IDisposable
{
    private const string HeaderName = "header.json";
    private const string StartName = "_journal/start.json";
    private const int MaxNamed = 5;

    private readonly LogSource _source;
    private readonly ReadOptions _options;
    private readonly IRecordSink _sink;
    private readonly IProgress<ReadProgress>? _progress;
    private readonly ReadReport _report;
    private readonly OpenBatches _batches = new();
    private readonly InspectKeys _keys;
    private readonly ReadableJson _readable;
    private readonly HashSet<(string Id, int Repeat)> _seen = [];
    private JsonDocument? _headerText;
    private InspectHeader _header = null!;
    private InspectSamples _samples = null!;
    private OpenBatch _run = null!;
    private bool _isCrashed;
    private long _sampleNumber;
    private long _chunked;

    public InspectImport(LogSource source, ReadOptions options, IRecordSink sink, IProgress<ReadProgress>? progress)
    {
        _source = source;
        _options = options;
        _sink = sink;
        _progress = progress;
        _report = new ReadReport(options.Limits.MaxErrors);
        _keys = new InspectKeys(options.Limits.MaxLineBytes);
        _readable = new ReadableJson(options.Limits.MaxDepth);
    }

    /// <summary>Reads an <c>.eval</c>.</summary>
    public async Task<ImportOutcome> ReadArchiveAsync(CancellationToken cancellationToken)
    {
        using var archive = new ZipArchiveFile(_source, _options.Limits);
        var members = InspectMembers.Of(archive.Members());
        if (_options.Mapping is not null)
        {
            _report.Note("The column mapping was not used: an Inspect log says itself what is what.");
        }

        var isCrashed = members.Header is null;
        var head = members.Header ?? members.Start
            ?? throw new LogRejectedException($"{_source.Name} has neither {HeaderName} nor {StartName}: it is no Inspect log, or its run ended before anything was written.");
        Begin(ReadHeader(archive, head, cancellationToken), isCrashed);
        foreach (var (name, member) in members.Samples.OrderBy(m => m.Value.HeaderOffset))
        {
            cancellationToken.ThrowIfCancellationRequested();
            TakeMember(archive, name, member, members.ChunksOf(name), cancellationToken);
            await PassOnAsync(cancellationToken);
            Progress(Math.Min(_source.Bytes, member.HeaderOffset + member.CompressedBytes));
        }

        if (members.Duplicates > 0)
        {
            _report.Note($"{members.Duplicates} members of the archive come several times; the last of each was read.");
        }

        if (isCrashed)
        {
            NoteCrash(archive, members, cancellationToken);
        }

        return await EndAsync(cancellationToken);
    }

    /// <summary>Reads a <c>.json</c>, twice: what is said of the whole run may stand behind the samples.</summary>
    public async Task<ImportOutcome> ReadJsonAsync(CancellationToken cancellationToken)
    {
        try
        {
            using (var file = LogFile.Open(_source, _options.Limits))
            using (var pieces = new JsonPieces(file.Text, cancellationToken))
            {
                var text = _keys.CopyHeader(pieces, samples: null);
                pieces.End();
                Begin(Parse(text), isCrashed: false);
                if (file.IsCompressed)
                {
                    _report.Note(file.CompressionNote);
                }
            }

            using var again = LogFile.Open(_source, _options.Limits);
            using var samples = new JsonPieces(again.Text, cancellationToken);
            samples.EnterObject();
            while (samples.NextProperty() is { } key)
            {
                if (key != "samples" || samples.Peek() != (byte)'[')
                {
                    samples.Skip();
                    continue;
                }

                samples.EnterArray();
                while (samples.NextItem())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    TakeItem(samples);
                    await PassOnAsync(cancellationToken);
                    Progress(again.BytesRead);
                }
            }
        }
        catch (JsonException e)
        {
            throw new LogRejectedException($"{_source.Name} is cut off or damaged: {Sentence(e)}. Copy it again.", e);
        }

        return await EndAsync(cancellationToken);
    }

    public void Dispose()
    {
        _batches.Dispose();
        _headerText?.Dispose();
    }

    private JsonDocument ReadHeader(ZipArchiveFile archive, ZipMember member, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = archive.Open(member);
            using var pieces = new JsonPieces(stream, cancellationToken);
            var text = _keys.CopyHeader(pieces, samples: null);
            pieces.End();
            return Parse(text);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new LogRejectedException($"{_source.Name} is damaged: {member.Name} cannot be read ({Sentence(e)}). Copy it again.", e);
        }
    }

    private JsonDocument Parse(ReadOnlySpan<byte> header)
    {
        var document = new ReadableJson(_options.Limits.MaxDepth);
        var parsed = document.Parse(header);
        _report.ValuesDropped += document.ValuesDropped;
        _report.CharactersReplaced += document.CharactersReplaced;
        return parsed;
    }

    private void Begin(JsonDocument header, bool isCrashed)
    {
        _headerText = header;
        _isCrashed = isCrashed;
        _header = InspectHeader.Read(header.RootElement, isCrashed, _source.Name, _report);
        _samples = new InspectSamples(_options.Limits, _report, _header);
        var logged = InspectRun.Of(_header, InspectConfig.From(_header, _options.Limits.MaxDepth, _report), _source.Name);
        var placement = new RunPlacement(_options.Overrides, _source, _batches, _report);
        if (!placement.TryPlace(logged, out var run, out var problem))
        {
            throw new LogRejectedException($"{_source.Name}: {problem.Reason}");
        }

        _run = run;
    }

    private void TakeMember(ZipArchiveFile archive, string name, ZipMember member, InspectChunks? chunks, CancellationToken cancellationToken)
    {
        _sampleNumber++;
        _report.Rows++;
        var shown = ShownText.Name(name);
        try
        {
            using var stream = archive.Open(member);
            using var pieces = new JsonPieces(stream, cancellationToken);
            var text = _keys.CopySample(pieces, out var tooLong, chunks is null ? null : () => AddChunks(archive, chunks, cancellationToken));
            pieces.End();
            Take(text, tooLong, shown);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            _report.Reject(_sampleNumber, null, $"{shown} cannot be read: {Sentence(e)}.", Encoding.UTF8.GetBytes(shown));
        }
    }

    /// <summary>Adds to a sample what lies beside it in the chunked layout.</summary>
    private void AddChunks(ZipArchiveFile archive, InspectChunks chunks, CancellationToken cancellationToken)
    {
        _chunked++;
        foreach (var metadata in Pieces(chunks.Metadata is null ? [] : [chunks.Metadata]))
        {
            if (!_keys.TryAdd("metadata", metadata))
            {
                _report.Note($"{ShownText.Name(chunks.Metadata!.Name)} is too long to hold and was left out.");
            }
        }

        _keys.AddMessages(Pieces(chunks.Messages));
        _keys.AddAttachments(Pieces(chunks.Attachments));

        IEnumerable<JsonPieces> Pieces(IEnumerable<ZipMember> members)
        {
            foreach (var member in members)
            {
                using var stream = archive.Open(member);
                using var pieces = new JsonPieces(stream, cancellationToken);
                yield return pieces;
                pieces.End();
            }
        }
    }

    private void TakeItem(JsonPieces pieces)
    {
        _sampleNumber++;
        _report.Rows++;
        var name = string.Create(CultureInfo.InvariantCulture, $"samples[{_sampleNumber - 1}], line {pieces.Line}");
        if (pieces.Peek() != (byte)'{')
        {
            pieces.Skip();
            _report.Reject(_sampleNumber, null, $"{name}: it is no object.", default);
            return;
        }

        var text = _keys.CopySample(pieces, out var tooLong);
        Take(text, tooLong, name);
    }

    private void Take(ReadOnlySpan<byte> text, string? tooLong, string name)
    {
        if (tooLong is not null)
        {
            _report.Reject(_sampleNumber, null, $"{name}: with its {tooLong} it is longer than the {_options.Limits.MaxLineBytes} bytes that are held of a sample.", text);
            return;
        }

        try
        {
            using var sample = _readable.Parse(text);
            if (_samples.Add(sample.RootElement, () => _batches.For(_run), out var key, out var bytes) is { } wrong)
            {
                _report.Reject(_sampleNumber, null, $"{name}: {wrong}.", text);
                return;
            }

            _report.ValuesDropped += _readable.ValuesDropped;
            _report.CharactersReplaced += _readable.CharactersReplaced;
            if (_isCrashed)
            {
                _seen.Add(key);
            }

            _run.Batch!.Created = _header.Created;
            _batches.Added(_run, bytes);
        }
        catch (JsonException e)
        {
            // The position would be that in the copy of what is kept, which nobody has.
            _report.Reject(_sampleNumber, null, $"{name}: it is not valid JSON: {Sentence(e)}.", text);
        }
    }

    private async Task<ImportOutcome> EndAsync(CancellationToken cancellationToken)
    {
        _batches.CloseAll();
        await PassOnAsync(cancellationToken);
        foreach (var metric in InspectMetrics.Of(_header, _run.Header))
        {
            _report.Rows++;
            await _sink.WriteAsync(metric, cancellationToken);
        }

        _report.Rows++;
        await _sink.WriteAsync(new RunEndRecord(_run.Header, _header.Status) { Created = _header.Created }, cancellationToken);
        NoteRest();
        Progress(_source.Bytes);
        return _report.Complete(_source.Bytes, _sampleNumber, prefixHash: null) with { IsComplete = _header.Status != EvaluationStatus.Started };
    }

    private void NoteRest()
    {
        if (_samples.Failed > 0)
        {
            _report.Note($"{_samples.Failed} samples ended in an error, which stands beside them.");
        }

        if (_chunked > 0)
        {
            _report.Note($"{_chunked} samples are in the chunked layout: each was put together from its parts.");
        }

        if (_sampleNumber == 0 && _header.Status != EvaluationStatus.Started)
        {
            _report.Note("The log holds no samples: only what it reports of itself was read.");
        }

        if (JsonValues.Items(_header.Results, "scorers").Any())
        {
            _report.Note("results.scorers, a form that Inspect AI itself no longer reads, was not read.");
        }

        if (_keys.LeftOut.Any())
        {
            _report.Note($"Not read, because no measure or page shows it: {string.Join(", ", _keys.LeftOut)}.");
        }
    }

    private void NoteCrash(ZipArchiveFile archive, InspectMembers members, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        var count = 0;
        foreach (var member in members.Summaries)
        {
            foreach (var key in Summarised(archive, member, cancellationToken).Where(key => !_seen.Contains(key)))
            {
                count++;
                if (missing.Count < MaxNamed)
                {
                    missing.Add($"{ShownText.Shorten(key.Id, 50)} (epoch {key.Repeat})");
                }
            }
        }

        _report.Note($"{HeaderName} is missing: the run crashed or is still going. Read were {StartName} and the {_seen.Count} samples that are there; what is measured from them is provisional.");
        if (count > 0)
        {
            _report.Note($"{count} samples that the journal names are not in the archive, or were rejected: {string.Join(", ", missing)}{(count > missing.Count ? ", …" : "")}.");
        }
    }

    /// <summary>The samples that a part of the journal names. Its texts are shortened, so nothing else is taken from it.</summary>
    private List<(string Id, int Repeat)> Summarised(ZipArchiveFile archive, ZipMember member, CancellationToken cancellationToken)
    {
        var keys = new List<(string, int)>();
        var wanted = new InspectKeys(_options.Limits.MaxLineBytes);
        try
        {
            using var stream = archive.Open(member);
            using var pieces = new JsonPieces(stream, cancellationToken);
            pieces.EnterArray();
            while (pieces.NextItem())
            {
                using var summary = _readable.Parse(wanted.CopySample(pieces, out _));
                if (summary.RootElement.TryGetProperty("id", out var idValue) && JsonValues.Text(idValue) is { } id)
                {
                    keys.Add((id, summary.RootElement.TryGetProperty("epoch", out var epoch) && JsonValues.Whole(epoch) is { } repeat ? repeat : 1));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            _report.Note($"{ShownText.Name(member.Name)} cannot be read: {Sentence(e)}.");
        }

        return keys;
    }

    private async ValueTask PassOnAsync(CancellationToken cancellationToken)
    {
        while (_batches.TryTake(out var batch))
        {
            await _sink.WriteAsync(batch, cancellationToken);
        }
    }

    private void Progress(long bytes) => _progress?.Report(new ReadProgress(bytes, _source.Bytes, _report.Rows, _report.Rejected));

    private static string Sentence(Exception exception) => JsonFault.Sentence(exception).TrimEnd('.');
}
