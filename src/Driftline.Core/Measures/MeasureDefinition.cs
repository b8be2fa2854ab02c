using Driftline.Core.Suites;

namespace Driftline.Core.Measures;

/// <summary>What a measure needs of an evaluation.</summary>
[Flags]
public enum MeasureNeeds
{
    /// <summary>Nothing but the rows.</summary>
    None = 0,

    /// <summary>The suite's primary score.</summary>
    Score = 1,

    /// <summary>A boolean primary score, or one with a threshold.</summary>
    Boolean = 2,

    /// <summary>Categorical answers.</summary>
    Answer = 4,

    /// <summary>Embeddings, from the log or the built-in embedder.</summary>
    Embedding = 8,

    /// <summary>Outputs as text.</summary>
    Output = 16,

    /// <summary>A metadata key that names groups.</summary>
    Group = 32,

    /// <summary>The points of another measure over the generations.</summary>
    Series = 64,

    /// <summary>Categorical answers, or the probabilities of options.</summary>
    Choice = 128,

    /// <summary>A suite whose options are in order.</summary>
    Ordinal = 256,

    /// <summary>A metadata key that names value dimensions, and a primary score.</summary>
    Dimension = 512,

    /// <summary>Prompts with two or more embedded repeats.</summary>
    RepeatedEmbedding = 1024,

    /// <summary>One embedding a prompt at most.</summary>
    SingleEmbedding = 2048,

    /// <summary>Samples that say what they are about, in another suite (<c>about</c>).</summary>
    About = 4096,

    /// <summary>A metadata key that tells triggered prompts from clean ones.</summary>
    Trigger = 8192,

    /// <summary>A metadata key that names sets of paraphrases.</summary>
    Paraphrase = 16384,

    /// <summary>Facts of the generation's training data; of the generation, not of a suite.</summary>
    TrainingFacts = 32768,

    /// <summary>What generation 0 was trained on, and who wrote the data since.</summary>
    OriginTraining = 65536,

    /// <summary>Embeddings of prompts beside those of outputs, or a score of the measure's name.</summary>
    PromptEmbedding = 131072,

    /// <summary>Frozen clusters of outputs; made for whole suites only.</summary>
    Behaviours = 1 << 20,
}

/// <summary>What must be equal on both sides of a comparison.</summary>
[Flags]
public enum ComparabilityKeys
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>scorer</c>, <c>judge</c> and their versions.</summary>
    Scorer = 1,

    /// <summary><c>temperature</c>, <c>top_p</c>, <c>max_tokens</c>, <c>system_prompt</c>.</summary>
    Sampler = 2,

    /// <summary><c>embedding_model</c>.</summary>
    Embedder = 4,

    /// <summary><c>task_version</c>.</summary>
    TaskVersion = 8,

    /// <summary>The number of repeats of a prompt.</summary>
    Repeats = 16,
}

/// <summary>Declares a measure: all that help, <c>list measures</c> and charts say about it comes from here.</summary>
public sealed record MeasureDefinition
{
    /// <summary>The name in commands, links and the database.</summary>
    public required string Id { get; init; }

    /// <summary>Which page it belongs to.</summary>
    public required SuiteFamily Family { get; init; }

    /// <summary>Families of suites that it is computed for; empty means every family.</summary>
    public IReadOnlyList<SuiteFamily> Suites { get; init; } = [];

    /// <summary>Benchmarks of suites that it is made for (<see cref="SuiteDefinition.Benchmark"/>); empty means any.</summary>
    public IReadOnlyList<string> Benchmarks { get; init; } = [];

    /// <summary>The name that people read.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence: what it tells.</summary>
    public required string Meaning { get; init; }

    /// <summary>The unit: share, score, bits, tokens, ratio, distance…</summary>
    public required string Unit { get; init; }

    /// <summary>
    /// Whether a value against a baseline is a change from it or a distance, so that 0 (of a ratio 1) means none; false of what is only
    /// found with the baseline's help, such as a position.
    /// </summary>
    public bool IsChange { get; init; } = true;

    /// <summary>Smallest and largest possible value, as people write intervals: "[0, 1]".</summary>
    public required string Range { get; init; }

    /// <summary>Which direction is worse; null when it follows the suite.</summary>
    public WorseDirection? Worse { get; init; }

    /// <summary>Kinds of baselines it is computed against; a level has only <see cref="BaselineKind.None"/>.</summary>
    public required IReadOnlyList<BaselineKind> Baselines { get; init; }

    /// <summary>What it needs.</summary>
    public required MeasureNeeds Needs { get; init; }

    /// <summary>What must be equal on both sides, or for a level between neighbouring generations.</summary>
    public required ComparabilityKeys Comparability { get; init; }

    /// <summary>The formula in one line of plain text.</summary>
    public required string Formula { get; init; }

    /// <summary>How its interval is made.</summary>
    public required string Interval { get; init; }

    /// <summary>Where the definition comes from: a paper, a textbook, or "Driftline".</summary>
    public required string Source { get; init; }

    /// <summary>When it is computed: by what it costs.</summary>
    public MeasureWhen When { get; init; } = MeasureWhen.Import;

    /// <summary>Grows when the definition changes; a changed version computes again.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Whether it is made of all outputs, however many there are: what costs little is not left to a part of them.</summary>
    public bool OfAllOutputs { get; init; }

    /// <summary>Whether it reads outputs or embeddings, of a large suite those of a part of its prompts (see <see cref="Tables.TextSample"/>).</summary>
    public bool ReadsTexts => !OfAllOutputs && (Needs & (MeasureNeeds.Output | MeasureNeeds.Embedding | MeasureNeeds.PromptEmbedding | MeasureNeeds.Behaviours)) != 0;

    /// <summary>Whether it is made for suites of this family and benchmark.</summary>
    public bool IsFor(SuiteDefinition suite) =>
        (Suites.Count == 0 || Suites.Contains(suite.Family)) && (Benchmarks.Count == 0 || Benchmarks.Contains(suite.Benchmark, StringComparer.Ordinal));
}
