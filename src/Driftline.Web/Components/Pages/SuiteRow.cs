using Driftline.Core.Figures;

namespace Driftline.Web.Components.Pages;

/// <summary>A suite in a table of changes.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Name">The suite with its slice, as people read it.</param>
/// <param name="Level">Its level now, on the line that moved most; null without one.</param>
/// <param name="Change">Its change.</param>
public sealed record SuiteRow(string Suite, string Name, string? Level, Headline Change);
