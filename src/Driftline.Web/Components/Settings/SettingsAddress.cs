namespace Driftline.Web.Components.Settings;

/// <summary>
/// Addresses of the pages of settings, relative to the application's base. Names are in the query, since a slash in one would part a
/// path.
/// </summary>
internal static class SettingsAddress
{
    /// <summary>A lineage's settings.</summary>
    public static string Lineage(string lineage) => $"settings/lineage?lineage={Uri.EscapeDataString(lineage)}";

    /// <summary>A suite's definition.</summary>
    public static string Suite(string lineage, string suite) => $"settings/suite?lineage={Uri.EscapeDataString(lineage)}&suite={Uri.EscapeDataString(suite)}";

    /// <summary>The file of a lineage's suites.</summary>
    public static string Export(string lineage) => $"api/v1/lineages/{Uri.EscapeDataString(lineage)}/suites/definitions";
}
