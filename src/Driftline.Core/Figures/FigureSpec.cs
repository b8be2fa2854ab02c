using System.Text.Json;
using System.Text.Json.Serialization;

namespace Driftline.Core.Figures;

/// <summary>
/// All that a chart shows, without its looks: the browser draws it in the theme of the page, an export draws the same spec on paper.
/// Complete and deterministic: the same measurements and view give the same bytes.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LineFigure), "line")]
[JsonDerivedType(typeof(AnswerShareFigure), "shares")]
[JsonDerivedType(typeof(HeatmapFigure), "heatmap")]
public abstract record FigureSpec
{
    /// <summary>What is plotted, in words: "Perplexity, human_text".</summary>
    public required string Title { get; init; }

    /// <summary>The lineage.</summary>
    public required string Lineage { get; init; }

    /// <summary>The measure's id.</summary>
    public required string Measure { get; init; }

    /// <summary>The suite.</summary>
    public required string Suite { get; init; }

    /// <summary>The slice; null for the whole suite.</summary>
    public string? Slice { get; init; }

    /// <summary>none, origin or parent.</summary>
    public required string Baseline { get; init; }

    /// <summary>The figure in a few sentences, for those who do not see it.</summary>
    public required string Summary { get; init; }

    /// <summary>What the reader must know beside the figure: "1 of 3 lines hidden".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What stands in the quiet line below: n, interval, marks, what is left out (see <see cref="FigureRemarks"/>).</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What a reader of the figure on paper must know (see <see cref="FigureCaption"/>).</summary>
    public string Caption { get; init; } = "";

    /// <summary>What its file is called, without extension.</summary>
    public string File { get; init; } = "";

    /// <summary>Why there is nothing to draw, and what would fill it; null when there is something.</summary>
    public string? Empty { get; init; }

    /// <summary>The spec as the browser and exports read it: camelCase, absent values left out.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, FigureJson.Options);
}

/// <summary>An axis with everything that is written on it.</summary>
/// <param name="Title">Title with its unit.</param>
/// <param name="Min">Where it starts, in the unit of the data.</param>
/// <param name="Max">Where it ends.</param>
/// <param name="Ticks">Where and what its ticks are.</param>
public sealed record FigureAxis(string Title, double Min, double Max, IReadOnlyList<AxisTick> Ticks);

/// <summary>A tick.</summary>
/// <param name="At">Its place on the axis, in the unit of the data.</param>
/// <param name="Text">What is written there.</param>
public readonly record struct AxisTick(double At, string Text);

/// <summary>Which part of a lineage a figure shows.</summary>
public sealed record FigureView
{
    /// <summary>Everything.</summary>
    public static FigureView All { get; } = new();

    /// <summary>Branches that are shown; empty is all. References are always shown.</summary>
    public IReadOnlyCollection<string> Branches { get; init; } = [];

    /// <summary>Seeds that are shown of the branches named here; other branches show all of theirs.</summary>
    public IReadOnlyCollection<ShownSeed> Seeds { get; init; } = [];

    /// <summary>First generation; null from the start.</summary>
    public int? From { get; init; }

    /// <summary>Last generation; null to the end.</summary>
    public int? To { get; init; }

    /// <summary>What intervals of lines are about.</summary>
    public IntervalKind Interval { get; init; }

    /// <summary>Whether a lane is shown.</summary>
    public bool Shows(Lane lane) =>
        lane.IsReference || ((Branches.Count == 0 || Branches.Contains(lane.Branch)) && Shows(lane.Branch, lane.Seed));

    /// <summary>Whether a seed of a branch is shown, where the branch is.</summary>
    public bool Shows(string branch, string? seed) =>
        seed is null || !Seeds.Any(shown => shown.Branch == branch) || Seeds.Contains(new ShownSeed(branch, seed));

    /// <summary>Whether a generation is shown.</summary>
    public bool Shows(int generation) => generation >= (From ?? int.MinValue) && generation <= (To ?? int.MaxValue);
}

/// <summary>What an interval is about.</summary>
public enum IntervalKind
{
    /// <summary>This model: it covers the choice of prompts.</summary>
    Model,

    /// <summary>The recipe: it covers the choice of prompts and what another seed would have changed.</summary>
    Recipe,

    /// <summary>The average of seeds, with seeds as replicates.</summary>
    Seeds,
}

/// <summary>A seed that the view shows.</summary>
/// <param name="Branch">Its branch.</param>
/// <param name="Seed">The seed.</param>
public readonly record struct ShownSeed(string Branch, string Seed);

/// <summary>How specs are written.</summary>
public static class FigureJson
{
    /// <summary>camelCase, absent values left out, enumerations by name.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
