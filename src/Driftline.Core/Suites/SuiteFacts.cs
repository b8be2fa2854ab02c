using Driftline.Core.Records;

namespace Driftline.Core.Suites;

/// <summary>What an import has seen of a suite: all that inference may look at.</summary>
public sealed record SuiteFacts
{
    /// <summary>The suite's name.</summary>
    public required string Name { get; init; }

    /// <summary>Score name → how it was written and its range.</summary>
    public required IReadOnlyDictionary<string, ScoreFacts> Scores { get; init; }

    /// <summary>Distinct answers seen (at most 50 kept).</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    /// <summary>The options as logged, in order.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>Whether the options are marked as ordinal.</summary>
    public bool Ordinal { get; init; }

    /// <summary>Metadata key → number of distinct values (at most 1,000 counted).</summary>
    public required IReadOnlyDictionary<string, int> MetadataKeys { get; init; }

    /// <summary>Number of distinct prompts.</summary>
    public int Prompts { get; init; }

    /// <summary>Whether any sample has an embedding.</summary>
    public bool HasEmbeddings { get; init; }

    /// <summary>Mean number of words of the outputs; 0 without outputs.</summary>
    public double MeanOutputWords { get; init; }

    /// <summary>Whether any sample says what it is about (self-prediction).</summary>
    public bool HasAbout { get; init; }

    /// <summary>Names of reported metrics.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }
}

/// <summary>What was seen of one score.</summary>
/// <param name="Kind">How it was written.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Count">Values that are numbers.</param>
public sealed record ScoreFacts(ScoreKind Kind, double Min, double Max, long Count);
