using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.Resolution;

/// <summary>
/// Completes what rows say about where they belong (overrides first, then the row, then the log's name), and makes rows of one run
/// share one header.
/// </summary>
internal sealed class RunPlacement
{
    // Runs do not come by the ten thousand; a log whose every row is another run must not fill memory.
    private const int MaxRuns = 20_000;
    private const long MaxKeyCharacters = 16L << 20;
    private const int MaxNameLength = 1000;

    private readonly NodeOverrides _overrides;
    private readonly string _name;
    private readonly NameGuess _guess;
    private readonly OpenBatches _batches;
    private readonly ReadReport _report;
    private readonly Dictionary<string, OpenBatch> _runs = new(StringComparer.Ordinal);
    private long _keyCharacters;

    public RunPlacement(NodeOverrides overrides, LogSource source, OpenBatches batches, ReadReport report)
    {
        _batches = batches;
        _overrides = overrides;
        _name = source.Name;
        _guess = NameGuess.Of(source.Name);
        _report = report;
    }

    /// <summary>How often all runs were forgotten; who keeps them elsewhere must then forget them too.</summary>
    public int Forgotten { get; private set; }

    /// <summary>Places a row; the same run gives the same instance.</summary>
    public bool TryPlace(LoggedRun logged, [NotNullWhen(true)] out OpenBatch? run, [NotNullWhen(false)] out PlacementProblem? problem)
    {
        run = null;
        problem = TooLong(logged);
        if (problem is not null || !TryNode(logged, out var node, out problem))
        {
            return false;
        }

        var header = new RunHeader { Node = node, Suite = logged.Suite ?? "", RunId = logged.RunId ?? "", HasOwnIdentity = logged.HasOwnIdentity, Config = logged.Config };
        var key = KeyOf(header);
        if (!_runs.TryGetValue(key, out run))
        {
            if (_runs.Count >= MaxRuns || _keyCharacters > MaxKeyCharacters)
            {
                // What was opened for a run must be closed before it is opened anew, or its rows would change their order.
                _batches.CloseAll();
                _runs.Clear();
                _keyCharacters = 0;
                Forgotten++;
            }

            run = new OpenBatch(header);
            _runs.Add(key, run);
            _keyCharacters += key.Length;
        }

        return true;
    }

    private static PlacementProblem? TooLong(LoggedRun logged)
    {
        ReadOnlySpan<(string Key, string? Name)> names =
        [
            ("lineage", logged.Lineage), ("branch", logged.Branch), ("seed", logged.Seed), ("checkpoint", logged.Checkpoint), ("model", logged.Model),
            ("task", logged.Suite), ("run_id", logged.RunId),
        ];
        foreach (var (key, name) in names)
        {
            if (name?.Length > MaxNameLength)
            {
                return new PlacementProblem(key, $"{key} is longer than {MaxNameLength} characters: it is a name, texts belong into input, output or metadata.");
            }
        }

        return null;
    }

    private bool TryNode(LoggedRun logged, [NotNullWhen(true)] out NodeHeader? node, [NotNullWhen(false)] out PlacementProblem? problem)
    {
        node = null;
        problem = null;
        var evidence = new List<Evidence>();
        var lineage = _overrides.Lineage ?? logged.Lineage;
        if (lineage is null)
        {
            if (_guess.Lineage is null)
            {
                problem = new("lineage", Unplaced.Lineage + ", and no folder of the log's name tells it: add the key, or give the lineage yourself (--lineage).");
                return false;
            }

            lineage = _guess.Lineage;
            evidence.Add(new($"lineage from folder name {lineage}", EvidenceKind.Name));
        }

        if (!TryGeneration(logged, evidence, out var generation, out problem))
        {
            return false;
        }

        // The file's name is asked for the arm only where the log does not place itself at all.
        var branch = _overrides.Branch ?? logged.Branch;
        var seed = _overrides.Seed ?? logged.Seed;
        if (branch is null && logged.Generation is null)
        {
            branch = _guess.Branch;
            if (branch is not null)
            {
                evidence.Add(new($"branch from file name {branch}", EvidenceKind.Name));
            }

            if (seed is null && _guess.Seed is not null)
            {
                seed = _guess.Seed;
                evidence.Add(new($"seed from file name {seed}", EvidenceKind.Name));
            }
        }

        var model = _overrides.Model ?? logged.Model;
        if (model is null)
        {
            model = NodeHeader.UnknownModel;
            _report.Note("Rows without a model were read with the model's name \"unknown\", until another log of the same generation names it; the key model, or that of a mapping, gives one.");
        }

        var guesses = evidence.Where(found => found.Kind != EvidenceKind.Given).Select(found => found.Words).ToList();
        foreach (var guess in guesses)
        {
            _report.Note($"Guessed: {guess}.");
        }

        var key = new NodeKey(lineage, branch ?? NodeKey.DefaultBranch, seed, generation, logged.Checkpoint);
        node = new NodeHeader
        {
            Key = key,
            Model = logged.IsModelTemplate && _overrides.Model is null ? Fill(model, key) : model,
            Parents = logged.ParentsOf?.Invoke(generation) ?? logged.Parents,
            Guess = Join(guesses),
            Evidence = Join(Given().Concat(evidence).Select(found => found.Words)),
            IsGuess = evidence.Any(found => found.Kind == EvidenceKind.Name),
        };
        return true;
    }

    private bool TryGeneration(LoggedRun logged, List<Evidence> evidence, out int generation, [NotNullWhen(false)] out PlacementProblem? problem)
    {
        problem = null;
        generation = 0;
        var hints = new GenerationHints
        {
            Explicit = _overrides.Generation ?? logged.Generation,
            Tags = logged.Tags,
            Model = logged.IsModelTemplate ? null : logged.ModelArguments is null ? logged.Model : $"{logged.Model} {logged.ModelArguments}",
            Path = _name,
        };
        switch (GenerationResolver.Resolve(hints))
        {
            case GenerationResolution.Found found:
                generation = found.Generation;
                if (found.Guess is not null)
                {
                    evidence.Add(new($"generation from {found.Guess}", found.IsFromTag ? EvidenceKind.Tag : EvidenceKind.Name));
                }

                return true;
            case GenerationResolution.Ambiguous ambiguous:
                problem = new("generation", Unplaced.Generation + ". " + ambiguous.Question);
                return false;
            default:
                var other = GenerationResolver.CountsSomethingElse(hints.Model, hints.Path) is { } count ? $" ({ShownText.Name(count)} counts training inside a generation, not generations)" : "";
                problem = new("generation", $"{Unplaced.Generation}, and neither the model nor the log's name tells it{other}: add the key, or give the generation yourself (--generation).");
                return false;
        }
    }

    /// <summary>What the user said of the log, which is no guess.</summary>
    private IEnumerable<Evidence> Given()
    {
        (string Name, bool IsGiven)[] fields =
        [
            ("lineage", _overrides.Lineage is not null), ("branch", _overrides.Branch is not null),
            ("seed", _overrides.Seed is not null), ("generation", _overrides.Generation is not null),
        ];
        return fields.Where(field => field.IsGiven).Select(field => new Evidence($"{field.Name} as given", EvidenceKind.Given));
    }

    private static string? Join(IEnumerable<string> words) => string.Join("; ", words) is { Length: > 0 } text ? text : null;

    private static string Fill(string template, NodeKey key) => template
        .Replace("{lineage}", key.Lineage, StringComparison.Ordinal)
        .Replace("{branch}", key.Branch, StringComparison.Ordinal)
        .Replace("{seed}", key.Seed, StringComparison.Ordinal)
        .Replace("{generation}", key.Generation.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string KeyOf(RunHeader header)
    {
        var node = header.Node;
        var parents = string.Concat(node.Parents.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $"{p.Generation}\u001F{p.Branch}\u001F{p.Seed}\u001F{p.Model}\u001F{p.Role}\u001F{p.Weight}\u001E")));
        return string.Join(
            '\u001D', node.Key.Lineage, node.Key.Branch, node.Key.Seed, node.Key.Seed is null, node.Key.Generation, node.Key.Checkpoint, node.Key.Checkpoint is null,
            node.Model, parents, header.Suite, header.RunId, header.Config);
    }

    private enum EvidenceKind
    {
        Given,
        Tag,
        Name,
    }

    private readonly record struct Evidence(string Words, EvidenceKind Kind);
}
