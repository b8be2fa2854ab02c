using Driftline.Core.Imports;

namespace Driftline.Storage.Imports;

/// <summary>The provider's way of writing millions of rows, past the change tracker.</summary>
public interface IBulkImports
{
    /// <summary>Begins an import; waits until the one before it is over.</summary>
    Task<IImportSession> BeginAsync(ImportStart start, CancellationToken cancellationToken);
}
