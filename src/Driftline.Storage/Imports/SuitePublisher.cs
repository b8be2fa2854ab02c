using Driftline.Core.Suites;
using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Imports;

/// <summary>Adds what an import saw of suites to what is known of them, and infers their definitions anew.</summary>
internal sealed class SuitePublisher(DriftlineContext context, PendingLineage lineage)
{
    /// <summary>Publishes the suites that the import touched.</summary>
    /// <param name="rows">The suites of the lineage by id.</param>
    /// <param name="overrides">Definitions that came with the mapping, by suite.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="SuiteDefinitionException">A mapping's definition names an unknown key or a value that does not fit.</exception>
    public async Task PublishAsync(Dictionary<long, SuiteRow> rows, IReadOnlyDictionary<string, string> overrides, CancellationToken cancellationToken)
    {
        foreach (var pending in lineage.Suites.Values)
        {
            var row = rows[pending.Id];
            foreach (var metric in lineage.Metrics.Keys.Where(m => m.Suite == pending.Name))
            {
                pending.Seen.Metrics.Add(metric.Metric);
            }

            var seen = row.Observations is null ? new SuiteObservations() : StorageJson.Read<SuiteObservations>(row.Observations);
            seen.Add(pending.Seen);
            row.Observations = StorageJson.Write(seen);
            row.Overrides = overrides.GetValueOrDefault(pending.Name) ?? row.Overrides;
            var keys = await MetadataKeysAsync(pending, cancellationToken);
            if (!row.Edited)
            {
                Define(row, SuiteInference.Infer(seen.ToFacts(row.Name, keys), row.Overrides));
            }
        }
    }

    /// <summary>Stores a definition; its version grows only when it means something else than before.</summary>
    public static void Define(SuiteRow row, SuiteDefinition definition)
    {
        var version = 1;
        if (row.Definition is not null)
        {
            var before = SuiteDefinitionJson.Deserialize(row.Definition);
            version = Meaning(before) == Meaning(definition) ? before.Version : before.Version + 1;
        }

        row.Definition = SuiteDefinitionJson.Serialize(definition with { Version = version });
    }

    private static string Meaning(SuiteDefinition definition) =>
        SuiteDefinitionJson.Serialize(definition with { Version = 0, Reasons = new Dictionary<string, string>() });

    private async Task<Dictionary<string, int>> MetadataKeysAsync(PendingSuite pending, CancellationToken cancellationToken)
    {
        var known = (await context.SuiteMetadata.AsNoTracking()
                .Where(m => m.LineageId == lineage.Id && m.SuiteId == pending.Id)
                .Select(m => new { m.Key, m.Value })
                .ToListAsync(cancellationToken))
            .GroupBy(m => m.Key, m => m.Value)
            .ToDictionary(g => g.Key, g => g.ToHashSet(StringComparer.Ordinal));
        foreach (var (key, values) in pending.Metadata)
        {
            if (!known.TryGetValue(key, out var stored))
            {
                known[key] = stored = [];
            }

            foreach (var value in values)
            {
                if (stored.Count < PendingSuite.MaxValues && stored.Add(value))
                {
                    context.SuiteMetadata.Add(new SuiteMetadataRow { LineageId = lineage.Id, SuiteId = pending.Id, Key = key, Value = value });
                }
            }
        }

        return known.ToDictionary(k => k.Key, k => k.Value.Count);
    }
}
