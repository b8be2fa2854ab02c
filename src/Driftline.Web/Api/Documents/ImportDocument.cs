using System.Globalization;
using System.Text.Json.Serialization;
using Driftline.Core.Records;
using Driftline.Storage.Queries;

namespace Driftline.Web.Api.Documents;

/// <summary>The answer of <c>import</c>.</summary>
public sealed record ImportDocument(
    IReadOnlyList<FileDocument> Files,
    long RowsRead,
    long RowsWritten,
    long RowsReplaced,
    long RowsRejected,
    double Seconds)
{
    /// <summary>How the one posted log fared; left out where there may be several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>Of the seconds, those that deferred measures took after all others were there; left out where they follow in the background.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DeferredSeconds { get; init; }

    /// <summary>Files in the named folders that are no logs by their names and were left alone; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Ignored { get; init; }

    /// <summary>Adds up the files.</summary>
    public static ImportDocument Of(IReadOnlyList<FileDocument> files, double seconds) => new(
        files,
        files.Sum(file => file.RowsRead),
        files.Sum(file => file.RowsWritten),
        files.Sum(file => file.RowsReplaced),
        files.Sum(file => file.RowsRejected),
        seconds);
}

/// <summary>How one file fared: imported, unchanged, replaced, partial or rejected.</summary>
public sealed record FileDocument
{
    /// <summary>The path or name as given.</summary>
    public required string Path { get; init; }

    /// <summary>The format; null when none was recognised.</summary>
    public string? Format { get; init; }

    /// <summary>How it fared.</summary>
    public required string Status { get; init; }

    /// <summary>One sentence, when something is to be said.</summary>
    public string? Reason { get; init; }

    /// <summary>The file under which the log is reported that this one is a part of; left out where it stands for itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PartOf { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Records read.</summary>
    public long RowsRead { get; init; }

    /// <summary>Records stored.</summary>
    public long RowsWritten { get; init; }

    /// <summary>Records that took the place of earlier ones.</summary>
    public long RowsReplaced { get; init; }

    /// <summary>Records rejected.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Values that were no number.</summary>
    public long ValuesDropped { get; init; }

    /// <summary>Seconds it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Things to know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The import's id; null for what was not stored.</summary>
    public long? Id { get; init; }

    /// <summary>When it came in, UTC; null for what was not stored.</summary>
    public DateTime? Created { get; init; }

    /// <summary>Which models it speaks of, and how that was told.</summary>
    public IReadOnlyList<PlacementDocument> Placements { get; init; } = [];

    /// <summary>Evaluations that it made or changed.</summary>
    public IReadOnlyList<EvaluationDocument> Evaluations { get; init; } = [];

    /// <summary>What was set otherwise than at the evaluations that these are compared with; only in the report of one stored import.</summary>
    public IReadOnlyList<DifferenceDocument> Differences { get; init; } = [];

    /// <summary>The first rejected rows.</summary>
    public IReadOnlyList<RowError> Errors { get; init; } = [];

    /// <summary>The report of an import as it was stored; without its evaluations and rejected rows.</summary>
    public static FileDocument Of(ImportSummary import) => new()
    {
        Path = import.Source,
        Format = import.Format,
        Status = import.Status,
        Reason = import.Reason,
        Bytes = import.Bytes,
        RowsRead = import.RowsRead,
        RowsWritten = import.RowsWritten,
        RowsReplaced = import.RowsReplaced,
        RowsRejected = import.RowsRejected,
        ValuesDropped = import.ValuesDropped,
        Seconds = import.Seconds,
        Notes = import.Notes,
        Id = import.Id,
        Created = import.Created,
        Placements = [.. import.Places.Select(PlacementDocument.Of)],
    };
}

/// <summary>A model that a log speaks of.</summary>
/// <param name="Lineage">Its lineage.</param>
/// <param name="Branch">Its branch.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Checkpoint">Its checkpoint; null for the finished model.</param>
/// <param name="Evidence">How it was found ("generation from tag gen:3"); null when the log states it.</param>
/// <param name="Guessed">Whether a name was asked, so that it should be looked at.</param>
/// <param name="Moved">Whether a person moved it there afterwards.</param>
public sealed record PlacementDocument(string Lineage, string Branch, string? Seed, int Generation, string? Checkpoint, string? Evidence, bool Guessed, bool Moved)
{
    /// <summary>As stored.</summary>
    public static PlacementDocument Of(ImportPlace place) => new(
        place.Node.Lineage, place.Node.Branch, place.Node.Seed, place.Node.Generation, place.Node.Checkpoint, place.Evidence, place.IsGuess, place.IsMoved);

    /// <summary>As a log's header has it.</summary>
    public static PlacementDocument Of(NodeHeader node) => new(
        node.Key.Lineage, node.Key.Branch, node.Key.Seed, node.Key.Generation, node.Key.Checkpoint, node.Evidence, node.IsGuess, Moved: false);

    /// <summary>A sentence for each line and evidence: "lab · main · generations 0–4, as the log states".</summary>
    public static IEnumerable<string> Sentences(IEnumerable<PlacementDocument> placements) => placements
        .GroupBy(place => (place.Lineage, place.Branch, place.Seed, place.Evidence, place.Guessed))
        .Select(group => $"{group.Key.Lineage} · {group.Key.Branch}{(group.Key.Seed is { } seed ? $" · seed {seed}" : "")} · {Generations([.. group.Select(place => place.Generation).Distinct().Order()])}, {Words(group.Key.Evidence, group.Key.Guessed)}");

    /// <summary>Those that differ in nothing but the generation, together: a row of a table each. In the order of their first.</summary>
    public static IEnumerable<IReadOnlyList<PlacementDocument>> Lines(IEnumerable<PlacementDocument> placements) => placements
        .GroupBy(place => place with { Generation = 0 })
        .Select(line => line.ToList());

    /// <summary>Their generations: "3", "0–4", "0, 2, 7".</summary>
    public static string Numbers(IEnumerable<PlacementDocument> placements) => Numbers([.. placements.Select(place => place.Generation).Distinct().Order()]);

    /// <summary>"generation 3", "generations 0–4", "generations 0, 2, 7".</summary>
    public static string Generations(IReadOnlyList<int> generations) => $"{(generations.Count == 1 ? "generation" : "generations")} {Numbers(generations)}";

    private static string Numbers(IReadOnlyList<int> generations) => generations switch
    {
        [var first, .., var last] when last - first == generations.Count - 1 => string.Create(CultureInfo.InvariantCulture, $"{first}–{last}"),
        _ => string.Join(", ", generations.Select(generation => generation.ToString(CultureInfo.InvariantCulture))),
    };

    /// <summary>The evidence in words.</summary>
    public static string Words(string? evidence, bool guessed) => evidence is null ? "as the log states" : guessed ? $"guessed: {evidence}" : evidence;
}

/// <summary>A key of the configuration that differs from the evaluation of the same suite at the origin or parent.</summary>
/// <param name="Lineage">The lineage.</param>
/// <param name="Branch">The branch of the evaluation.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Suite">Its suite.</param>
/// <param name="Baseline">origin or parent.</param>
/// <param name="BaselineGeneration">The generation of that.</param>
/// <param name="Key">The key: scorer, judge, temperature, dataset_digest, …</param>
/// <param name="Before">Its value there.</param>
/// <param name="Now">Its value here.</param>
public sealed record DifferenceDocument(
    string Lineage, string Branch, string? Seed, int Generation, string Suite, string Baseline, int BaselineGeneration, string Key, string Before, string Now);
