using Driftline.Core.Suites;
using Driftline.Storage.Imports;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>Definitions of suites that a person sets.</summary>
public sealed class SuiteStore(IDbContextFactory<DriftlineContext> contexts, IWriteGate gate)
{
    /// <summary>
    /// Stores a definition in the place of the one of its name, which imports leave alone from then on. Its version grows when it
    /// means something else than before, whatever version it came with.
    /// </summary>
    /// <exception cref="InvalidOperationException">The lineage has no such suite.</exception>
    public async Task SaveAsync(long lineageId, SuiteDefinition definition, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Suites.SingleOrDefaultAsync(s => s.LineageId == lineageId && s.Name == definition.Name && s.Definition != null, cancellationToken)
            ?? throw new InvalidOperationException($"Lineage {lineageId} has no suite '{definition.Name}'; import its logs first.");
        SuitePublisher.Define(row, definition);
        row.Edited = true;
        await context.SaveChangesAsync(cancellationToken);
    }
}
