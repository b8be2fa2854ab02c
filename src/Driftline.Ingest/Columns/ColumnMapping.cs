using System.Text.Json;
using Driftline.Ingest.Json;
using Driftline.Core.Lineages;
using Driftline.Ingest.Files;

namespace Driftline.Ingest.Columns;

/// <summary>Says what the columns of a table (CSV, TSV, a JSON array, JSON Lines) mean.</summary>
/// <remarks>
/// <para>Written as a JSON document. Where a key takes a <em>source</em>, it is a constant (<c>"synthetic"</c>) or a column
/// (<c>{"column": "Arm"}</c>); in JSON, <c>a.b</c> names key <c>b</c> of object <c>a</c>. Keys:</para>
/// <list type="table">
/// <item><term><c>format</c></term><description><c>csv</c>, <c>tsv</c>, <c>json</c> (an array of objects), <c>jsonl</c>, or <c>auto</c>, the default</description></item>
/// <item><term><c>delimiter</c></term><description>one character between the fields of CSV; found in the header line if not given</description></item>
/// <item><term><c>lineage</c>, <c>branch</c>, <c>seed</c>, <c>checkpoint</c>, <c>run_id</c>, <c>created</c></term><description>sources; lineage and branch are guessed from folder and file name if not given</description></item>
/// <item><term><c>model</c></term><description>a source; a constant may hold <c>{lineage}</c>, <c>{branch}</c>, <c>{seed}</c> and <c>{generation}</c></description></item>
/// <item><term><c>generation</c></term><description>an integer for the whole file, or <c>{"column": "Generation", "offset": -1}</c>; found by the names of model and file if not given</description></item>
/// <item><term><c>suite</c> (or <c>task</c>)</term><description>a source: the suite's name</description></item>
/// <item><term><c>sample_id</c></term><description>a column, or <c>{"row_number": true}</c>: the 1-based number of the row within its node, for tables whose generations list the same prompts in the same order</description></item>
/// <item><term><c>repeat</c> (or <c>epoch</c>)</term><description><c>{"column": "epoch", "offset": 0}</c>; 1 if not given</description></item>
/// <item><term><c>input</c>, <c>target</c>, <c>output</c></term><description>sources</description></item>
/// <item><term><c>answer</c></term><description>a source, or <c>{"argmax": {"Left_Score": "left", "Right_Score": "right"}, "keep_as": "scores"}</c>: the option whose column is greatest (of equal ones the first), options in that order; the columns are kept as <c>scores</c> by their names, as <c>option_probs</c> by option, or <c>none</c></description></item>
/// <item><term><c>options</c>, <c>ordinal</c></term><description>an array of strings or a column with a JSON array; whether they are in order</description></item>
/// <item><term><c>option_probs</c></term><description>option → column</description></item>
/// <item><term><c>scores</c></term><description>score → column, or → <c>{"column": "GibberishLevel", "type": "number"}</c>; type <c>number</c> or <c>boolean</c></description></item>
/// <item><term><c>score_rows</c></term><description><c>{"name": "metric", "value": "value"}</c>: a table with one score a row; rows of one sample merge</description></item>
/// <item><term><c>metrics</c></term><description>metric → column, or → <c>{"column": "ppl", "stderr": "se", "n_samples": "n", "higher_is_better": false}</c>: numbers that were reported for the whole generation</description></item>
/// <item><term><c>metadata</c></term><description>an array of columns, or key → column</description></item>
/// <item><term><c>embedding</c></term><description><c>{"column": "vector", "name": "my-embedder"}</c>: a JSON array of numbers</description></item>
/// <item><term><c>types</c></term><description>column → <c>number</c>, <c>boolean</c> or <c>text</c>, for scores and metadata</description></item>
/// <item><term><c>config</c></term><description>an object: the run's configuration</description></item>
/// <item><term><c>parents</c></term><description>as in native logs; <c>for_generations</c> (an array) says to which generations a parent belongs, all if not given</description></item>
/// <item><term><c>join</c></term><description><c>{"file": "prompts.csv", "on": "Article_ID", "key": "id"}</c>: a second table, in the mapping's folder or beside the log, whose row with key = on adds its columns; both may be arrays where one column does not tell the row (<c>"on": ["Generation", "Article_ID"]</c>), and <c>{"row_number": true}</c> in key counts the rows of the second table that are equal in the other keys, from 1</description></item>
/// <item><term><c>suite_definition</c></term><description>an object: what a <see cref="Core.Suites.SuiteDefinition"/> should say instead of what would be inferred</description></item>
/// <item><term><c>suites</c></term><description>an array of objects with the keys that differ between suites of one table: <c>suite</c>, <c>suite_definition</c>, <c>config</c>, and all keys from <c>input</c> to <c>embedding</c>; those not given are taken from above</description></item>
/// </list>
/// </remarks>
public sealed record ColumnMapping
{
    internal ColumnMapping()
    {
    }

    /// <summary>The mapping as compact JSON, for content keys.</summary>
    public required string Canonical { get; init; }

    /// <summary>The folder of the mapping's file, in which <c>join</c> looks; null for a mapping that is no file.</summary>
    public string? Folder { get; init; }

    /// <summary>Where the joined table lies when it came along with the log; null looks for it in <see cref="Folder"/> and beside the log.</summary>
    public string? JoinedPath { get; private init; }

    /// <summary>The file name of the second table that it joins, as the mapping writes it; null when it joins none.</summary>
    public string? JoinedName => Join?.File;

    internal TableFormat Format { get; init; }

    internal char? Delimiter { get; init; }

    internal TextSource? Lineage { get; init; }

    internal TextSource? Branch { get; init; }

    internal TextSource? Seed { get; init; }

    internal TextSource? Checkpoint { get; init; }

    internal TextSource? Model { get; init; }

    internal TextSource? RunId { get; init; }

    internal TextSource? Created { get; init; }

    internal NumberSource? Generation { get; init; }

    internal NumberSource? Repeat { get; init; }

    internal SampleIdSource? SampleId { get; init; }

    internal IReadOnlyList<MappedParent> Parents { get; init; } = [];

    internal JoinedTable? Join { get; init; }

    internal IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>();

    internal IReadOnlyList<SuiteMapping> Suites { get; init; } = [];

    /// <summary>Reads a mapping.</summary>
    /// <param name="json">The document.</param>
    /// <param name="folder">Where <c>join</c> looks for its file.</param>
    /// <exception cref="MappingException">It cannot be used; the message has a sentence for each wrong key.</exception>
    public static ColumnMapping Parse(string json, string? folder = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new MappingParser().Parse(document.RootElement) with { Folder = folder };
        }
        catch (JsonException e)
        {
            throw new MappingException("", $"The mapping is not valid JSON, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {JsonFault.Sentence(e)}");
        }
    }

    /// <summary>Reads a mapping from a file.</summary>
    /// <exception cref="MappingException">It cannot be used; the message has a sentence for each wrong key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<ColumnMapping> LoadAsync(string file, CancellationToken cancellationToken = default) =>
        Parse(await File.ReadAllTextAsync(file, cancellationToken), Path.GetDirectoryName(Path.GetFullPath(file)));

    /// <summary>The same mapping with its second table at a path; null leaves it to be looked for.</summary>
    public ColumnMapping WithJoined(string? path) => path is null ? this : this with { JoinedPath = path };

    /// <summary>The second table that belongs to a log, whose bytes belong into its content key; null when the mapping joins none.</summary>
    /// <exception cref="MappingException">The mapping joins one, and it is not there.</exception>
    public string? JoinedFile(LogSource source)
    {
        if (Join is null || JoinedPath is not null)
        {
            return Join is null ? null : JoinedPath;
        }

        var beside = Path.GetDirectoryName(Path.GetFullPath(source.Path));
        return new[] { Folder, beside }.OfType<string>().Select(folder => Path.Combine(folder, Join.File)).FirstOrDefault(PatientCall.FileExists)
            ?? throw new MappingException("join.file", $"join.file: {Join.File} is neither in the mapping's folder nor beside {source.Name}.");
    }
}

internal enum TableFormat
{
    Auto,
    Csv,
    Tsv,
    Json,
    Jsonl,
}

internal enum ColumnType
{
    /// <summary>As the values look: numbers, or true and false.</summary>
    Auto,
    Number,
    Boolean,
    Text,
}

/// <summary>A text that is the same for all rows, or stands in a column.</summary>
internal sealed record TextSource(string? Constant, string? Column);

/// <summary>A whole number that is the same for all rows, or stands in a column and is counted from elsewhere.</summary>
internal sealed record NumberSource(int? Constant, string? Column, int Offset);

/// <summary>A column, or null for the number of the row within its node.</summary>
internal sealed record SampleIdSource(string? Column);

/// <summary>A declared parent, and the generations to which it belongs; null is all.</summary>
internal sealed record MappedParent(DeclaredParent Parent, IReadOnlySet<int>? ForGenerations);

/// <summary>A second table, whose row with key = on adds its columns.</summary>
/// <param name="File">Its path, relative to the mapping or the log.</param>
/// <param name="On">The columns of the log.</param>
/// <param name="Key">The columns of the second table, one for each of <paramref name="On"/>; null is the number of the row among those that are equal in the others.</param>
internal sealed record JoinedTable(string File, IReadOnlyList<string> On, IReadOnlyList<string?> Key);

/// <summary>What belongs to one suite of a table.</summary>
internal sealed record SuiteMapping
{
    public TextSource? Name { get; init; }

    public TextSource? Input { get; init; }

    public TextSource? Target { get; init; }

    public TextSource? Output { get; init; }

    public TextSource? Answer { get; init; }

    public ArgMax? ArgMax { get; init; }

    /// <summary>A constant is a JSON array.</summary>
    public TextSource? Options { get; init; }

    public bool Ordinal { get; init; }

    public IReadOnlyList<NamedColumn> OptionProbabilities { get; init; } = [];

    public IReadOnlyList<NamedColumn> Scores { get; init; } = [];

    public ScoreRows? ScoreRows { get; init; }

    public IReadOnlyList<MetricColumn> Metrics { get; init; } = [];

    public IReadOnlyList<NamedColumn> Metadata { get; init; } = [];

    public EmbeddingColumn? Embedding { get; init; }

    /// <summary>Canonical JSON.</summary>
    public string? Config { get; init; }

    /// <summary>A part of a suite definition, canonical JSON.</summary>
    public string? Definition { get; init; }

    /// <summary>Whether its rows are samples, rather than only reported numbers.</summary>
    public bool HasSamples =>
        Answer is not null || ArgMax is not null || Scores.Count > 0 || ScoreRows is not null || Output is not null || OptionProbabilities.Count > 0 || Embedding is not null;
}

/// <summary>A column under the name that it gets.</summary>
internal sealed record NamedColumn(string Name, string Column, ColumnType Type = ColumnType.Auto);

/// <summary>The answer is the option whose column is greatest.</summary>
internal sealed record ArgMax(IReadOnlyList<NamedColumn> Options, KeepAs KeepAs);

internal enum KeepAs
{
    Scores,
    OptionProbs,
    None,
}

/// <summary>One score a row: its name in one column, its value in another.</summary>
internal sealed record ScoreRows(string Name, string Value);

/// <summary>A number that was reported for a whole generation.</summary>
internal sealed record MetricColumn(string Name, string Column, string? StdErr, string? Samples, bool? HigherIsBetter);

/// <summary>A column of vectors.</summary>
internal sealed record EmbeddingColumn(string Column, string Embedder);
