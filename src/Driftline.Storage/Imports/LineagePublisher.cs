using Driftline.Core.Imports;
using Driftline.Core.Lineages;
using Driftline.Core.Records;
using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Imports;

/// <summary>Publishes what an import brought to one lineage, inside the publication's transaction.</summary>
internal sealed class LineagePublisher(DriftlineContext context, long importId, PendingLineage lineage)
{
    // Of a log of many nodes the first ones say enough.
    private const int MaxNotes = 5;

    private readonly Dictionary<NodeKey, NodeRow> _nodes = [];
    private readonly Dictionary<(long Node, long Suite, string RunId, string Config), EvaluationRow> _evaluations = [];
    private readonly Dictionary<(long Node, string RunId), List<EvaluationRow>> _ofRun = [];
    private readonly Dictionary<(long Node, long Suite, string RunId, string Metric), ReportedMetricRow> _metrics = [];
    private readonly HashSet<EvaluationRow> _touched = [];
    private readonly Dictionary<long, (string Hash, bool IsCurrent)> _before = [];
    private readonly HashSet<long> _trainedOtherwise = [];
    private readonly List<string> _notes = [];

    /// <summary>What a person should know of what was published.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Publishes and returns what changed.</summary>
    public async Task<IReadOnlyList<ChangedEvaluation>> PublishAsync(ImportOutcome outcome, CancellationToken cancellationToken)
    {
        await PublishNodesAsync(cancellationToken);
        await LoadEvaluationsAsync(cancellationToken);
        foreach (var evaluation in lineage.Evaluations)
        {
            await PublishEvaluationAsync(evaluation, cancellationToken);
        }

        PublishMetrics();
        PublishCompleteness(outcome.IsComplete);
        PublishEnds();
        var suites = await context.Suites.Where(s => s.LineageId == lineage.Id).ToDictionaryAsync(s => s.Id, cancellationToken);
        await new SuitePublisher(context, lineage).PublishAsync(suites, outcome.SuiteDefinitions, cancellationToken);
        EvaluationRows.ChooseCurrent(_evaluations.Values);
        var changed = Changes(suites);
        return changed.Count == 0 && _trainedOtherwise.Count > 0 ? await AnyAsync(suites, cancellationToken) : changed;
    }

    /// <summary>An evaluation of another node, so that what depends on the training data of a node without evaluations is measured.</summary>
    private async Task<IReadOnlyList<ChangedEvaluation>> AnyAsync(Dictionary<long, SuiteRow> suites, CancellationToken cancellationToken)
    {
        var any = await context.Evaluations.AsNoTracking().Where(e => e.LineageId == lineage.Id && e.IsCurrent).OrderBy(e => e.Id).FirstOrDefaultAsync(cancellationToken);
        return any is null ? [] : [new ChangedEvaluation(lineage.Id, any.NodeId, any.SuiteId, _nodes.Single(node => node.Value.Id == any.NodeId).Key, suites[any.SuiteId].Name)];
    }

    private async Task PublishNodesAsync(CancellationToken cancellationToken)
    {
        var rows = await context.Nodes.Where(n => n.LineageId == lineage.Id).OrderBy(n => n.Id).ToListAsync(cancellationToken);
        var nextId = rows.Count == 0 ? 1 : rows[^1].Id + 1;
        foreach (var row in rows)
        {
            _nodes.Add(NodeRows.Key(row, lineage.Name), row);
        }

        foreach (var pending in lineage.Nodes.Values)
        {
            if (!_nodes.TryGetValue(pending.Key, out var row))
            {
                row = NodeRows.Create(lineage.Id, nextId++, pending);
                _nodes.Add(pending.Key, row);
                rows.Add(row);
                context.Nodes.Add(row);
            }

            if (pending.TrainingTexts is not null || (pending.TrainingData is { } facts && facts != row.TrainingData))
            {
                _trainedOtherwise.Add(row.Id);
            }

            var model = row.Model;
            NodeRows.Update(row, pending);
            NoteModels(pending, model, row.Model);
            context.ImportNodes.Add(new ImportNodeRow
            {
                LineageId = lineage.Id,
                NodeId = row.Id,
                ImportId = importId,
                Evidence = pending.Evidence,
                IsGuess = pending.IsGuess,
                Model = NodeRows.IsNamed(pending.Model) ? pending.Model : null,
            });
            if (pending.TrainingTexts is { } texts)
            {
                context.TrainingTexts.Add(new TrainingTextsRow { LineageId = lineage.Id, NodeId = row.Id, ImportId = importId, Facts = texts.Facts, Words = texts.Words });
            }
        }

        var edges = await context.NodeParents.Where(e => e.LineageId == lineage.Id).ToListAsync(cancellationToken);
        NodeRows.Resolve(context, lineage.Name, rows, edges);
    }

    /// <summary>A node is one model. Names differ between tools, so it is no error, but two models in one place would be.</summary>
    private void NoteModels(PendingNode pending, string before, string after)
    {
        var other = NodeRows.IsNamed(before) && before != after ? before : pending.OtherModel;
        if (other is not null && other != after && _notes.Count < MaxNotes)
        {
            _notes.Add($"The model of {pending.Key} was called \"{other}\" and is called \"{after}\" from here on. If these are two models, move what this log brought to a generation or branch of its own, or undo its import: the name from before comes back.");
        }
    }

    private async Task LoadEvaluationsAsync(CancellationToken cancellationToken)
    {
        var touched = lineage.Nodes.Keys.Select(key => _nodes[key].Id).ToList();
        foreach (var some in touched.Chunk(500))
        {
            var evaluations = await context.Evaluations
                .Where(e => e.LineageId == lineage.Id && some.Contains(e.NodeId))
                .ToListAsync(cancellationToken);
            foreach (var row in evaluations)
            {
                Keep(row);
                _before.Add(row.Id, (row.ContentHash, row.IsCurrent));
            }

            var metrics = await context.ReportedMetrics
                .Where(m => m.LineageId == lineage.Id && some.Contains(m.NodeId))
                .ToListAsync(cancellationToken);
            foreach (var row in metrics)
            {
                _metrics.Add(MetricVersions.Key(row), row);
            }
        }
    }

    private async Task PublishEvaluationAsync(PendingEvaluation pending, CancellationToken cancellationToken)
    {
        var node = _nodes[pending.Node.Key].Id;
        var key = (node, pending.Suite.Id, pending.RunId, pending.Config);
        if (!_evaluations.TryGetValue(key, out var row))
        {
            row = Adopt(key, pending.HasOwnIdentity);
            if (row is null)
            {
                row = AddEvaluation(key, pending.Id);
            }
        }

        _touched.Add(row);
        EvaluationRows.Update(row, pending);
        if (row.Replaced > 0)
        {
            var merge = await EvaluationMerge.ComputeAsync(
                context.Database.GetDbConnection(), lineage.Id, row.Id, importId, cancellationToken);
            EvaluationRows.Update(row, merge);
        }
    }

    /// <summary>
    /// The evaluation of a run under another configuration: one that only metrics made, before its samples came with a configuration, or
    /// any of a run that its id alone tells.
    /// </summary>
    private EvaluationRow? Adopt((long Node, long Suite, string RunId, string Config) key, bool hasOwnIdentity)
    {
        var row = OfRun(key.Node, key.RunId)
            .Where(e => e.SuiteId == key.Suite && (e.Samples == 0 || hasOwnIdentity))
            .OrderByDescending(e => e.Samples == 0)
            .ThenBy(e => e.Id)
            .FirstOrDefault();
        if (row is not null && (key.Config.Length > 0 || !hasOwnIdentity))
        {
            Configure(row, key.Config);
        }

        return row;
    }

    private void Configure(EvaluationRow row, string config)
    {
        _evaluations.Remove((row.NodeId, row.SuiteId, row.RunId, row.Config));
        row.Config = config;
        _evaluations.Add((row.NodeId, row.SuiteId, row.RunId, row.Config), row);
    }

    private EvaluationRow AddEvaluation((long Node, long Suite, string RunId, string Config) key, long id)
    {
        var row = EvaluationRows.Create(lineage.Id, id, key);
        context.Evaluations.Add(row);
        Keep(row);
        return row;
    }

    private void Keep(EvaluationRow row)
    {
        _evaluations.Add((row.NodeId, row.SuiteId, row.RunId, row.Config), row);
        (_ofRun.TryGetValue((row.NodeId, row.RunId), out var rows) ? rows : _ofRun[(row.NodeId, row.RunId)] = []).Add(row);
    }

    /// <summary>The evaluations of a run: all of them are asked once for each metric and end, so they are not searched for among all.</summary>
    private List<EvaluationRow> OfRun(long node, string runId) => _ofRun.GetValueOrDefault((node, runId)) ?? [];

    private void PublishMetrics()
    {
        foreach (var ((nodeKey, suiteName, runId, _), metric) in lineage.Metrics)
        {
            var key = (_nodes[nodeKey].Id, lineage.Suites[suiteName].Id, runId, metric.Metric);
            if (!_metrics.TryGetValue(key, out var row))
            {
                row = EvaluationRows.CreateMetric(lineage.Id, key);
                _metrics.Add(key, row);
                context.ReportedMetrics.Add(row);
            }
            else if (row.ImportId != importId)
            {
                context.ReplacedMetrics.Add(MetricVersions.Keep(row));
            }

            EvaluationRows.Update(row, metric, importId);
            var own = OfRun(row.NodeId, row.RunId)
                .Where(e => e.SuiteId == row.SuiteId)
                .OrderByDescending(e => metric.Run.HasOwnIdentity && e.Config == metric.Run.Config)
                .FirstOrDefault();
            if (own is null)
            {
                var place = (row.NodeId, row.SuiteId, row.RunId, metric.Run.Config ?? "");
                own = AddEvaluation(place, lineage.NextEvaluation++);
            }
            else if (metric.Run is { HasOwnIdentity: true, Config: { } config } && config != own.Config)
            {
                Configure(own, config);
            }

            _touched.Add(own);
            if (own.Samples == 0 && (own.Created is null || metric.Created > own.Created))
            {
                own.Created = metric.Created;
            }
        }
    }

    /// <summary>The end of a log is the end of its runs, unless it says that more will come; what an end record said stays.</summary>
    private void PublishCompleteness(bool isComplete)
    {
        foreach (var row in _touched.Where(row => !row.StatusStated))
        {
            row.Status = isComplete ? EvaluationStatus.Success : EvaluationStatus.Started;
        }
    }

    private void PublishEnds()
    {
        foreach (var end in lineage.Ends)
        {
            var node = _nodes[end.Run.Node.Key].Id;
            long? suite = end.Run.Suite.Length == 0 ? null : lineage.Suites.TryGetValue(end.Run.Suite, out var known) ? known.Id : -1;
            var rows = OfRun(node, end.Run.RunId).Where(e => suite is null || e.SuiteId == suite).ToList();
            if (rows.Count == 0 && end.Created is not null && suite is > 0)
            {
                var place = (node, suite.Value, end.Run.RunId, end.Run.Config ?? "");
                rows.Add(AddEvaluation(place, lineage.NextEvaluation++));
                rows[0].Created = end.Created;
            }

            // Logs come in any order: that a run had begun says nothing once it is known how it ended.
            foreach (var row in rows.Where(row => end.Status != EvaluationStatus.Started || !row.StatusStated))
            {
                row.Status = end.Status;
                row.StatusStated = true;
            }
        }
    }

    private List<ChangedEvaluation> Changes(Dictionary<long, SuiteRow> suites)
    {
        var keys = _nodes.ToDictionary(n => n.Value.Id, n => n.Key);
        var metrics = _metrics.Values.ToLookup(m => (m.NodeId, m.SuiteId, m.RunId));
        var changed = new List<ChangedEvaluation>();
        foreach (var row in _evaluations.Values.OrderBy(e => e.Id))
        {
            var node = keys[row.NodeId];
            var suite = suites[row.SuiteId].Name;
            row.ContentHash = EvaluationRows.ContentHash(row, node, _nodes[node].Model, suite, metrics[(row.NodeId, row.SuiteId, row.RunId)]);

            // Facts of training data are measured beside the evaluations of their node.
            if (!_before.TryGetValue(row.Id, out var before) || before != (row.ContentHash, row.IsCurrent) || (row.IsCurrent && _trainedOtherwise.Contains(row.NodeId)))
            {
                changed.Add(new ChangedEvaluation(lineage.Id, row.NodeId, row.SuiteId, node, suite));
            }
        }

        return changed;
    }
}
