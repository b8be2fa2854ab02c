using System.Text.Json;
using Driftline.Core.Suites;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Imports;

/// <summary>
/// What imports have seen of a suite. Everything in it is a sum, an extreme or a union, so it ends the same whatever the order
/// of import.
/// </summary>
internal sealed class SuiteObservations
{
    private const int MaxAnswers = 50;

    /// <summary>Score name → its tally.</summary>
    public Dictionary<string, ScoreTally> Scores { get; } = [];

    /// <summary>The first answers in ordinal order.</summary>
    public SortedSet<string> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The longest list of options, as JSON.</summary>
    public string? Options { get; set; }

    public bool Ordinal { get; set; }

    public int Prompts { get; set; }

    public bool HasEmbeddings { get; set; }

    public long Outputs { get; set; }

    public long OutputWords { get; set; }

    public bool HasAbout { get; set; }

    public SortedSet<string> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>The tally of a score.</summary>
    public ScoreTally Score(string name) =>
        Scores.TryGetValue(name, out var tally) ? tally : Scores[name] = new ScoreTally();

    /// <summary>Takes note of an answer.</summary>
    public void SeeAnswer(string answer)
    {
        if (Answers.Count < MaxAnswers || string.CompareOrdinal(answer, Answers.Max) < 0)
        {
            Answers.Add(answer);
            if (Answers.Count > MaxAnswers)
            {
                Answers.Remove(Answers.Max!);
            }
        }
    }

    /// <summary>Takes note of what a row says in words.</summary>
    public void SeeWords(bool hasOutput, ReadOnlySpan<byte> output, ReadOnlySpan<byte> extra)
    {
        if (hasOutput)
        {
            Outputs++;
            OutputWords += WordCount.Count(output);
        }

        // a key of the object's top level, or a nested one of that name, which no log has had
        HasAbout = HasAbout || extra.IndexOf("\"about\":"u8) >= 0;
    }

    /// <summary>Takes note of options.</summary>
    public void SeeOptions(string options)
    {
        if (Options is null || (options.Length, options).CompareTo((Options.Length, Options)) > 0)
        {
            Options = options;
        }
    }

    /// <summary>Adds what another import saw.</summary>
    public void Add(SuiteObservations other)
    {
        foreach (var (name, tally) in other.Scores)
        {
            Score(name).Add(tally);
        }

        foreach (var answer in other.Answers)
        {
            SeeAnswer(answer);
        }

        if (other.Options is not null)
        {
            SeeOptions(other.Options);
        }

        Ordinal |= other.Ordinal;
        Prompts += other.Prompts;
        HasEmbeddings |= other.HasEmbeddings;
        Outputs += other.Outputs;
        OutputWords += other.OutputWords;
        HasAbout |= other.HasAbout;
        Metrics.UnionWith(other.Metrics);
    }

    /// <summary>As inference reads it.</summary>
    public SuiteFacts ToFacts(string suite, IReadOnlyDictionary<string, int> metadataKeys) => new()
    {
        Name = suite,
        Scores = Scores.Where(s => s.Value.Count > 0).ToDictionary(s => s.Key, s => new ScoreFacts(s.Value.Kind, s.Value.Min, s.Value.Max, s.Value.Count)),
        Answers = [.. Answers],
        Options = Options is null ? [] : JsonSerializer.Deserialize<string[]>(Options) ?? [],
        Ordinal = Ordinal,
        MetadataKeys = metadataKeys,
        Prompts = Prompts,
        HasEmbeddings = HasEmbeddings,
        MeanOutputWords = Outputs == 0 ? 0 : (double)OutputWords / Outputs,
        HasAbout = HasAbout,
        Metrics = [.. Metrics],
    };
}
