using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Helm;

/// <summary>The files of a run.</summary>
internal enum HelmFile
{
    /// <summary>What each instance was asked and answered, request by request.</summary>
    ScenarioState,

    /// <summary>The statistics of each instance.</summary>
    PerInstanceStats,

    /// <summary>The statistics of the run.</summary>
    Stats,

    /// <summary>What was evaluated, and how.</summary>
    RunSpec,

    /// <summary>What the scenario is.</summary>
    Scenario,
}

/// <summary>Those files of a run that are there: all in the folder of a log, or only the one that came by itself.</summary>
/// <param name="Files">File → path.</param>
/// <param name="RunName">The folder's name, which is that of the run with its colon as a hyphen; null where it is not known.</param>
/// <param name="PlacingName">The log's name without that folder, whose name holds the scenario and no lineage.</param>
internal sealed record HelmFolder(IReadOnlyDictionary<HelmFile, string> Files, string? RunName, string PlacingName)
{
    private static readonly (HelmFile Kind, string Name)[] Names =
    [
        (HelmFile.ScenarioState, "scenario_state"), (HelmFile.PerInstanceStats, "per_instance_stats"), (HelmFile.Stats, "stats"), (HelmFile.RunSpec, "run_spec"),
        (HelmFile.Scenario, "scenario"),
    ];

    private static readonly string[] Extensions = [".json", ".json.gz", ".json.zst"];

    /// <summary>The files that count, beside the one that stands for all, in a fixed order.</summary>
    public IReadOnlyList<string> Others => [.. Names.Where(n => n.Kind != Main && Files.ContainsKey(n.Kind)).Select(n => Files[n.Kind])];

    /// <summary>What of a run is not there, each file with what it would tell.</summary>
    public IReadOnlyList<string> Missing => [.. Names.Where(n => !Files.ContainsKey(n.Kind)).Select(n => $"{n.Name}.json ({Told(n.Kind)})")];

    /// <summary>The same in words, which go on after "of".</summary>
    public string MissingInWords => $"the run's five files {(Missing.Count == 1 ? "one is" : $"{Missing.Count} are")} missing: {string.Join(", ", Missing)}";

    /// <summary>The file that stands for the log: the one with the most in it.</summary>
    private HelmFile? Main => Names.Select(n => (HelmFile?)n.Kind).FirstOrDefault(kind => Files.ContainsKey(kind!.Value));

    /// <summary>Which file of a run has a name; null for none.</summary>
    public static HelmFile? KindByName(string name)
    {
        var stem = PathParts.Of(name) is [.., var file] ? file : "";
        foreach (var (kind, known) in Names)
        {
            if (stem == known)
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Finds the files of the run that a log belongs to.</summary>
    /// <param name="source">Any of them.</param>
    /// <param name="kind">Which it is; null finds nothing.</param>
    public static HelmFolder Of(LogSource source, HelmFile? kind)
    {
        var files = new Dictionary<HelmFile, string>();
        if (kind is { } own)
        {
            files.Add(own, source.Path);
        }

        // Under another name it is a copy of a file, not a member of the folder.
        if (kind is not null && KindByName(source.Name) == kind)
        {
            foreach (var (other, name) in Names)
            {
                if (other != kind && Extensions.Select(e => source.Beside(name + e)).FirstOrDefault(path => path is not null) is { } beside)
                {
                    files.Add(other, beside);
                }
            }
        }

        var parts = source.Name.Split('/', '\\').ToList();
        var run = parts.Count > 1 && IsRun(parts[^2]) ? parts[^2] : null;
        if (run is not null)
        {
            parts.RemoveAt(parts.Count - 2);
        }

        return new HelmFolder(files, run, string.Join('/', parts));
    }

    /// <summary>The log that the file is a part of, under the name of the file that stands for it.</summary>
    public LogSource Whole(LogSource source)
    {
        if (Main is not { } main || Files[main] == source.Path)
        {
            return source;
        }

        var end = source.Name.LastIndexOfAny(['/', '\\']) + 1;
        return LogSource.FromFile(Files[main], source.Name[..end] + Path.GetFileName(Files[main]));
    }

    private static string Told(HelmFile kind) => kind switch
    {
        HelmFile.ScenarioState => "prompts and answers",
        HelmFile.PerInstanceStats => "scores",
        HelmFile.Stats => "metrics",
        HelmFile.RunSpec => "the run's name and model",
        _ => "the dataset",
    };

    // mmlu-subject=philosophy,method=…,model=openai_gpt2
    private static bool IsRun(string folder) => folder.Contains("model=", StringComparison.Ordinal) || folder.Contains("method=", StringComparison.Ordinal);
}
