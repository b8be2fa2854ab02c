using System.Text;

namespace Driftline.Web.Components.Shared;

/// <summary>
/// Lists of names in one query parameter: <c>a,b</c>, pairs as <c>a:1,b:2</c>. A backslash makes a comma, a colon or a backslash
/// part of a name.
/// </summary>
internal static class ListText
{
    public static string Join(IEnumerable<string> names)
    {
        return string.Join(',', names.Select(Escape));
    }

    public static string JoinPairs(IEnumerable<(string First, string Second)> pairs)
    {
        return string.Join(',', pairs.Select(pair => Escape(pair.First) + ":" + Escape(pair.Second)));
    }

    public static IEnumerable<string> Split(string text)
    {
        return SplitAt(text, ',').Select(Unescape).Where(name => name.Length > 0);
    }

    /// <summary>Items that are not two names are left out.</summary>
    public static IEnumerable<(string First, string Second)> SplitPairs(string text)
    {
        foreach (var item in SplitAt(text, ','))
        {
            if (SplitAt(item, ':') is [{ Length: > 0 } first, { Length: > 0 } second])
            {
                yield return (Unescape(first), Unescape(second));
            }
        }
    }

    private static string Escape(string name)
    {
        return name.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace(",", @"\,", StringComparison.Ordinal)
            .Replace(":", @"\:", StringComparison.Ordinal);
    }

    private static string Unescape(string text)
    {
        var name = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            name.Append(text[i]);
        }

        return name.ToString();
    }

    /// <summary>Parts between separators that no backslash stands before; the backslashes stay.</summary>
    private static List<string> SplitAt(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }
}
