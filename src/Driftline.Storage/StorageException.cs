namespace Driftline.Storage;

/// <summary>What keeps the database from being used.</summary>
public enum StorageProblem
{
    /// <summary>A newer Driftline wrote it.</summary>
    Newer,

    /// <summary>The folder or the file cannot be written or opened.</summary>
    NotWritable,

    /// <summary>The file is no database, or a damaged one.</summary>
    Damaged,

    /// <summary>There is no room left.</summary>
    Full,

    /// <summary>Another process writes and does not stop.</summary>
    Busy,
}

/// <summary>The database cannot be used. The message is one line that names it and the way out.</summary>
public sealed class StorageException(StorageProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public StorageProblem Problem => problem;
}
