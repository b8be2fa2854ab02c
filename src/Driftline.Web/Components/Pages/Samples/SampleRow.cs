using System.Text.Json;
using Driftline.Core.Figures;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Suites;
using Driftline.Storage.Samples;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>A prompt of the list.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Cells">One a column; null where the generation was not asked.</param>
public sealed record SampleRow(SamplePrompt Prompt, IReadOnlyList<SampleCell?> Cells)
{
    private const int SnippetLength = 160;

    /// <summary>Puts together what generations answered to prompts; flips are not marked yet.</summary>
    /// <param name="prompts">The prompts, in order.</param>
    /// <param name="columns">The generations.</param>
    /// <param name="answers">All answers of those to these.</param>
    /// <param name="suite">The suite.</param>
    public static IReadOnlyList<SampleRow> Of(
        IReadOnlyList<SamplePrompt> prompts,
        IReadOnlyList<SampleColumn> columns,
        IReadOnlyList<SampleAnswer> answers,
        SuiteDefinition suite)
    {
        var of = answers.ToLookup(answer => (answer.PromptId, answer.EvaluationId));
        return
        [
            .. prompts.Select(prompt => new SampleRow(prompt,
            [
                .. columns.Select(column => Cell([.. of[(prompt.Id, column.Evaluation.Id)]], suite)),
            ])),
        ];
    }

    /// <summary>The same with its flips marked.</summary>
    /// <param name="flipped">For each column, the prompts that are flipped there.</param>
    public SampleRow Marked(IReadOnlyList<IReadOnlySet<int>> flipped) =>
        this with { Cells = [.. Cells.Select((cell, i) => cell is null ? null : cell with { Flipped = flipped[i].Contains(Prompt.Id) })] };

    private static SampleCell? Cell(IReadOnlyList<SampleAnswer> samples, SuiteDefinition suite)
    {
        if (samples.Count == 0)
        {
            return null;
        }

        var given = samples.Select(sample => sample.Answer).OfType<string>().ToList();
        if (given.Count > 0)
        {
            var modal = Modal(given, samples[0].Options);
            var agreeing = given.Count(answer => answer == modal);
            return new SampleCell(modal, agreeing < given.Count ? $"{agreeing}/{given.Count}" : null, Flipped: false, IsText: false);
        }

        var scores = suite.PrimaryScore is { } score ? samples.Select(sample => sample.Scores.GetValueOrDefault(score)).OfType<double>().ToList() : [];
        return scores.Count > 0
            ? new SampleCell(suite.Boolean && suite.Threshold is null && scores.Average() is 0 or 1 ? scores[0] == 1 ? "yes" : "no" : NumberFormat.Number(scores.Average()), null, Flipped: false, IsText: false)
            : new SampleCell(Snippet(samples[0].Output), null, Flipped: false, IsText: true);
    }

    /// <summary>The most frequent answer; of equally frequent ones the first of the options, as the measures have it.</summary>
    private static string Modal(List<string> given, string? options)
    {
        var logged = options is null ? [] : JsonSerializer.Deserialize<string[]>(options) ?? [];
        var labels = logged.Concat(given.Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        return labels[PromptAnswers.Modal([.. given.Select(answer => labels.IndexOf(answer))], new int[labels.Count])];
    }

    private static string Snippet(string? output) => output is null ? NumberFormat.NoValue
        : output.Length <= SnippetLength ? output
        : string.Concat(output.AsSpan(0, char.IsHighSurrogate(output[SnippetLength - 1]) ? SnippetLength - 1 : SnippetLength), "…");
}

/// <summary>What one generation answered to one prompt.</summary>
/// <param name="Text">The most frequent answer, else the mean score, else the beginning of the first output.</param>
/// <param name="Agreement">How many of the answers are that one, where not all are: "3/4".</param>
/// <param name="Flipped">Whether it differs from the baseline's answer.</param>
/// <param name="IsText">Whether it is the beginning of an output.</param>
public sealed record SampleCell(string Text, string? Agreement, bool Flipped, bool IsText);
