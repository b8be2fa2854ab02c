using System.Text.RegularExpressions;
using Driftline.Ingest.Archives;

namespace Driftline.Ingest.Inspect;

/// <summary>The members of an archive that are read. Of one name the last counts, which is how Inspect replaces a member.</summary>
internal sealed partial class InspectMembers
{
    private readonly Dictionary<string, ZipMember> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ZipMember> _summaries = new(StringComparer.Ordinal);

    /// <summary>What is written when a run ends; null for one that crashed or is still going.</summary>
    public ZipMember? Header { get; private set; }

    /// <summary>What is written when a run begins.</summary>
    public ZipMember? Start { get; private set; }

    /// <summary>Samples by the member's name.</summary>
    public IReadOnlyDictionary<string, ZipMember> Samples => _samples;

    /// <summary>The parts of the journal.</summary>
    public IEnumerable<ZipMember> Summaries => _summaries.Values;

    /// <summary>How often a name came again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Whether samples lie in several members each.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Sorts the members of an archive.</summary>
    public static InspectMembers Of(IEnumerable<ZipMember> members)
    {
        var sorted = new InspectMembers();
        foreach (var member in members)
        {
            sorted.Add(member);
        }

        return sorted;
    }

    private void Add(ZipMember member)
    {
        switch (member.Name)
        {
            case "header.json":
                Duplicates += Header is null ? 0 : 1;
                Header = member;
                return;
            case "_journal/start.json":
                Duplicates += Start is null ? 0 : 1;
                Start = member;
                return;
        }

        var match = Sample().Match(member.Name);
        if (match.Success)
        {
            IsChunked |= match.Groups["chunked"].Success;
            Keep(_samples, member);
        }
        else if (member.Name.StartsWith("_journal/summaries/", StringComparison.Ordinal))
        {
            Keep(_summaries, member);
        }
    }

    private void Keep(Dictionary<string, ZipMember> members, ZipMember member)
    {
        Duplicates += members.ContainsKey(member.Name) ? 1 : 0;
        members[member.Name] = member;
    }

    // samples/set/a b/7_epoch_1.json: an id may hold slashes. samples/7_epoch_1/sample.json is the chunked layout.
    [GeneratedRegex(@"^samples/.+_epoch_\d+(?:\.json|(?<chunked>/sample\.json))$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();
}
