namespace Driftline.Ingest.Tests.Native;

/// <summary>Lines of native logs for tests.</summary>
internal static class NativeLines
{
    public const string Header = """
        "schema_version":"1","type":"sample","lineage":"l","branch":"b","seed":1,"generation":2,"model":"m","task":"t"
        """;

    /// <summary>A valid sample with what is added to it.</summary>
    public static string Sample(string id, string more = "\"scores\":{\"s\":1}") => $"{{{Header},\"sample_id\":\"{id}\",{more}}}";

    /// <summary>A line of another type, without header keys but lineage, generation and model.</summary>
    public static string Record(string type, string more) =>
        $$"""{"schema_version":"1","type":"{{type}}","lineage":"l","generation":2,"model":"m",{{more}}}""";

    public static string Lines(params string[] lines) => string.Join('\n', lines) + "\n";
}
