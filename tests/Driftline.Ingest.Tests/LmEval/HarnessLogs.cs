using System.Text.Json;
using Driftline.Core.Imports;

namespace Driftline.Ingest.Tests.LmEval;

/// <summary>The real files of lm-evaluation-harness and what is known of them.</summary>
internal static class HarnessLogs
{
    private static readonly Lazy<JsonDocument> All = new(() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "facts.json"))));

    /// <summary>A place for files that say nothing of theirs.</summary>
    public static ReadOptions Placed { get; } = new() { Overrides = new NodeOverrides { Lineage = "l", Generation = 1 } };

    public static string Folder => Path.Combine(Logs.Fixtures, "lm_eval");

    /// <summary>File → facts.</summary>
    public static JsonElement Facts => All.Value.RootElement;

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static LogSource Source(string file) => LogSource.FromFile(Path.Combine(Folder, file), file);

    public static Task<(CollectingSink Sink, ImportOutcome Outcome)> ReadAsync(string file, ReadOptions? options = null) =>
        Logs.ReadAsync(Source(file), options ?? Placed);
}
