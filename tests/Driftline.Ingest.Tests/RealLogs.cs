using System.Text.Json;
using Driftline.Core.Imports;

namespace Driftline.Ingest.Tests;

/// <summary>The real files of one format and what is known of them.</summary>
/// <param name="format">The folder among the fixtures.</param>
internal sealed class RealLogs(string format)
{
    private readonly Lazy<JsonDocument> _facts = new(() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Logs.Fixtures, format, "facts.json"))));

    public static RealLogs Inspect { get; } = new("inspect");

    public static RealLogs LmEval { get; } = new("lm_eval");

    public static RealLogs EveryEvalEver { get; } = new("every_eval_ever");

    public static RealLogs Helm { get; } = new("helm");

    public static RealLogs OpenAiEvals { get; } = new("openai_evals");

    public static RealLogs Bbq { get; } = new("bbq");

    public static RealLogs ModelWritten { get; } = new("model_written_evals");

    public static RealLogs Pythia { get; } = new("pythia");

    /// <summary>A place for files that say nothing of theirs.</summary>
    public static ReadOptions Placed { get; } = new() { Overrides = new NodeOverrides { Lineage = "l", Generation = 1 } };

    public string Folder => Path.Combine(Logs.Fixtures, format);

    /// <summary>File → facts.</summary>
    public JsonElement Facts => _facts.Value.RootElement;

    /// <summary>The files of which something is known.</summary>
    public IEnumerable<string> Files => Facts.EnumerateObject().Select(f => f.Name);

    public string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public LogSource Source(string file) => LogSource.FromFile(Path.Combine(Folder, file), file);

    public Task<(CollectingSink Sink, ImportOutcome Outcome)> ReadAsync(string file, ReadOptions? options = null) => Logs.ReadAsync(Source(file), options ?? Placed);
}
