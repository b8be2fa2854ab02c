using System.Globalization;
using System.Text.RegularExpressions;
using Driftline.Ingest.Archives;

namespace Driftline.Ingest.Inspect;

/// <summary>The members of an archive that are read. Of one name the last counts, which is how Inspect replaces a member.</summary>
internal sealed partial class InspectMembers
{
    private readonly Dictionary<string, ZipMember> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InspectChunks> _chunks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ZipMember> _summaries = new(StringComparer.Ordinal);

    /// <summary>What is written when a run ends; null for one that crashed or is still going.</summary>
    public ZipMember? Header { get; private set; }

    /// <summary>What is written when a run begins.</summary>
    public ZipMember? Start { get; private set; }

    /// <summary>Samples by the member's name.</summary>
    public IReadOnlyDictionary<string, ZipMember> Samples => _samples;

    /// <summary>The parts of a sample in the chunked layout, by the name of its <c>sample.json</c>.</summary>
    public InspectChunks? ChunksOf(string sample) => _chunks.GetValueOrDefault(sample);

    /// <summary>The parts of the journal.</summary>
    public IEnumerable<ZipMember> Summaries => _summaries.Values;

    /// <summary>How often a name came again.</summary>
    public long Duplicates { get; private set; }

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
            Keep(_samples, member);
        }
        else if (Chunk().Match(member.Name) is { Success: true } chunk)
        {
            var sample = chunk.Groups["sample"].Value + "/sample.json";
            if (!_chunks.TryGetValue(sample, out var chunks))
            {
                _chunks[sample] = chunks = new InspectChunks();
            }

            chunks.Add(chunk.Groups["kind"].Value, chunk.Groups["start"].Value, member);
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
    [GeneratedRegex(@"^samples/.+_epoch_\d+(?:\.json|/sample\.json)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();

    // samples/7_epoch_1/messages/0.json holds the messages from number 0 on.
    [GeneratedRegex(@"^(?<sample>samples/.+_epoch_\d+)/(?:(?<kind>metadata)|(?<kind>messages|attachments)/(?<start>\d{1,9}))\.json$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Chunk();
}

/// <summary>What lies beside the <c>sample.json</c> of a sample in the chunked layout.</summary>
internal sealed class InspectChunks
{
    private readonly SortedDictionary<int, ZipMember> _messages = [];
    private readonly SortedDictionary<int, ZipMember> _attachments = [];

    /// <summary>Its metadata; null without.</summary>
    public ZipMember? Metadata { get; private set; }

    /// <summary>Its transcript's pieces in order.</summary>
    public IEnumerable<ZipMember> Messages => _messages.Values;

    /// <summary>Its attachments' pieces in order.</summary>
    public IEnumerable<ZipMember> Attachments => _attachments.Values;

    /// <summary>Takes a part; the last of a name counts.</summary>
    public void Add(string kind, string start, ZipMember member)
    {
        if (kind == "metadata")
        {
            Metadata = member;
        }
        else
        {
            (kind == "messages" ? _messages : _attachments)[int.Parse(start, CultureInfo.InvariantCulture)] = member;
        }
    }
}
