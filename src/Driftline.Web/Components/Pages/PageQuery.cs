namespace Driftline.Web.Components.Pages;

/// <summary>A page's own parameters in the address (<see cref="Shared.LineageView.Other"/>).</summary>
internal static class PageQuery
{
    /// <summary>The same parameters with one set, or removed where the value is null.</summary>
    public static string With(string query, string key, string? value)
    {
        var kept = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => pair.Split('=')[0] != key);
        return string.Join('&', value is null ? kept : kept.Append($"{key}={Uri.EscapeDataString(value)}"));
    }
}
