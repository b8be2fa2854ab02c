using Driftline.Core.Samples;
using Driftline.Storage.Samples;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>One generation's answer to the open prompt.</summary>
/// <param name="Column">The generation.</param>
/// <param name="Sample">The answer at the chosen repeat; null where there is none.</param>
/// <param name="Pieces">Its output, with what differs from the first side; empty without an output.</param>
/// <param name="Extra">What is kept beside it.</param>
/// <param name="IsBaseline">Whether it is what the others are compared with.</param>
public sealed record SampleSide(SampleColumn Column, SampleAnswer? Sample, IReadOnlyList<DiffPiece> Pieces, SampleExtra Extra, bool IsBaseline)
{
    /// <summary>Sets answers side by side; the first is the one that the others are compared with.</summary>
    /// <param name="columns">The generations.</param>
    /// <param name="answers">Their answers, of all repeats.</param>
    /// <param name="repeat">The repeat to show.</param>
    /// <param name="hasBaseline">Whether the first generation is the baseline of the others.</param>
    public static IReadOnlyList<SampleSide> Of(IReadOnlyList<SampleColumn> columns, IReadOnlyList<SampleAnswer> answers, int repeat, bool hasBaseline)
    {
        var samples = columns.Select(column => answers.FirstOrDefault(answer => answer.EvaluationId == column.Evaluation.Id && answer.Repeat == repeat)).ToList();
        var others = samples.Skip(1).FirstOrDefault()?.Output;
        return
        [
            .. columns.Select((column, i) => new SampleSide(
                column,
                samples[i],
                i == 0 ? First(samples[0]?.Output, columns.Count == 2 ? others : null) : Other(samples[0]?.Output, samples[i]?.Output),
                SampleExtra.Parse(samples[i]?.Extra),
                i == 0 && hasBaseline)),
        ];
    }

    /// <summary>Beside one other text the first shows what is gone; beside several it stands as it is.</summary>
    private static IReadOnlyList<DiffPiece> First(string? output, string? other) =>
        output is null ? [] : other is null ? Whole(output) : [.. WordDiff.Of(output, other).Where(piece => piece.Kind != DiffKind.Added)];

    private static IReadOnlyList<DiffPiece> Other(string? first, string? output) =>
        output is null ? [] : first is null ? Whole(output) : [.. WordDiff.Of(first, output).Where(piece => piece.Kind != DiffKind.Removed)];

    private static IReadOnlyList<DiffPiece> Whole(string text) => [new DiffPiece(DiffKind.Same, text)];
}
