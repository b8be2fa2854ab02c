namespace Driftline.Core.Figures;

/// <summary>How a branch is drawn everywhere. Dash and marker repeat what the colour says, so that a grey print can be read.</summary>
/// <param name="Slot">1 to 6: the number in the style sheet's <c>--branch-N</c>.</param>
/// <param name="Light">Colour on a light ground, <c>#rrggbb</c>.</param>
/// <param name="Dark">Colour on a dark ground, <c>#rrggbb</c>.</param>
/// <param name="Dash">Plotly's name of the line style.</param>
/// <param name="Marker">Plotly's name of the marker.</param>
/// <param name="DashArray">The same line style as SVG's <c>stroke-dasharray</c>, in line widths; empty is solid.</param>
public sealed record BranchStyle(int Slot, string Light, string Dark, string Dash, string Marker, string DashArray);

/// <summary>
/// The colours of branches: those of Okabe and Ito (2008) without the ambers, which belong to warnings. Beyond six branches the
/// colours come again with another line style and marker.
/// </summary>
public static class BranchPalette
{
    /// <summary>Number of colours.</summary>
    public const int Colours = 6;

    private static readonly string[] Light = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#000000"];
    private static readonly string[] Dark = ["#56B4E9", "#FF8A5C", "#4CC9A0", "#E8A6C8", "#8AB4F8", "#F0F0F0"];
    private static readonly string[] Markers = ["circle", "square", "diamond", "triangle-up", "triangle-down", "x"];

    private static readonly (string Name, string Array)[] Dashes =
    [
        ("solid", ""), ("dash", "5 3"), ("dashdot", "5 2 1 2"), ("longdash", "9 3"), ("longdashdot", "9 2 1 2"), ("dot", "1 2"),
    ];

    /// <summary>The style of a branch.</summary>
    /// <param name="index">Its place among the lineage's branches, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public static BranchStyle At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var colour = index % Colours;
        // In each further round line style and marker move on by one against the colour.
        var mark = (index + (index / Colours)) % Colours;
        var (dash, dashArray) = Dashes[mark];
        return new BranchStyle(colour + 1, Light[colour], Dark[colour], dash, Markers[mark], dashArray);
    }
}
