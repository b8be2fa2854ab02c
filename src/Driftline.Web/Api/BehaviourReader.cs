using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Behaviours;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Documents;
using Driftline.Web.Commands;
using Driftline.Web.Live;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Api;

/// <summary>Which kinds of outputs to read.</summary>
/// <param name="Lineage">The lineage.</param>
/// <param name="Suite">The suite; null where only one has kinds.</param>
/// <param name="Generation">The generation whose outputs are shown as examples; null shows none.</param>
/// <param name="Branch">Only this branch, with the origin that it shares.</param>
/// <param name="Seed">Only this seed, with the origin that it shares.</param>
public sealed record BehaviourRequest(string Lineage, string? Suite, int? Generation = null, string? Branch = null, string? Seed = null);

/// <summary>Reads the kinds of outputs that were found in a suite: shares by generation, what changed, words, and outputs that show what they are.</summary>
public sealed class BehaviourReader(
    LineageQueries lineages, MeasurementStore measurements, SettingsStore settings, FrozenBehaviours frozen, FrozenEmbedder embedder, TextShares textShares, EvaluationReader evaluations, GenerationFeed feed, TimeProvider clock)
{
    private const string Share = "behaviour_share";
    private const string Change = "behaviour_change";
    private const string Novelty = "novelty_share";
    private const int Nearest = 5;

    /// <summary>Reads them.</summary>
    /// <exception cref="CommandFailedException">A name is not known, or more must be said; the sentence tells which and what there is.</exception>
    public async Task<BehavioursDocument> ReadAsync(BehaviourRequest request, CancellationToken cancellationToken)
    {
        var lineage = await lineages.RequireAsync(request.Lineage, cancellationToken);
        var snapshot = await SnapshotAsync(lineage.Id, cancellationToken);
        var suite = await SuiteAsync(request, snapshot, cancellationToken);
        var shown = LineNodes.Choose(snapshot.Nodes, request.Branch, request.Seed);
        var lines = shown.Select(node => (node.Key.Branch, node.Key.Seed, node.Key.Generation)).ToHashSet();
        var novelty = await PointsAsync(Novelty, Baseline.None);
        var changes = await PointsAsync(Change, Baseline.Origin);
        var found = snapshot.Behaviours.GetValueOrDefault(suite.Definition.Name) is { } planned ? await frozen.FindAsync(lineage.Id, planned, cancellationToken) : null;
        if (found?.Clusters is not { } clusters)
        {
            var reason = novelty.Values.SelectMany(points => points).Select(point => point.Reason).FirstOrDefault(said => said is not null) ?? FrozenBehaviours.NoReference;
            return new BehavioursDocument(lineage.Name, suite.Definition.Name, null, reason, [], [], [], []);
        }

        var choice = await settings.GetAsync<BehaviourChoice>(lineage.Id, SettingKeys.Behaviours, cancellationToken) ?? new BehaviourChoice();
        var labels = await LabelsAsync(lineage.Id, suite.Definition.Name, choice.Version, cancellationToken);
        var shares = await PointsAsync(Share, Baseline.None);
        var examples = await ExamplesAsync(request, snapshot, suite, shown, clusters, cancellationToken);
        var behaviours = clusters.Clusters.Select(cluster =>
        {
            var slice = Slice.Of(Slice.ClusterKey, $"{cluster.Number}");
            var ofCluster = changes.GetValueOrDefault(slice, []);
            return new BehaviourDocument(
                cluster.Number,
                labels.Names.GetValueOrDefault(cluster.Number),
                labels.Changed?.TryGetValue(cluster.Number, out var changed) == true ? changed : null,
                Latest(ofCluster).Any(point => point.PValue <= BehaviourChange.FalseDiscoveries),
                cluster.Size,
                cluster.Terms,
                cluster.Medoid,
                shares.GetValueOrDefault(slice, []),
                ofCluster,
                [.. examples.SelectMany(each => each.ByCluster[cluster.Number])]);
        });
        return new BehavioursDocument(
            lineage.Name,
            suite.Definition.Name,
            new BehaviourReferenceDocument("default", choice.Version, clusters.Reference, clusters.Embedder, clusters.Prompts, clusters.IsSplit),
            null,
            novelty.GetValueOrDefault("", []),
            changes.GetValueOrDefault("", []),
            [.. behaviours.OrderByDescending(each => each.Changed).ThenByDescending(each => Latest(each.Changes).Select(point => Math.Abs(point.Value ?? 0)).DefaultIfEmpty().Max()).ThenBy(each => each.Cluster)],
            [.. examples.SelectMany(each => each.Novel)]);

        async Task<Dictionary<string, IReadOnlyList<BehaviourPointDocument>>> PointsAsync(string measure, Baseline baseline) =>
            (await measurements.PointsBySliceAsync(lineage.Id, measure, suite.Definition.Name, baseline, cancellationToken)).ToDictionary(
                series => series.Key,
                series => (IReadOnlyList<BehaviourPointDocument>)[.. series.Value.Where(point => lines.Contains((point.Branch, point.Seed, point.Generation))).Select(BehaviourPointDocument.Of)],
                StringComparer.Ordinal);
    }

    /// <summary>Names kinds of outputs; an empty name takes one away. Open pages follow.</summary>
    /// <exception cref="CommandFailedException">A name is not known; the sentence tells what there is.</exception>
    public async Task LabelAsync(string lineageName, string? suite, IReadOnlyDictionary<int, string> names, CancellationToken cancellationToken)
    {
        var document = await ReadAsync(new BehaviourRequest(lineageName, suite), cancellationToken);
        if (document.Reference is not { } reference)
        {
            throw new CommandFailedException($"{document.Suite} of {lineageName} has no kinds of outputs to name: {document.Reason}");
        }

        if (names.Keys.Except(document.Behaviours.Select(each => each.Cluster)).ToList() is [var unknown, ..])
        {
            throw new CommandFailedException($"{document.Suite} has no cluster {unknown}; it has 1 to {document.Behaviours.Count}", ExitCode.Usage);
        }

        var lineage = await lineages.RequireAsync(lineageName, cancellationToken);
        await settings.UpdateAsync<Dictionary<string, BehaviourLabels>>(
            lineage.Id,
            SettingKeys.BehaviourLabels,
            known =>
            {
                var all = known ?? new Dictionary<string, BehaviourLabels>(StringComparer.Ordinal);
                var before = all.GetValueOrDefault(document.Suite) is { } labels && labels.Version == reference.Version ? labels : new BehaviourLabels(reference.Version, new Dictionary<int, string>());
                var own = new Dictionary<int, string>(before.Names);
                var changed = new Dictionary<int, DateTime>(before.Changed ?? new Dictionary<int, DateTime>());
                foreach (var (number, name) in names)
                {
                    changed[number] = clock.GetUtcNow().UtcDateTime;
                    if (string.IsNullOrWhiteSpace(name))
                    {
                        own.Remove(number);
                    }
                    else
                    {
                        own[number] = name.Trim();
                    }
                }

                all[document.Suite] = new BehaviourLabels(reference.Version, own) { Changed = changed };
                return all;
            },
            cancellationToken);
        feed.Publish(lineage.Name);
    }

    private async Task<SuiteSummary> SuiteAsync(BehaviourRequest request, LineageSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (request.Suite is { } wanted)
        {
            return snapshot.Suites.FirstOrDefault(suite => suite.Definition.Name == wanted)
                ?? throw new CommandFailedException(UnknownName.Sentence("suite", wanted, snapshot.Suites.Select(suite => suite.Definition.Name)));
        }

        var listings = await measurements.ListingsAsync(snapshot.LineageId, cancellationToken);
        var with = snapshot.Suites.Where(suite => listings.Any(listing => listing.Measure == Novelty && listing.Suite == suite.Definition.Name)).ToList();
        return with is [var only]
            ? only
            : throw new CommandFailedException(
                with.Count == 0 ? $"{request.Lineage} has no suite with embeddings or texts, in which kinds of outputs could be found" : $"say which suite: --suite {string.Join(" | ", with.Select(suite => suite.Definition.Name))}",
                ExitCode.Usage);
    }

    private async Task<BehaviourLabels> LabelsAsync(long lineageId, string suite, int version, CancellationToken cancellationToken) =>
        (await settings.GetAsync<Dictionary<string, BehaviourLabels>>(lineageId, SettingKeys.BehaviourLabels, cancellationToken))?.GetValueOrDefault(suite) is { } labels && labels.Version == version
            ? labels
            : new BehaviourLabels(version, new Dictionary<int, string>());

    /// <summary>The outputs of one model that are nearest to each behaviour; null where it has none, or no behaviours were found.</summary>
    /// <exception cref="CommandFailedException">The lineage or suite is not known.</exception>
    public async Task<BehaviourExamples?> ExamplesAsync(string lineageName, string suiteName, NodeKey node, CancellationToken cancellationToken)
    {
        var (snapshot, suite, clusters) = await FoundAsync(lineageName, suiteName, cancellationToken);
        return clusters is null || snapshot.Nodes.FirstOrDefault(each => each.Key == node) is not { } known || snapshot.Current(known.Id, suite.Id) is not { Samples: > 0 } evaluation
            ? null
            : await ExamplesAsync(new TableCache(evaluations, embedder, textShares, snapshot), evaluation, suite, clusters, cancellationToken);
    }

    /// <summary>The prompts, by their ids in the log, to which a model gave an output of one behaviour.</summary>
    /// <exception cref="CommandFailedException">The lineage or suite is not known.</exception>
    public async Task<IReadOnlySet<string>> PromptsAsync(string lineageName, string suiteName, NodeKey node, int cluster, CancellationToken cancellationToken)
    {
        var (snapshot, suite, clusters) = await FoundAsync(lineageName, suiteName, cancellationToken);
        if (clusters is null || snapshot.Nodes.FirstOrDefault(each => each.Key == node) is not { } known || snapshot.Current(known.Id, suite.Id) is not { Samples: > 0 } evaluation)
        {
            return new HashSet<string>();
        }

        var table = (await new TableCache(evaluations, embedder, textShares, snapshot).LoadAsync(evaluation, suite.Definition, cancellationToken)).Texts;
        return NearestOutputs.PromptsOf(table, clusters, cluster);
    }

    private async Task<(LineageSnapshot Snapshot, SuiteSummary Suite, BehaviourClusters? Clusters)> FoundAsync(string lineageName, string suiteName, CancellationToken cancellationToken)
    {
        var lineage = await lineages.RequireAsync(lineageName, cancellationToken);
        var snapshot = await SnapshotAsync(lineage.Id, cancellationToken);
        var suite = snapshot.Suites.FirstOrDefault(each => each.Definition.Name == suiteName)
            ?? throw new CommandFailedException(UnknownName.Sentence("suite", suiteName, snapshot.Suites.Select(each => each.Definition.Name)));
        return (snapshot, suite, snapshot.Behaviours.GetValueOrDefault(suiteName) is { } planned ? (await frozen.FindAsync(lineage.Id, planned, cancellationToken))?.Clusters : null);
    }

    private async Task<LineageSnapshot> SnapshotAsync(long lineageId, CancellationToken cancellationToken)
    {
        var plain = await LineageSnapshot.LoadAsync(lineages, settings, lineageId, await embedder.OfAsync(lineageId, cancellationToken), cancellationToken);
        return plain.With(await frozen.PlanAsync(plain, cancellationToken));
    }

    private async Task<IReadOnlyList<BehaviourExamples>> ExamplesAsync(
        BehaviourRequest request, LineageSnapshot snapshot, SuiteSummary suite, IReadOnlyList<NodeSummary> shown, BehaviourClusters clusters, CancellationToken cancellationToken)
    {
        if (request.Generation is not { } generation)
        {
            return [];
        }

        var tables = new TableCache(evaluations, embedder, textShares, snapshot);
        var examples = new List<BehaviourExamples>();
        foreach (var node in shown.Where(node => node.Key.Generation == generation && node.Key.Checkpoint is null))
        {
            if (snapshot.Current(node.Id, suite.Id) is { Samples: > 0 } evaluation)
            {
                examples.Add(await ExamplesAsync(tables, evaluation, suite, clusters, cancellationToken));
            }
        }

        return examples.Count > 0
            ? examples
            : throw new CommandFailedException($"{request.Lineage} has no outputs of {suite.Definition.Name} at generation {generation}{(request.Branch is null ? "" : $" of branch {request.Branch}")}");
    }

    private static async Task<BehaviourExamples> ExamplesAsync(TableCache tables, EvaluationSummary evaluation, SuiteSummary suite, BehaviourClusters clusters, CancellationToken cancellationToken)
    {
        var (byCluster, novel) = NearestOutputs.Of((await tables.LoadAsync(evaluation, suite.Definition, cancellationToken)).Texts, clusters, Nearest);
        return new BehaviourExamples(byCluster.Index().ToDictionary(each => clusters.Clusters[each.Index].Number, each => each.Item), novel);
    }

    private static IEnumerable<BehaviourPointDocument> Latest(IReadOnlyList<BehaviourPointDocument> points) =>
        points.GroupBy(point => (point.Branch, point.Seed)).Select(line => line.MaxBy(point => point.Generation)!);
}

/// <summary>Outputs of one model that show what its behaviours are.</summary>
/// <param name="ByCluster">The nearest to each behaviour's centre by its number, nearest first.</param>
/// <param name="Novel">Those farthest from all, farthest first.</param>
public sealed record BehaviourExamples(IReadOnlyDictionary<int, IReadOnlyList<BehaviourExample>> ByCluster, IReadOnlyList<BehaviourExample> Novel);
