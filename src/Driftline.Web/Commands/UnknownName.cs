namespace Driftline.Web.Commands;

/// <summary>Says that a name is not known, and which ones are.</summary>
public static class UnknownName
{
    private const int Listed = 12;

    /// <summary>One sentence for the user.</summary>
    public static string Sentence(string kind, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var list = names.Count == 0 ? "there is none yet" : $"known: {string.Join(", ", names.Take(Listed))}{(names.Count > Listed ? $" and {names.Count - Listed} more" : "")}";
        return $"no {kind} is called \"{name}\"; {list}";
    }
}
