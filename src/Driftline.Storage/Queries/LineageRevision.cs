namespace Driftline.Storage.Queries;

/// <summary>Changes whenever something that pages show of a lineage does.</summary>
/// <param name="Lineage">The lineage's name.</param>
/// <param name="LastImport">Id of the newest published import that touched it.</param>
/// <param name="LastRun">Id of the newest run of a measure.</param>
/// <param name="Alerts">How often its alerts have changed.</param>
public sealed record LineageRevision(string Lineage, long LastImport, long LastRun, long Alerts);
