using Driftline.Core.Suites;
using Driftline.Storage.Columns;
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
            Define(row, SuiteInference.Infer(seen.ToFacts(row.Name, keys), row.Overrides, Edits(row)));
        }
    }

    /// <summary>What a person has set of a suite, which imports leave alone.</summary>
    public static string? Edits(SuiteRow row) =>
        row is { Edited: true, Definition: { } definition } ? SuiteInference.EditsOf(SuiteDefinitionJson.Deserialize(definition)) : null;

    /// <summary>Stores a definition; its version grows only when it means something else than before.</summary>
    public static void Define(SuiteRow row, SuiteDefinition definition)
    {
        var version = 1;
        if (row.Definition is not null)
        {
            var before = SuiteDefinitionJson.Deserialize(row.Definition);
            version = SuiteDefinitionJson.Serialize(before.Meaning()) == SuiteDefinitionJson.Serialize(definition.Meaning()) ? before.Version : before.Version + 1;
        }

        row.Definition = SuiteDefinitionJson.Serialize(definition with { Version = version });
    }

    /// <summary>Adds the values that are new, up to a bound for each key, and returns the number of values of each key.</summary>
    private async Task<Dictionary<string, int>> MetadataKeysAsync(PendingSuite pending, CancellationToken cancellationToken)
    {
        var counts = await context.SuiteMetadata
            .Where(m => m.LineageId == lineage.Id && m.SuiteId == pending.Id)
            .GroupBy(m => m.Key)
            .ToDictionaryAsync(g => g.Key, g => g.Count(), cancellationToken);
        await using var add = new PartReader(context.Database.GetDbConnection(), lineage.Id).Command(
            "INSERT INTO suite_metadata (lineage_id, suite_id, key, value) VALUES (@lineage, @suite, @key, @value) ON CONFLICT DO NOTHING",
            ("@suite", pending.Id),
            ("@key", ""),
            ("@value", ""));
        foreach (var (key, values) in pending.Metadata)
        {
            var count = counts.GetValueOrDefault(key);
            add.Parameters["@key"].Value = key;
            foreach (var value in values)
            {
                if (count < PendingSuite.MaxValues)
                {
                    add.Parameters["@value"].Value = value;
                    count += await add.ExecuteNonQueryAsync(cancellationToken);
                }
            }

            counts[key] = count;
        }

        return counts;
    }
}
