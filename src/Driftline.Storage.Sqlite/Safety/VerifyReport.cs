namespace Driftline.Storage.Sqlite.Safety;

/// <summary>What a verification looked at and found.</summary>
public sealed record VerifyReport
{
    /// <summary>Most faults that are listed; all are counted.</summary>
    public const int MaxListed = 100;

    /// <summary>What was looked at → how many.</summary>
    public required IReadOnlyDictionary<string, long> Checked { get; init; }

    /// <summary>The first faults, one sentence each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>All faults.</summary>
    public required long FaultCount { get; init; }

    /// <summary>Whether nothing is damaged.</summary>
    public bool IsSound => FaultCount == 0;
}
