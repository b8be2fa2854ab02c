using Driftline.Core.Figures;
using Driftline.Storage.Queries;
using Driftline.Storage.Samples;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>What the page of samples shows.</summary>
internal sealed record SampleContents
{
    public SuiteSummary? Suite { get; init; }

    public Lane? Lane { get; init; }

    public IReadOnlyList<SampleColumn> Columns { get; init; } = [];

    /// <summary>Generations that did not fit.</summary>
    public int Hidden { get; init; }

    public SampleColumn? Chosen { get; init; }

    /// <summary>The prompts that are flipped at the chosen generation; null while they are being looked for.</summary>
    public IReadOnlySet<int>? Flipped { get; init; }

    /// <summary>Whether there are answers to compare, not scores or texts alone.</summary>
    public bool HasAnswers { get; init; } = true;

    /// <summary>All prompts that pass the filters, ascending.</summary>
    public IReadOnlyList<int> Matching { get; init; } = [];

    /// <summary>Whether the search goes on, so that more prompts may come.</summary>
    public bool IsPartial { get; init; }

    public IReadOnlyList<SampleRow> Rows { get; init; } = [];

    public int Page { get; init; } = 1;

    public int Pages { get; init; } = 1;

    public OpenPrompt? Open { get; init; }

    /// <summary>The same with flips marked.</summary>
    public SampleContents Marked(IReadOnlyList<IReadOnlySet<int>> flipped) => this with
    {
        Flipped = Chosen is null ? null : flipped[Columns.ToList().IndexOf(Chosen)],
        Rows = [.. Rows.Select(row => row.Marked(flipped))],
    };
}

/// <summary>The open prompt.</summary>
internal sealed record OpenPrompt(SamplePrompt Prompt, IReadOnlyList<SampleSide> Sides, IReadOnlyList<int> Repeats, int Repeat, int Place, int? Before, int? After);
