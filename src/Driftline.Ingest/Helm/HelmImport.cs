using System.Text.Json;
using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Helm;

/// <summary>
/// One reading of one run: the statistics of the instances are held as numbers, and each request is passed on with those of its
/// instance. One entry of a file is in memory at a time.
/// </summary>
internal sealed class HelmImport : IDisposable
{
    private const string WayOut = "HELM logs no metadata of yours, so the model's name, the folders or --generation have to tell.";
    private const int RowsPerProgress = 256;

    private readonly LogSource _source;
    private readonly ReadOptions _options;
    private readonly IRecordSink _sink;
    private readonly HelmFolder _folder;
    private readonly ReadReport _report;
    private readonly OpenBatches _batches = new();
    private readonly Dictionary<string, OpenBatch> _places = new(StringComparer.Ordinal);
    private readonly RunPlacement _placement;
    private readonly HelmSamples _samples;
    private HelmRun _run = null!;

    public HelmImport(LogSource source, ReadOptions options, IRecordSink sink, HelmFolder folder)
    {
        _source = source;
        _options = options;
        _sink = sink;
        _folder = folder;
        _report = new ReadReport(options.Limits.MaxErrors);
        _placement = new RunPlacement(options.Overrides, source with { Name = folder.PlacingName }, _batches, _report);
        _samples = new HelmSamples(_batches, Place);
    }

    public async Task<ImportOutcome> RunAsync(IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        if (!_folder.Files.Keys.Any(kind => kind is HelmFile.ScenarioState or HelmFile.PerInstanceStats or HelmFile.Stats))
        {
            throw new LogRejectedException($"{Log} says what a run of HELM evaluates and holds no results. {Companions}");
        }

        await DescribeAsync(cancellationToken);
        if (File(HelmFile.PerInstanceStats) is { } instances)
        {
            _samples.Stats = HelmStats.Load(instances, _options.Limits, _report, cancellationToken);
        }

        if (File(HelmFile.ScenarioState) is { } state)
        {
            await ReadRequestsAsync(state, progress, cancellationToken);
        }

        foreach (var _ in _samples.AddRest())
        {
            await PassOnAsync(cancellationToken);
        }

        _batches.CloseAll();
        await PassOnAsync(cancellationToken);
        _report.Rows += _samples.Rest;
        if (File(HelmFile.Stats) is { } stats)
        {
            await ReadMetricsAsync(stats, cancellationToken);
        }

        Note();
        progress?.Report(new ReadProgress(_source.Bytes, _source.Bytes, _report.Rows, _report.Rejected));
        return _report.Complete(_source.Bytes, linesConsumed: 0, prefixHash: null);
    }

    public void Dispose() => _batches.Dispose();

    private bool IsStatisticsAlone => _folder.Files.ContainsKey(HelmFile.PerInstanceStats) && !_folder.Files.ContainsKey(HelmFile.ScenarioState);

    /// <summary>What the run is called in a sentence: its folder, where it has one and is more than a file.</summary>
    private string Log => _folder.Files.Count > 1 && _source.Name.LastIndexOfAny(['/', '\\']) is > 0 and var end
        ? $"{_source.Name[..end]} (a run of HELM)"
        : _folder.Files.Count > 1 ? $"{_source.Name} with {string.Join(", ", _folder.Others.Select(Path.GetFileName))}" : _source.Name;

    /// <summary>Which files of the run are missing, and how to give them.</summary>
    private string Companions =>
        $"Of {_folder.MissingInWords}. Give them together: choose or drop the run's folder itself instead of its files, "
        + "or driftline import FOLDER, or post each file under the name FOLDER/FILE.";

    private LogSource? File(HelmFile kind) => _folder.Files.TryGetValue(kind, out var path)
        ? path == _source.Path ? _source : LogSource.FromFile(path, $"{_source.Name[..(_source.Name.LastIndexOfAny(['/', '\\']) + 1)]}{Path.GetFileName(path)}")
        : null;

    /// <summary>Finds out what was evaluated, before anything is passed on.</summary>
    private async Task DescribeAsync(CancellationToken cancellationToken)
    {
        using var spec = File(HelmFile.RunSpec) is { } specification ? await WholeJson.LoadAsync(specification, _options.Limits, _report, cancellationToken) : null;
        using var scenario = File(HelmFile.Scenario) is { } description ? await WholeJson.LoadAsync(description, _options.Limits, _report, cancellationToken) : null;
        var adapter = spec is null && File(HelmFile.ScenarioState) is { } state ? HelmEntries.Beside(state, _options.Limits, "adapter_spec", cancellationToken) : default;
        _run = HelmRun.Of(spec?.Root ?? default, adapter, scenario?.Root ?? default, _folder.RunName, _options.Limits.MaxDepth);
        if (_run.Name is null)
        {
            throw new LogRejectedException($"{Log} does not say of which run of HELM it is. {Companions}");
        }
    }

    private OpenBatch Place(string split)
    {
        if (!_places.TryGetValue(split, out var place))
        {
            if (!_placement.TryPlace(_run.Place(split, IsStatisticsAlone), out place, out var problem))
            {
                throw new LogRejectedException($"{Log}: {problem.Reason} {WayOut}");
            }

            _places.Add(split, place);
        }

        return place;
    }

    private async Task ReadRequestsAsync(LogSource state, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        using var entries = new HelmEntries(state, _options.Limits, _report, "request_states", cancellationToken);
        while (entries.Next())
        {
            _report.Rows++;
            if (_samples.Add(entries.Entry) is { } problem)
            {
                entries.Reject(problem);
            }

            await PassOnAsync(cancellationToken);
            if (_report.Rows % RowsPerProgress == 0)
            {
                progress?.Report(new ReadProgress(Math.Min(entries.BytesRead, _source.Bytes), _source.Bytes, _report.Rows, _report.Rejected));
            }
        }

        _samples.End();
    }

    private async Task ReadMetricsAsync(LogSource stats, CancellationToken cancellationToken)
    {
        using var entries = new HelmEntries(stats, _options.Limits, _report, null, cancellationToken);
        while (entries.Next())
        {
            _report.Rows++;
            var name = JsonValues.Object(entries.Entry, "name");
            if (JsonValues.Text(name, "name") is not { } metric)
            {
                entries.Reject("the statistic has no name.");
                continue;
            }

            var mean = HelmEntries.Mean(entries.Entry);
            _report.ValuesDropped += mean is null ? 1 : 0;
            await _sink.WriteAsync(
                new MetricRecord { Run = Place(JsonValues.Text(name, "split") ?? "").Header, Metric = MetricName(metric, name), Value = mean }, cancellationToken);
        }
    }

    /// <summary>What a statistic is over, where it is not all of the split as it stands: "exact_match/robustness (worst)".</summary>
    private static string MetricName(string metric, JsonElement name)
    {
        var part = JsonValues.Text(name, "sub_split") is { } sub ? $"{metric}/{sub}" : metric;
        if (JsonValues.Object(name, "perturbation") is not { ValueKind: JsonValueKind.Object } perturbation)
        {
            return part;
        }

        var on = JsonValues.Text(perturbation, "computed_on");
        return $"{part}/{JsonValues.Text(perturbation, "name") ?? "perturbed"}{(on is null ? "" : $" ({on})")}";
    }

    private void Note()
    {
        if (_folder.Files.Count > 1)
        {
            _report.Note($"Read as one run with {string.Join(", ", _folder.Files.Where(f => f.Value != _source.Path).Select(f => Path.GetFileName(f.Value)).Order(StringComparer.Ordinal))}.");
        }

        if (IsStatisticsAlone)
        {
            _report.Note("scenario_state.json of the run is not beside it, so prompts and answers are unknown: the samples have scores alone. Import the run's folder to have both; a file that comes by itself cannot be joined later.");
        }
        else if (!_folder.Files.ContainsKey(HelmFile.PerInstanceStats) && _folder.Files.ContainsKey(HelmFile.ScenarioState))
        {
            _report.Note("per_instance_stats.json of the run is not beside it, so the samples have no scores.");
        }
        else if (_samples.Rest > 0)
        {
            _report.Note($"{_samples.Rest} entries of per_instance_stats.json have no request in scenario_state.json: they have scores alone.");
        }

        if (_samples.Several > 0)
        {
            _report.Note($"{_samples.Several} instances were put as several requests (one for each option): they have scores and no output.");
        }

        if (_samples.Failed > 0)
        {
            _report.Note($"{_samples.Failed} requests failed, which stands beside them.");
        }

        if (_places.Count > 1)
        {
            _report.Note($"The run is on {_places.Count} splits, each a suite of its own: {string.Join(", ", _places.Keys.Order(StringComparer.Ordinal))}.");
        }
    }

    private async ValueTask PassOnAsync(CancellationToken cancellationToken)
    {
        while (_batches.TryTake(out var batch))
        {
            await _sink.WriteAsync(batch, cancellationToken);
        }
    }
}
