namespace Driftline.Storage;

/// <summary>Lets one writer of this process at a time into the database, and this process only while no other one writes.</summary>
public interface IWriteGate
{
    /// <summary>Waits for its turn to write; dispose to let the next one in. For short transactions only.</summary>
    /// <exception cref="StorageException">Another process writes to this folder and does not stop in time.</exception>
    ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken);
}
