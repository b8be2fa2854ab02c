using Driftline.Core.Measures;

namespace Driftline.Web.Components.Pages;

/// <summary>A line in a table of trends.</summary>
/// <param name="Line">Its label.</param>
/// <param name="Estimate">Its slope per generation.</param>
public sealed record TrendRow(string Line, Estimate Estimate);
