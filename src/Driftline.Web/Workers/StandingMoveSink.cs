using System.Globalization;
using Driftline.Core.Imports;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage;

namespace Driftline.Web.Workers;

/// <summary>
/// Puts what a log brings of runs and files that a person has moved where these are now, and leaves all else where the log says.
/// </summary>
/// <param name="sink">Where records go on to.</param>
/// <param name="moves">The moves that may concern the log.</param>
/// <param name="only">The one lineage that its sender may write to; null for any.</param>
internal sealed class StandingMoveSink(IRecordSink sink, LogMoves moves, string? only) : IRecordSink
{
    private readonly Dictionary<RunHeader, RunHeader> _placed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(NodeKey From, NodeKey To), StandingMove> _followed = [];
    private readonly HashSet<NodeKey> _stayed = [];
    private readonly List<GenerationRecord> _facts = [];

    /// <summary>Goes over a sink where a person moved something of a log; null where nothing of the kind was moved.</summary>
    /// <param name="sink">Where records go on to.</param>
    /// <param name="corrections">The moves.</param>
    /// <param name="earlier">Earlier imports of the same file.</param>
    /// <param name="only">The one lineage that its sender may write to; null for any.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<StandingMoveSink?> OverAsync(IRecordSink sink, CorrectionStore corrections, IReadOnlyList<long> earlier, string? only, CancellationToken cancellationToken)
    {
        var moves = await corrections.OfLogAsync(earlier, cancellationToken);
        return moves.IsEmpty ? null : new StandingMoveSink(sink, moves, only);
    }

    public ValueTask WriteAsync(SampleBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            batch.Header = Place(batch.Header);
        }
        catch (ForeignLineageException)
        {
            batch.Dispose();
            throw;
        }

        return sink.WriteAsync(batch, cancellationToken);
    }

    public ValueTask WriteAsync(MetricRecord metric, CancellationToken cancellationToken) =>
        sink.WriteAsync(metric with { Run = Place(metric.Run) }, cancellationToken);

    public ValueTask WriteAsync(GenerationRecord generation, CancellationToken cancellationToken)
    {
        if (moves.FindNode(generation.Node.Key) is null)
        {
            return sink.WriteAsync(generation, cancellationToken);
        }

        // Whether a model is a moved one shows by its runs, which may come after its facts.
        _facts.Add(generation);
        return ValueTask.CompletedTask;
    }

    public async ValueTask WriteAsync(RunEndRecord end, CancellationToken cancellationToken)
    {
        if (end.Run.Suite.Length > 0)
        {
            await sink.WriteAsync(end with { Run = Place(end.Run) }, cancellationToken);
            return;
        }

        foreach (var move in moves.SuitesOf(end.Run.Node.Key, end.Run.RunId))
        {
            await sink.WriteAsync(end with { Run = Follow(end.Run, move) with { Suite = move.Suite! } }, cancellationToken);
        }

        await sink.WriteAsync(end with { Run = Place(end.Run) }, cancellationToken);
    }

    /// <summary>Writes what was held back, as the log is at its end, and says what followed a move.</summary>
    public async Task<ImportOutcome> EndAsync(ImportOutcome outcome, CancellationToken cancellationToken)
    {
        foreach (var facts in _facts)
        {
            var isMoved = !_stayed.Contains(facts.Node.Key) && moves.FindNode(facts.Node.Key) is not null;
            await sink.WriteAsync(isMoved ? facts with { Node = Follow(facts.Node, moves.FindNode(facts.Node.Key)!) } : facts, cancellationToken);
        }

        return outcome with { Notes = [.. outcome.Notes, .. Notes()] };
    }

    /// <summary>The places that no move had named before: a whole file was moved, and now it speaks of them.</summary>
    public IReadOnlyList<StandingMove> NewWays() =>
        [.. _followed.Where(each => each.Value.From is null).Select(each => each.Value with { From = each.Key.From, To = each.Key.To, Change = null })];

    private IEnumerable<string> Notes() => _followed
        .OrderBy(each => each.Key.From.Generation)
        .GroupBy(each => each.Value.Id)
        .Select(correction =>
        {
            var ways = correction.Select(each => $"{Words(each.Key.From, each.Key.To)} → {Words(each.Key.To, each.Key.From)}").Distinct().ToList();
            var shown = ways.Count > 5 ? $"{string.Join("; ", ways.Take(5))}; and {(ways.Count - 5).ToString(CultureInfo.InvariantCulture)} more" : string.Join("; ", ways);
            var date = correction.First().Value.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return $"Moved by you on {date}, and what this log adds followed: {shown}. Correction {correction.Key}: \"driftline move --undo {correction.Key}\" or the page Correct undoes it.";
        });

    /// <summary>A place, with its lineage where that is not the other's.</summary>
    private static string Words(NodeKey node, NodeKey other) => node.Lineage == other.Lineage ? node.ToString() : $"{node.Lineage}, {node}";

    private RunHeader Place(RunHeader stated)
    {
        if (_placed.TryGetValue(stated, out var placed))
        {
            return placed;
        }

        if (moves.Find(stated.Node.Key, stated.Suite, stated.RunId) is { } move)
        {
            placed = Follow(stated, move);
        }
        else
        {
            _stayed.Add(stated.Node.Key);
            placed = stated;
        }

        if (_placed.Count >= 10_000)
        {
            // A reader that makes a header for every batch; each can be found again.
            _placed.Clear();
        }

        _placed.Add(stated, placed);
        return placed;
    }

    private RunHeader Follow(RunHeader stated, StandingMove move) => stated with { Node = Follow(stated.Node, move) };

    private NodeHeader Follow(NodeHeader stated, StandingMove move)
    {
        var place = move.Place(stated.Key);
        if (place.Generation < 0 || place == stated.Key)
        {
            return stated;
        }

        if (only is not null && place.Lineage != only)
        {
            throw new ForeignLineageException(place.Lineage, only, isMoved: true);
        }

        _followed.TryAdd((stated.Key, place), move);
        return stated with
        {
            Key = place,
            Parents = [.. stated.Parents.Where(parent => parent.IsPossibleAt(place.Generation))],
            Guess = null,
            Evidence = StandingMove.Evidence(stated.Key),
            IsGuess = false,
            IsMoved = true,
        };
    }
}
