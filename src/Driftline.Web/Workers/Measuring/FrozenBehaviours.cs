using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Driftline.Core.Measures.Behaviours;
using Driftline.Core.Records;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>The clusters that a suite's outputs are assigned to.</summary>
/// <param name="Name">What they are kept under; it changes with the reference set's version and the embedder.</param>
/// <param name="Reference">The evaluations that they are made of, generation 0 first; empty where they were made and some of these are gone.</param>
public sealed record PlannedBehaviours(string Name, IReadOnlyList<EvaluationSummary> Reference);

/// <summary>
/// The kinds of outputs that a lineage's suites have: made once of a named, versioned reference set (by itself generations 0 to 2 of the
/// first branch and seed that has them), and kept, so that every later generation is assigned to the same.
/// </summary>
/// <remarks>
/// Which line that is depends on what is in when kinds are first looked for: of several that are complete then the first by name, of lines that come
/// in one after the other the one that came first. It is not looked for again when an earlier name comes later: names that people gave, alerts and
/// figures hang on the kinds. The kept set is named wherever kinds are shown, and somebody can choose another one.
/// </remarks>
public sealed class FrozenBehaviours(EmbedderStore store, SettingsStore settings)
{
    /// <summary>What a suite says that has no reference set yet.</summary>
    public const string NoReference = "Kinds of outputs are found in generations 0, 1 and 2 of one branch and seed; none has all three complete yet.";

    private const int ReferenceGenerations = 3;

    /// <summary>What the clusters of a suite are kept under.</summary>
    /// <param name="chosen">The reference set; null for the first, which nobody chose.</param>
    /// <param name="embedder">The lineage's embedder.</param>
    /// <param name="suite">The suite.</param>
    public static string NameOf(BehaviourChoice? chosen, string embedder, string suite) => $"{EmbedderStore.BehavioursPrefix}{chosen?.Version ?? 1}/{embedder}/{suite}";

    /// <summary>The clusters of each suite that has a reference set, by the suite's name.</summary>
    public async Task<IReadOnlyDictionary<string, PlannedBehaviours>> PlanAsync(LineageSnapshot lineage, CancellationToken cancellationToken)
    {
        var chosen = await settings.GetAsync<BehaviourChoice>(lineage.LineageId, SettingKeys.Behaviours, cancellationToken);
        var planned = new Dictionary<string, PlannedBehaviours>(StringComparer.Ordinal);
        foreach (var suite in lineage.Suites)
        {
            var name = NameOf(chosen, lineage.Embedder, suite.Definition.Name);
            var reference = Reference(lineage, suite.Id, chosen);

            // What was found stays, also when a generation of the reference set was removed since.
            if (reference is not null || (chosen is not null && await store.HasAsync(lineage.LineageId, name, cancellationToken)))
            {
                planned[suite.Definition.Name] = new PlannedBehaviours(name, reference ?? []);
            }
        }

        return planned;
    }

    /// <summary>The clusters of a suite; made and kept when they are first asked for.</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="suite">The suite's name.</param>
    /// <param name="load">Loads an evaluation with its embeddings.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<BehaviourReference> LoadAsync(
        LineageSnapshot lineage, string suite, Func<EvaluationSummary, Task<LoadedTable>> load, CancellationToken cancellationToken)
    {
        if (lineage.Behaviours.GetValueOrDefault(suite) is not { } planned)
        {
            return new BehaviourReference(null, NoReference);
        }

        if (await FindAsync(lineage.LineageId, planned, cancellationToken) is { } frozen)
        {
            return frozen;
        }

        if (planned.Reference.Count == 0)
        {
            return new BehaviourReference(null, NoReference);
        }

        var tables = new List<Core.Measures.EvaluationTable>();
        foreach (var evaluation in planned.Reference)
        {
            tables.Add((await load(evaluation)).Texts);
        }

        var seed = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{planned.Reference[0].Node.Lineage}\n{planned.Name}")));
        var fit = await Task.Run(() => BehaviourFit.Fit(tables, seed), cancellationToken);
        if (fit.Clusters is not { } clusters)
        {
            return fit;
        }

        // Whoever came first stays; so does the reference set, which later branches must not change.
        await store.SaveAsync(lineage.LineageId, planned.Name, BehaviourFormat.ToBytes(clusters), cancellationToken);
        var first = planned.Reference[0].Node;
        var last = planned.Reference[^1].Node;
        await settings.UpdateAsync<BehaviourChoice>(
            lineage.LineageId,
            SettingKeys.Behaviours,
            known => known ?? new BehaviourChoice { Branch = last.Branch, Seed = last.Seed, Generations = [.. Enumerable.Range(first.Generation, ReferenceGenerations)] },
            cancellationToken);
        return await FindAsync(lineage.LineageId, planned, cancellationToken) ?? fit;
    }

    /// <summary>The kept clusters; null when none were made.</summary>
    public async Task<BehaviourReference?> FindAsync(long lineageId, PlannedBehaviours planned, CancellationToken cancellationToken) =>
        await store.GetAsync(lineageId, planned.Name, cancellationToken) is { } bytes ? new BehaviourReference(BehaviourFormat.FromBytes(bytes), null) : null;

    private static List<EvaluationSummary>? Reference(LineageSnapshot lineage, long suiteId, BehaviourChoice? chosen)
    {
        var lines = chosen is null ? lineage.Lines() : lineage.Lines().Where(line => line[^1].Key.Branch == chosen.Branch && line[^1].Key.Seed == chosen.Seed);
        var generations = chosen?.Generations ?? [.. Enumerable.Range(0, ReferenceGenerations)];
        foreach (var line in lines)
        {
            var evaluations = generations
                .Select(generation => line.FirstOrDefault(node => node.Key.Generation == generation))
                .Select(node => node is null ? null : lineage.Current(node.Id, suiteId))
                .OfType<EvaluationSummary>()
                .Where(evaluation => evaluation is { Samples: > 0, Status: EvaluationStatus.Success })
                .ToList();
            if (evaluations.Count == generations.Count)
            {
                return evaluations;
            }
        }

        return null;
    }
}
