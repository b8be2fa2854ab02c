using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Driftline.Web.Components.Shared;

/// <summary>
/// A card. An exception below it stays in it: the card says so and offers to try again, the rest of the page goes on. In a
/// <c>grid</c>, <see cref="Class"/> says how wide it is (<c>span-3</c>, <c>span-4</c>, <c>span-6</c>, <c>span-8</c>; else all twelve).
/// </summary>
public sealed partial class Card
{
    private readonly string _titleId = "card-" + Guid.NewGuid().ToString("N")[..8];
    private ErrorBoundary? _boundary;

    /// <summary>What it shows.</summary>
    [Parameter]
    [EditorRequired]
    public required string Title { get; set; }

    /// <summary>A few quiet words at the right of the title: unit, suite, number of prompts.</summary>
    [Parameter]
    public string? Note { get; set; }

    /// <summary>One sentence: what it means.</summary>
    [Parameter]
    public string? Meaning { get; set; }

    /// <summary>Beside the title: a state.</summary>
    [Parameter]
    public RenderFragment? Badge { get; set; }

    /// <summary>The thing itself.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>n, interval, marks of comparability, each in its own element.</summary>
    [Parameter]
    public RenderFragment? Footer { get; set; }

    /// <summary>What can be done with it, at the right of the footer.</summary>
    [Parameter]
    public RenderFragment? Menu { get; set; }

    /// <summary>Further classes.</summary>
    [Parameter]
    public string? Class { get; set; }

    private void Recover()
    {
        _boundary?.Recover();
    }
}
