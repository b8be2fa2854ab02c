using Driftline.Core.Suites;
using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>A suite as a person edits it: its definition, and all that it was inferred from.</summary>
/// <param name="Id">Its id in the database.</param>
/// <param name="Definition">The definition in force.</param>
/// <param name="Facts">What imports have seen of it.</param>
/// <param name="Overrides">What a mapping says, as JSON; null for nothing.</param>
/// <param name="Edits">What a person has set, as JSON; null for nothing.</param>
/// <param name="Values">Metadata key → its first values in ordinal order, at most <see cref="SuiteStore.MaxExamples"/>.</param>
public sealed record EditableSuite(
    long Id, SuiteDefinition Definition, SuiteFacts Facts, string? Overrides, string? Edits, IReadOnlyDictionary<string, IReadOnlyList<string>> Values);

/// <summary>Definitions of suites that a person sets.</summary>
public sealed class SuiteStore(IDbContextFactory<DriftlineContext> contexts, IWriteGate gate)
{
    /// <summary>Most example values of a metadata key.</summary>
    public const int MaxExamples = 12;

    /// <summary>A lineage's suites by name.</summary>
    public async Task<IReadOnlyList<EditableSuite>> ListAsync(long lineageId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Suites.AsNoTracking().Where(s => s.LineageId == lineageId && s.Definition != null).ToListAsync(cancellationToken);
        var suites = new List<EditableSuite>();
        foreach (var row in rows.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            suites.Add(await EditableAsync(context, row, cancellationToken));
        }

        return suites;
    }

    /// <summary>A suite by its name; null when there is none.</summary>
    public async Task<EditableSuite?> FindAsync(long lineageId, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Suites.AsNoTracking().SingleOrDefaultAsync(s => s.LineageId == lineageId && s.Name == name && s.Definition != null, cancellationToken);
        return row is null ? null : await EditableAsync(context, row, cancellationToken);
    }

    /// <summary>
    /// Stores what a person sets of suites, all or none: it takes the place of what was set before, beats inference and mappings, and
    /// imports leave it alone from then on. A definition's version grows when it means something else than before.
    /// </summary>
    /// <param name="lineageId">The lineage.</param>
    /// <param name="edits">Suite → partial definition as JSON; null goes back to what is inferred.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="InvalidOperationException">The lineage has no such suite.</exception>
    /// <exception cref="SuiteDefinitionException">A key is unknown or a value does not fit.</exception>
    public async Task SaveAsync(long lineageId, IReadOnlyDictionary<string, string?> edits, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (name, json) in edits)
        {
            var row = await context.Suites.SingleOrDefaultAsync(s => s.LineageId == lineageId && s.Name == name && s.Definition != null, cancellationToken)
                ?? throw new InvalidOperationException($"Lineage {lineageId} has no suite '{name}'; import its logs first.");
            var definition = SuiteInference.Infer(await FactsAsync(context, row, cancellationToken), row.Overrides, json);
            SuitePublisher.Define(row, definition);
            row.Edited = SuiteInference.EditsOf(definition) is not null;
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private static async Task<EditableSuite> EditableAsync(DriftlineContext context, SuiteRow row, CancellationToken cancellationToken)
    {
        var values = await context.SuiteMetadata.AsNoTracking()
            .Where(m => m.LineageId == row.LineageId && m.SuiteId == row.Id)
            .GroupBy(m => m.Key)
            .Select(g => new { g.Key, Values = g.OrderBy(m => m.Value).Take(MaxExamples).Select(m => m.Value).ToList() })
            .ToListAsync(cancellationToken);
        return new EditableSuite(
            row.Id,
            SuiteDefinitionJson.Deserialize(row.Definition!),
            await FactsAsync(context, row, cancellationToken),
            row.Overrides,
            SuitePublisher.Edits(row),
            values.ToDictionary(v => v.Key, v => (IReadOnlyList<string>)v.Values, StringComparer.Ordinal));
    }

    private static async Task<SuiteFacts> FactsAsync(DriftlineContext context, SuiteRow row, CancellationToken cancellationToken)
    {
        var keys = await context.SuiteMetadata
            .Where(m => m.LineageId == row.LineageId && m.SuiteId == row.Id)
            .GroupBy(m => m.Key)
            .ToDictionaryAsync(g => g.Key, g => g.Count(), cancellationToken);
        var seen = row.Observations is null ? new SuiteObservations() : StorageJson.Read<SuiteObservations>(row.Observations);
        return seen.ToFacts(row.Name, keys);
    }
}
