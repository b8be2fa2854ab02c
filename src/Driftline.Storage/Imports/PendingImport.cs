using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Imports;

/// <summary>What an import has brought so far beside the rows that are written already: all that its publication needs.</summary>
internal sealed class PendingImport(long id)
{
    public long Id => id;

    public Dictionary<string, PendingLineage> Lineages { get; } = [];

    /// <summary>Records taken: samples, metrics, facts of nodes, ends of runs.</summary>
    public long Records { get; set; }

    /// <summary>Samples that took the place of earlier ones.</summary>
    public long Replaced { get; set; }
}

/// <summary>A lineage that an import touches.</summary>
internal sealed class PendingLineage(long id, string name)
{
    public long Id => id;

    public string Name => name;

    public Dictionary<NodeKey, PendingNode> Nodes { get; } = [];

    public Dictionary<string, PendingSuite> Suites { get; } = [];

    public List<PendingEvaluation> Evaluations { get; } = [];

    /// <summary>The metrics stated, the last of a name winning.</summary>
    public Dictionary<(NodeKey Node, string Suite, string RunId, string Metric), MetricRecord> Metrics { get; } = [];

    public List<RunEndRecord> Ends { get; } = [];

    /// <summary>The next free id of an evaluation.</summary>
    public long NextEvaluation { get; set; } = 1;

    /// <summary>The node of a header, with what the header says noted.</summary>
    public PendingNode Node(NodeHeader header)
    {
        if (!Nodes.TryGetValue(header.Key, out var node))
        {
            node = new PendingNode(header.Key) { Model = header.Model, Guess = header.Guess, Evidence = header.Evidence, IsGuess = header.IsGuess, IsMoved = header.IsMoved };
            Nodes.Add(header.Key, node);
        }

        node.See(header);
        return node;
    }
}

/// <summary>A node that an import names.</summary>
internal sealed class PendingNode(NodeKey key)
{
    public NodeKey Key => key;

    public required string Model { get; set; }

    /// <summary>Another name that a record of this import gives the model; null where all agree.</summary>
    public string? OtherModel { get; private set; }

    public IReadOnlyList<DeclaredParent> Parents { get; private set; } = [];

    /// <summary>How the generation was guessed; null as soon as one record states it.</summary>
    public string? Guess { get; set; }

    /// <summary>How its place was found; null as soon as one record states it.</summary>
    public string? Evidence { get; set; }

    /// <summary>Whether a name was asked for its place.</summary>
    public bool IsGuess { get; set; }

    /// <summary>Whether only what a person moved brings something to it.</summary>
    public bool IsMoved { get; set; }

    public DateTime? Created { get; private set; }

    /// <summary>The facts stated of it, the last winning field by field.</summary>
    public long? Step { get; private set; }

    public long? Tokens { get; private set; }

    public string? Recipe { get; private set; }

    public string? TrainingData { get; private set; }

    public CountedTexts? TrainingTexts { get; private set; }

    /// <summary>Notes what a header says.</summary>
    public void See(NodeHeader header)
    {
        if (!header.IsMoved || IsMoved)
        {
            Call(header.Model);
            Parents = header.Parents.Count > 0 ? header.Parents : Parents;
        }

        IsMoved &= header.IsMoved;
        Guess = header.Guess is null ? null : Guess;
        Evidence = header.Evidence is null ? null : Evidence;
        IsGuess &= header.IsGuess;
    }

    private void Call(string model)
    {
        var named = NodeRows.ModelAfter(Model, model);
        if (named != Model && NodeRows.IsNamed(Model))
        {
            OtherModel = Model;
        }

        Model = named;
    }

    /// <summary>Notes what a record says.</summary>
    public void See(GenerationRecord record)
    {
        Step = record.Step ?? Step;
        Tokens = record.Tokens ?? Tokens;
        Recipe = record.Recipe ?? Recipe;
        TrainingData = record.TrainingData ?? TrainingData;
        TrainingTexts = record.TrainingTexts ?? TrainingTexts;
        See(record.Created);
    }

    /// <summary>Notes a time of a record.</summary>
    public void See(DateTime? created)
    {
        if (created is not null && (Created is null || created > Created))
        {
            Created = created;
        }
    }
}

/// <summary>A suite that an import touches.</summary>
/// <param name="id">Its id.</param>
/// <param name="name">Its name.</param>
/// <param name="seenTexts">Which texts of the lineage were looked into for which suite, by this import or published ones.</param>
internal sealed class PendingSuite(long id, string name, RowSet seenTexts)
{
    /// <summary>Values kept of a metadata key.</summary>
    public const int MaxValues = 1000;

    /// <summary>Metadata keys kept of a suite.</summary>
    public const int MaxKeys = 200;

    public long Id => id;

    public string Name => name;

    public UInt128 Hash { get; } = Hash128.Compute(name);

    public SuiteObservations Seen { get; } = new();

    /// <summary>Metadata key → values.</summary>
    public Dictionary<string, HashSet<string>> Metadata { get; } = [];

    /// <summary>Notes options, given the id of their text.</summary>
    public void SeeOptions(int text, ReadOnlySpan<byte> options)
    {
        if (seenTexts.Add(text, (2 * (int)id) + 1))
        {
            Seen.SeeOptions(System.Text.Encoding.UTF8.GetString(options));
        }
    }

    /// <summary>Notes metadata, given the id of its text.</summary>
    public void SeeMetadata(int text, ReadOnlySpan<byte> metadata)
    {
        if (!seenTexts.Add(text, 2 * (int)id))
        {
            return;
        }

        foreach (var (key, value) in MetadataText.Parse(metadata))
        {
            if (!Metadata.TryGetValue(key, out var values))
            {
                if (Metadata.Count == MaxKeys)
                {
                    continue;
                }

                Metadata[key] = values = new HashSet<string>(StringComparer.Ordinal);
            }

            if (values.Count < MaxValues)
            {
                values.Add(value);
            }
        }
    }
}

/// <summary>An evaluation that an import writes to.</summary>
internal sealed class PendingEvaluation(long id, PendingNode node, PendingSuite suite, string runId, bool hasOwnIdentity, string config)
{
    public long Id => id;

    public PendingNode Node => node;

    public PendingSuite Suite => suite;

    public string RunId => runId;

    /// <summary>Whether the run id alone tells it, whatever its configuration.</summary>
    public bool HasOwnIdentity => hasOwnIdentity;

    public string Config => config;

    /// <summary>Which rows it has, those of earlier imports included.</summary>
    public RowSet Rows { get; } = new();

    public DateTime? Created { get; private set; }

    /// <summary>Sum of the digests of the parts that this import wrote.</summary>
    public EvaluationDigest Digest;

    /// <summary>Rows that this import replaced.</summary>
    public long Replaced { get; set; }

    /// <summary>Tallies of the scores that this import wrote.</summary>
    public Dictionary<string, ScoreTally> Scores { get; } = [];

    /// <summary>The part that is being collected.</summary>
    public PartBuilder? Open { get; set; }

    /// <summary>Notes a time of a row.</summary>
    public void See(DateTime? created)
    {
        if (created is not null && (Created is null || created > Created))
        {
            Created = created;
        }
    }
}
