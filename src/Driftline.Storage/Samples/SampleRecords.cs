namespace Driftline.Storage.Samples;

/// <summary>A prompt of a suite. Generations that were asked the same have the same prompt.</summary>
/// <param name="Id">Its number in the lineage, in the order in which prompts first came in.</param>
/// <param name="SampleId">Its name in the logs.</param>
/// <param name="Input">What was asked; null when the log does not say.</param>
/// <param name="Target">What would be right; null when the log does not say.</param>
public sealed record SamplePrompt(int Id, string SampleId, string? Input, string? Target);

/// <summary>One answer to one prompt.</summary>
public sealed record SampleAnswer
{
    /// <summary>The evaluation that it belongs to.</summary>
    public required long EvaluationId { get; init; }

    /// <summary>The prompt.</summary>
    public required int PromptId { get; init; }

    /// <summary>Which resample of the prompt, from 1.</summary>
    public required int Repeat { get; init; }

    /// <summary>What the model said; null when the log has no text.</summary>
    public string? Output { get; init; }

    /// <summary>The categorical choice; null where there is none.</summary>
    public string? Answer { get; init; }

    /// <summary>Score name → value; null for a score that was NaN. Scores that the row does not have are left out.</summary>
    public required IReadOnlyDictionary<string, double?> Scores { get; init; }

    /// <summary>Probability of each option, where logged.</summary>
    public required IReadOnlyDictionary<string, double?> OptionProbabilities { get; init; }

    /// <summary>All choices as a JSON array, in logged order; null where there are none.</summary>
    public string? Options { get; init; }

    /// <summary>Metadata as text: strings as they are, everything else as written.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The metadata as logged (a JSON object); null for none.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>Messages, attachments, explanations and what a self-prediction is about, as logged (a JSON object); null for none.</summary>
    public string? Extra { get; init; }
}

/// <summary>Which prompts to list.</summary>
public sealed record PromptFilter
{
    /// <summary>The lineage.</summary>
    public required long LineageId { get; init; }

    /// <summary>Evaluations of one suite; prompts of any of them are listed.</summary>
    public required IReadOnlyList<long> Evaluations { get; init; }

    /// <summary>
    /// Evaluation → its baseline: only prompts whose single (or most frequent) answer differs between the two in at least one
    /// pair, as <c>flip_rate</c> counts them. Null lists all.
    /// </summary>
    public IReadOnlyDictionary<long, long>? FlippedAgainst { get; init; }

    /// <summary>Only prompts whose metadata match every part (<c>dimension=power</c>); null lists all.</summary>
    public string? Slice { get; init; }

    /// <summary>
    /// Only prompts of which an evaluation has a sample that meets these conditions on its metadata and the usage of models, as
    /// <see cref="Core.Samples.SampleCondition"/> is written; null lists all.
    /// </summary>
    public string? Where { get; init; }

    /// <summary>Only prompts that have this in their name, input, target or one of the outputs, letters A to Z in either case; null lists all.</summary>
    public string? Text { get; init; }
}

/// <summary>How far a search for prompts is.</summary>
/// <param name="Share">The share that is searched, 0 to 1.</param>
/// <param name="Found">What is found so far, ascending; more may come before, between and behind. Null where nothing can be said yet.</param>
public sealed record SearchStep(double Share, IReadOnlyList<int>? Found = null)
{
    /// <summary>Prompts from which on it is worth while to tell what is found so far.</summary>
    public const int FirstFound = 50;
}

/// <summary>A page of prompts.</summary>
/// <param name="Prompts">In the order in which they first came in.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="Next">What to ask for the next page with; null at the end.</param>
public sealed record PromptPage(IReadOnlyList<SamplePrompt> Prompts, int Total, int? Next);

/// <summary>A row of an evaluation with its prompt.</summary>
public sealed record SampleOfPrompt(SamplePrompt Prompt, SampleAnswer Answer);
