using Driftline.Core.Imports;
using Driftline.Core.Records;
using Driftline.Ingest.Columns;

namespace Driftline.Ingest.Helm;

/// <summary>
/// Reads the folder of a run of HELM (https://github.com/stanford-crfm/helm): <c>run_spec.json</c>, <c>scenario.json</c>,
/// <c>scenario_state.json</c>, <c>per_instance_stats.json</c> and <c>stats.json</c>. They are one log, whichever of them is met.
/// </summary>
public sealed class HelmReader : ILogReader
{
    /// <inheritdoc/>
    public string Format => "helm";

    /// <inheritdoc/>
    public bool Accepts(LogProbe probe) => probe.Options.Mapping is null && !UnknownFormat.IsForeign(probe) && KindOf(probe) is not null;

    /// <inheritdoc/>
    public bool IsPart(LogSource source) => HelmFolder.KindByName(source.Name) is not null;

    /// <inheritdoc/>
    public LogSource Whole(LogSource source) => HelmFolder.Of(source, HelmFolder.KindByName(source.Name)).Whole(source);

    /// <inheritdoc/>
    public bool IsOneLog(LogSource source, ImportLimits limits, CancellationToken cancellationToken) =>
        HelmAgreement.Holds(HelmFolder.Of(source, HelmFolder.KindByName(source.Name)), limits, cancellationToken);

    /// <inheritdoc/>
    public PartsThere There(LogSource source)
    {
        var folder = HelmFolder.Of(source, HelmFolder.KindByName(source.Name));
        return new PartsThere(folder.Files.ContainsKey(HelmFile.ScenarioState), folder.Files.ContainsKey(HelmFile.PerInstanceStats), folder.Missing.Count == 0 ? null : $"of {folder.MissingInWords}");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Companions(LogSource source) => HelmFolder.Of(source, HelmFolder.KindByName(source.Name)).Others;

    /// <inheritdoc/>
    public Task<ImportOutcome> ReadAsync(
        LogSource source, ReadOptions options, IRecordSink sink, IProgress<ReadProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                using var import = new HelmImport(source, options, sink, HelmFolder.Of(source, KindOf(LogProbe.Open(source, options))));
                return await import.RunAsync(progress, cancellationToken);
            },
            cancellationToken);

    /// <summary>Which of the files it is by its content, or for <c>scenario.json</c>, whose keys are anybody's, by the files beside it; null for none.</summary>
    private static HelmFile? KindOf(LogProbe probe)
    {
        var keys = TableShape.Of(probe).Columns;
        return keys.Contains("request_states") ? HelmFile.ScenarioState
            : keys.Contains("adapter_spec") ? (keys.Contains("scenario_spec") ? HelmFile.RunSpec : HelmFile.ScenarioState)
            : keys.Contains("instance_id") && keys.Contains("stats") ? HelmFile.PerInstanceStats
            : keys.Contains("name.name") && keys.Contains("sum_squared") ? HelmFile.Stats
            : HelmFolder.KindByName(probe.Source.Name) is HelmFile.Scenario && keys.Contains("definition_path") ? HelmFile.Scenario
            : null;
    }
}
