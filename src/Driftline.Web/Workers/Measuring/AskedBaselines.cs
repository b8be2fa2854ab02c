using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Commands;
using Driftline.Web.Options;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// The branches and models that somebody wanted a lineage to be compared with. They are remembered with the lineage, and from then on
/// every import computes them like origin and parent, which are computed for all.
/// </summary>
public sealed class AskedBaselines(SettingsStore settings, LineageQueries lineages, MeasureRunner runner, RecomputeQueue queue, DriftlineOptions options)
{
    /// <summary>What a lineage is compared with beside origin and parent.</summary>
    public static async Task<IReadOnlyList<Baseline>> OfAsync(SettingsStore settings, long lineageId, CancellationToken cancellationToken) =>
        [.. (await settings.GetAsync<List<string>>(lineageId, SettingKeys.Baselines, cancellationToken) ?? []).Select(Baseline.Parse)];

    /// <summary>What a lineage is compared with beside origin and parent.</summary>
    public Task<IReadOnlyList<Baseline>> OfAsync(long lineageId, CancellationToken cancellationToken) => OfAsync(settings, lineageId, cancellationToken);

    /// <summary>Why a lineage cannot be compared with a baseline, and with what it can be; null when it can.</summary>
    public static string? Fault(Baseline baseline, IReadOnlyList<NodeSummary> nodes)
    {
        IReadOnlyList<string> known = baseline.Kind switch
        {
            BaselineKind.Branch => [.. nodes.Where(node => !node.IsReference).Select(node => node.Key.Branch).Distinct().Order(StringComparer.Ordinal)],
            BaselineKind.Node => [.. nodes.Select(node => node.Key.Id)],
            _ => [],
        };
        return !baseline.IsAskedFor || known.Contains(baseline.Argument) ? null
            : UnknownName.Sentence(baseline.Kind == BaselineKind.Branch ? "branch" : "node", baseline.Argument!, known);
    }

    /// <summary>Remembers a baseline and computes what is missing of it, here and now.</summary>
    public async Task ComputeAsync(LineageSummary lineage, Baseline baseline, CancellationToken cancellationToken)
    {
        if (baseline.IsAskedFor && (await AddAsync(lineage.Id, baseline, cancellationToken) || await runner.OutdatedAsync(lineage.Id, cancellationToken) > 0))
        {
            await runner.RunAsync(lineage.Id, progress: null, cancellationToken);
        }
    }

    /// <summary>Remembers a baseline and has what is missing of it computed in the background; open pages hear when it is done.</summary>
    /// <returns>Whether it is being computed.</returns>
    public async Task<bool> RequestAsync(LineageSummary lineage, Baseline baseline, CancellationToken cancellationToken)
    {
        if (!baseline.IsAskedFor)
        {
            return false;
        }

        if (!options.ReadOnly && await AddAsync(lineage.Id, baseline, cancellationToken))
        {
            queue.Enqueue(lineage.Id, lineage.Name, Recompute.Outdated);
        }

        return queue.Latest(lineage.Id) is { IsOver: false };
    }

    /// <summary>Forgets a baseline; the background takes its measurements away. Whoever asks again has them computed again.</summary>
    public async Task ForgetAsync(LineageSummary lineage, Baseline baseline, CancellationToken cancellationToken)
    {
        await settings.UpdateAsync<List<string>>(
            lineage.Id, SettingKeys.Baselines, known => [.. (known ?? []).Where(name => name != baseline.ToString())], cancellationToken);
        queue.Enqueue(lineage.Id, lineage.Name, Recompute.Outdated);
    }

    /// <summary>Adds the points that are still being computed, with the status <see cref="MeasureStatus.Pending"/>, to those that there are.</summary>
    public async Task<IReadOnlyList<SeriesPoint>> WithPendingAsync(
        IReadOnlyList<SeriesPoint> points, LineageSummary lineage, string suite, Baseline baseline, CancellationToken cancellationToken)
    {
        var snapshot = await LineageSnapshot.LoadAsync(lineages, settings, lineage.Id, cancellationToken);
        var suiteId = snapshot.Suites.FirstOrDefault(each => each.Definition.Name == suite)?.Id;
        var known = points.Select(point => (point.Branch, point.Seed, point.Generation)).ToHashSet();
        var pending = snapshot.Nodes
            .Where(node => node.Key.Checkpoint is null && !known.Contains((node.Key.Branch, node.Key.Seed, node.Key.Generation))
                && suiteId is { } id && snapshot.Current(node.Id, id) is { Samples: > 0 } && snapshot.Baseline(node, baseline) is not null)
            .Select(node => new SeriesPoint(
                node.Key.Branch,
                node.Key.Seed,
                node.Key.Generation,
                node.Model,
                Estimate.Without(MeasureStatus.Pending, $"The comparison {baseline.InWords()} is being computed; it appears by itself.")));
        return
        [
            .. points.Concat(pending)
                .OrderBy(point => point.Branch, StringComparer.Ordinal)
                .ThenBy(point => point.Seed, StringComparer.Ordinal)
                .ThenBy(point => point.Generation),
        ];
    }

    private async Task<bool> AddAsync(long lineageId, Baseline baseline, CancellationToken cancellationToken)
    {
        if ((await OfAsync(settings, lineageId, cancellationToken)).Contains(baseline))
        {
            return false;
        }

        await settings.UpdateAsync<List<string>>(lineageId, SettingKeys.Baselines, known => [.. (known ?? []).Append(baseline.ToString()).Distinct().Order(StringComparer.Ordinal)], cancellationToken);
        return true;
    }
}
