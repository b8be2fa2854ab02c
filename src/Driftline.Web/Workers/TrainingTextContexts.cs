using System.Globalization;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Core.Training;
using Driftline.Ingest;
using Driftline.Ingest.TrainingTexts;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Commands;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Workers;

/// <summary>What the database knows of the generation that was trained on texts: where it stands, prompts of evaluations, outputs of its ancestors.</summary>
public sealed class TrainingTextContexts(LineageQueries lineages, SampleQueries samples) : ITrainingTextContexts
{

    /// <inheritdoc/>
    public async Task<NodeHeader> PlaceAsync(NodeOverrides place, CancellationToken cancellationToken)
    {
        if (place.Lineage is not { } name || place.Generation is not { } generation)
        {
            throw new LogRejectedException("Training texts do not say which generation was trained on them: give lineage and generation (--lineage, --generation).");
        }

        if (await lineages.FindAsync(name, cancellationToken) is not { } lineage)
        {
            var known = (await lineages.LineagesAsync(cancellationToken)).Select(each => each.Name);
            throw new LogRejectedException($"{Capital(UnknownName.Sentence("lineage", name, known))}. Import evaluations first: texts are compared with their prompts.");
        }

        var nodes = (await lineages.NodesAsync(lineage.Id, cancellationToken)).Where(node => !node.IsReference && node.Key.Checkpoint is null).ToList();
        var branch = place.Branch ?? Only("branch", nodes.Where(node => node.Key.Generation == generation).Select(node => node.Key.Branch), nodes.Select(node => node.Key.Branch), generation);
        var ofBranch = nodes.Where(node => node.Key.Branch == branch).ToList();
        if (ofBranch.Count == 0)
        {
            throw new LogRejectedException($"{Capital(UnknownName.Sentence("branch", branch, nodes.Select(node => node.Key.Branch).Distinct()))}.");
        }

        var seed = place.Seed ?? Only("seed", ofBranch.Where(node => node.Key.Generation == generation).Select(node => node.Key.Seed), ofBranch.Select(node => node.Key.Seed), generation);
        if (place.Seed is not null && ofBranch.TrueForAll(node => node.Key.Seed != seed))
        {
            throw new LogRejectedException($"{Capital(UnknownName.Sentence("seed", place.Seed, ofBranch.Select(node => node.Key.Seed ?? "(none)").Distinct()))}.");
        }

        var key = new NodeKey(name, branch, seed, generation);
        return new NodeHeader { Key = key, Evidence = "generation as given", Model = nodes.Find(node => node.Key == key)?.Model ?? place.Model ?? NodeHeader.UnknownModel };
    }

    /// <inheritdoc/>
    public async Task<TrainingContext> ContextAsync(NodeHeader node, CancellationToken cancellationToken)
    {
        var lineage = await LineageAsync(node, cancellationToken);
        var prompts = new EvaluationPrompts();
        await foreach (var (suite, input) in samples.InputsAsync(lineage.Id, cancellationToken))
        {
            prompts.Add(suite, input);
        }

        // A name that several models are served under stays a name.
        var models = (await lineages.NodesAsync(lineage.Id, cancellationToken)).Where(each => each.Model != NodeHeader.UnknownModel).GroupBy(each => each.Model, StringComparer.Ordinal);
        return new TrainingContext { Prompts = prompts, Models = models.ToDictionary(model => model.Key, model => model.Count() == 1 ? NameOf(model.First(), node.Key) : model.Key, StringComparer.Ordinal) };
    }

    /// <inheritdoc/>
    public async Task<KnownWriters> WritersAsync(NodeHeader node, CancellationToken cancellationToken)
    {
        var lineage = await LineageAsync(node, cancellationToken);
        var writers = new KnownWriters();
        foreach (var ancestor in Ancestors(node.Key, await lineages.NodesAsync(lineage.Id, cancellationToken)))
        {
            var name = NameOf(ancestor, node.Key);
            await foreach (var output in samples.OutputsAsync(lineage.Id, ancestor.Id, cancellationToken))
            {
                writers.Add(name, output);
            }
        }

        return writers;
    }

    /// <summary>Names what texts are compared with, so that the same texts count anew when there is more of it.</summary>
    public async Task<string> DigestAsync(NodeOverrides place, CancellationToken cancellationToken)
    {
        var lineage = place.Lineage is null ? null : await lineages.FindAsync(place.Lineage, cancellationToken);
        return lineage is null ? "" : MeasurePlanner.Hash([.. (await lineages.EvaluationsAsync(lineage.Id, cancellationToken)).Select(evaluation => evaluation.ContentHash)]);
    }

    /// <summary>What to call an ancestor, so that measures find it again: by its number on its own line, and else by its model.</summary>
    private static string NameOf(NodeSummary ancestor, NodeKey key) =>
        (ancestor.Key.Branch == key.Branch && ancestor.Key.Seed == key.Seed) || ancestor.Key.Generation == 0 ? ancestor.Key.Generation.ToString(CultureInfo.InvariantCulture) : ancestor.Model;

    /// <summary>The models that a generation descends from, the nearest first; of one that is not there yet the earlier generations of its line.</summary>
    private static IEnumerable<NodeSummary> Ancestors(NodeKey key, IReadOnlyList<NodeSummary> nodes)
    {
        var byId = nodes.ToDictionary(node => node.Id);
        var own = nodes.FirstOrDefault(node => node.Key == key);
        var found = new HashSet<long>();
        var open = new Queue<long>(own is not null
            ? own.Parents.Where(parent => parent.Role != ParentRole.Reference).Select(parent => parent.NodeId)
            : nodes.Where(node => node.Key.Generation < key.Generation && node.Key.Branch == key.Branch && node.Key.Seed == key.Seed).Select(node => node.Id));
        while (open.TryDequeue(out var next))
        {
            if (next != own?.Id && found.Add(next))
            {
                foreach (var parent in byId[next].Parents.Where(parent => parent.Role != ParentRole.Reference))
                {
                    open.Enqueue(parent.NodeId);
                }
            }
        }

        return found.Select(id => byId[id]).OrderByDescending(node => node.Key.Generation).ThenBy(node => node.Key.Branch != key.Branch).ThenBy(node => node.Id);
    }

    /// <summary>The one value that a generation, or all of them, leave; refuses where there are several.</summary>
    private static T Only<T>(string what, IEnumerable<T> here, IEnumerable<T> anywhere, int generation)
    {
        var values = here.Distinct().ToList();
        values = values.Count > 0 ? values : [.. anywhere.Distinct()];
        return values.Count == 1
            ? values[0]
            : throw new LogRejectedException($"Generation {generation} could be of {what} {string.Join(", ", values.Select(value => value?.ToString() ?? "(none)"))}: say which (--{what}).");
    }

    private async Task<LineageSummary> LineageAsync(NodeHeader node, CancellationToken cancellationToken) =>
        await lineages.FindAsync(node.Key.Lineage, cancellationToken) ?? throw new LogRejectedException($"The lineage {node.Key.Lineage} was removed meanwhile.");

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
