using System.Buffers.Binary;
using System.Text;
using Driftline.Core.Records;
using Driftline.Storage.Columns;
using Driftline.Storage.Imports;
using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Sqlite.Bulk;

/// <summary>
/// Writes records into the tables as they come, in transactions that the caller opens. Prompts and metadata go straight into rows;
/// outputs are collected into blocks, which are written when they are full, and numbers into columns, which are written when a part is.
/// </summary>
internal sealed class BulkWriter(SqliteConnection connection, InternerPool interners, PendingImport import) : IDisposable
{
    /// <summary>Bytes of columns that may wait for their parts to fill; they grow in arrays that may be twice as long.</summary>
    private const long MaxWaiting = 16L << 20;

    private readonly BulkStatements _statements = new(connection);
    private readonly Dictionary<string, LineageWriter> _lineages = [];
    private readonly Dictionary<RunHeader, (LineageWriter Lineage, PendingEvaluation Evaluation)> _runs = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<PendingEvaluation> _open = [];
    private readonly ulong[] _rowSeeds = new ulong[SampleBatch.MaxRows];
    private readonly byte[] _keyHash = new byte[Hash128.Size];
    private readonly byte[] _contentHash = new byte[Hash128.Size];
    private long _waiting;

    /// <summary>Bytes written since the transaction began.</summary>
    public long Uncommitted { get; private set; }

    /// <summary>Opens a transaction.</summary>
    public void Begin()
    {
        _statements.Begin.Run();
        Uncommitted = 0;
    }

    /// <summary>Closes the transaction.</summary>
    public void Commit() => _statements.Commit.Run();

    /// <summary>Writes samples.</summary>
    public void Write(SampleBatch batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var (lineage, evaluation) = Run(batch.Header);
        var part = evaluation.Open ??= new PartBuilder(lineage.NextPart(), batch.Header.Node.Model);
        _open.Add(evaluation);
        var before = part.Bytes;
        for (var row = 0; row < batch.Count; row++)
        {
            WriteRow(batch, row, lineage, evaluation, part);
        }

        part.AddNumbers(batch, _rowSeeds.AsSpan(0, batch.Count));
        part.NewestRow = import.Records;
        Observe(batch, evaluation);
        import.Records += batch.Count;
        _waiting += part.Bytes - before;
        if (part.IsFull)
        {
            Flush(lineage, evaluation);
        }

        if (_waiting > MaxWaiting)
        {
            FlushIdle();
        }
    }

    /// <summary>Takes a metric, which the publication writes.</summary>
    public void Write(MetricRecord metric)
    {
        var lineage = Lineage(metric.Run.Node.Key.Lineage);
        lineage.Pending.Node(metric.Run.Node).See(metric.Created);
        lineage.Suite(metric.Run.Suite);
        lineage.Pending.Metrics[(metric.Run.Node.Key, metric.Run.Suite, metric.Run.RunId, metric.Metric)] = metric;
        import.Records++;
    }

    /// <summary>Takes facts of a node, which the publication writes.</summary>
    public void Write(GenerationRecord generation)
    {
        Lineage(generation.Node.Key.Lineage).Pending.Node(generation.Node).See(generation);
        import.Records += generation.TrainingTexts?.Texts ?? 1;
    }

    /// <summary>Takes the end of a run, which the publication writes.</summary>
    public void Write(RunEndRecord end)
    {
        var lineage = Lineage(end.Run.Node.Key.Lineage);
        lineage.Pending.Node(end.Run.Node).See(end.Created);
        if (end.Created is not null && end.Run.Suite.Length > 0)
        {
            lineage.Suite(end.Run.Suite);
        }

        lineage.Pending.Ends.Add(end);
        import.Records++;
    }

    /// <summary>Writes all parts that wait.</summary>
    public void FlushAll()
    {
        foreach (var evaluation in _open.ToArray())
        {
            Flush(_lineages[evaluation.Node.Key.Lineage], evaluation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var evaluation in _open)
        {
            evaluation.Open?.Dispose();
        }

        _statements.Dispose();
    }

    private (LineageWriter Lineage, PendingEvaluation Evaluation) Run(RunHeader header)
    {
        if (!_runs.TryGetValue(header, out var run))
        {
            if (_runs.Count >= 10_000)
            {
                // a reader that makes a header for every batch; each can be found again
                _runs.Clear();
            }

            var lineage = Lineage(header.Node.Key.Lineage);
            run = (lineage, lineage.Evaluation(header));
            _runs.Add(header, run);
        }

        return run;
    }

    private LineageWriter Lineage(string name)
    {
        if (!_lineages.TryGetValue(name, out var lineage))
        {
            lineage = LineageWriter.Open(connection, _statements, interners, import, name);
            _lineages.Add(name, lineage);
        }

        return lineage;
    }

    private void WriteRow(SampleBatch batch, int row, LineageWriter lineage, PendingEvaluation evaluation, PartBuilder part)
    {
        var content = PromptHash.Content(batch, row);
        var key = PromptHash.Key(evaluation.Suite.Hash, batch.Text(row, TextField.SampleId), content);
        var prompt = lineage.Prompts.Find(key, out var isNew);
        if (isNew)
        {
            AddPrompt(batch, row, lineage.Pending.Id, prompt, evaluation.Suite, key, content);
        }

        var repeat = batch.Repeat(row);
        if (!evaluation.Rows.Add(prompt, repeat))
        {
            evaluation.Replaced++;
            import.Replaced++;
        }

        var seed = EvaluationDigest.RowSeed(key, repeat);
        _rowSeeds[row] = seed;
        part.Count(seed, EvaluationDigest.RowField, 1);
        var ordinal = part.Rows;
        part.Prompts.Add(prompt);
        part.Repeats.Add(repeat);
        part.Metadata.Add(Text(batch, row, TextField.Metadata, lineage, evaluation, part, seed, EvaluationDigest.MetadataField));
        part.Options.Add(Text(batch, row, TextField.Options, lineage, evaluation, part, seed, EvaluationDigest.OptionsField));
        part.Answers.Add(Answer(batch, row, part, seed));
        part.Outputs.Add(Words(batch, row, TextField.Output, part, seed, EvaluationDigest.OutputField));
        part.Extras.Add(Words(batch, row, TextField.Extra, part, seed, EvaluationDigest.ExtraField));
        part.AddUsage(ordinal, batch.Text(row, TextField.Extra));
        AddWords(batch, row, lineage.Pending.Id, part, ordinal);
    }

    private void AddPrompt(SampleBatch batch, int row, long lineageId, int id, PendingSuite suite, UInt128 key, UInt128 content)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_keyHash, key);
        BinaryPrimitives.WriteUInt128LittleEndian(_contentHash, content);
        var statement = _statements.AddPrompt
            .Bind(1, lineageId)
            .Bind(2, id)
            .Bind(3, suite.Id)
            .BindText(4, batch.Text(row, TextField.SampleId))
            .BindBlob(5, _keyHash)
            .BindBlob(6, _contentHash);
        BindText(statement, 7, batch, row, TextField.Input);
        BindText(statement, 8, batch, row, TextField.Target);
        statement.Run();
        suite.Seen.Prompts++;
        Uncommitted += batch.Text(row, TextField.Input).Length + 64;
    }

    private int Text(SampleBatch batch, int row, TextField field, LineageWriter lineage, PendingEvaluation evaluation, PartBuilder part, ulong seed, ulong digestField)
    {
        if (!batch.HasText(row, field))
        {
            return 0;
        }

        var text = batch.Text(row, field);
        var hash = Hash128.Compute(text);
        var id = lineage.Texts.Find(hash, out var isNew);
        if (isNew)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(_keyHash, hash);
            _statements.AddText.Bind(1, lineage.Pending.Id).Bind(2, id).BindBlob(3, _keyHash).BindText(4, text).Run();
            Uncommitted += text.Length + 32;
        }

        if (field == TextField.Metadata)
        {
            evaluation.Suite.SeeMetadata(id, text);
        }
        else
        {
            evaluation.Suite.SeeOptions(id, text);
        }

        part.Count(seed, digestField, Hash128.Fold(hash));
        return id;
    }

    private static int Answer(SampleBatch batch, int row, PartBuilder part, ulong seed)
    {
        if (!batch.HasText(row, TextField.Answer))
        {
            return -1;
        }

        var answer = batch.Text(row, TextField.Answer);
        var hash = Hash128.Compute(answer);
        part.Count(seed, EvaluationDigest.AnswerField, Hash128.Fold(hash));
        return part.AnswerCode(answer, hash);
    }

    private static ulong Words(SampleBatch batch, int row, TextField field, PartBuilder part, ulong seed, ulong digestField)
    {
        if (!batch.HasText(row, field))
        {
            return 0;
        }

        var hash = Hash128.Fold(Hash128.Compute(batch.Text(row, field)));
        part.Count(seed, digestField, hash);
        return hash;
    }

    private void AddWords(SampleBatch batch, int row, long lineageId, PartBuilder part, int ordinal)
    {
        var (hasOutput, hasExtra) = (batch.HasText(row, TextField.Output), batch.HasText(row, TextField.Extra));
        if (hasOutput || hasExtra)
        {
            part.AddWords(ordinal, hasOutput, batch.Text(row, TextField.Output), hasExtra, batch.Text(row, TextField.Extra));
        }

        if (part.HasFullBlock)
        {
            FlushWords(lineageId, part);
        }
    }

    private void FlushWords(long lineageId, PartBuilder part) => part.TakeWords((firstRow, rows, body) =>
    {
        _statements.AddWords.Bind(1, lineageId).Bind(2, part.Id).Bind(3, firstRow).Bind(4, rows).BindBlob(5, body).Run();
        Uncommitted += body.Length + 16;
    });

    private static void BindText(Statement statement, int place, SampleBatch batch, int row, TextField field)
    {
        if (batch.HasText(row, field))
        {
            statement.BindText(place, batch.Text(row, field));
        }
        else
        {
            statement.BindNull(place);
        }
    }

    private static void Observe(SampleBatch batch, PendingEvaluation evaluation)
    {
        var seen = evaluation.Suite.Seen;
        seen.Ordinal |= batch.OrdinalOptions;
        seen.HasEmbeddings |= batch.Embeddings.Count > 0;
        evaluation.See(batch.Created);
        evaluation.Node.See(batch.Created);
        for (var row = 0; row < batch.Count; row++)
        {
            seen.SeeWords(batch.HasText(row, TextField.Output), batch.Text(row, TextField.Output), batch.Text(row, TextField.Extra));
        }
    }

    /// <summary>Writes parts that got no rows for longest, until half of what may wait is left: mostly an evaluation's rows follow one another, and those are whole.</summary>
    private void FlushIdle()
    {
        foreach (var evaluation in _open.OrderBy(evaluation => evaluation.Open!.NewestRow).ToArray())
        {
            if (_waiting <= MaxWaiting / 2)
            {
                break;
            }

            Flush(_lineages[evaluation.Node.Key.Lineage], evaluation);
        }
    }

    private void Flush(LineageWriter lineage, PendingEvaluation evaluation)
    {
        using var part = evaluation.Open!;
        var waiting = part.Bytes;
        part.Complete();
        FlushWords(lineage.Pending.Id, part);
        PartWriter.Write(_statements, lineage.Pending.Id, evaluation.Id, import.Id, part);
        evaluation.Digest.Add(part.Digest);
        foreach (var column in part.Numbers.Where(n => n.Kind == ColumnKind.Score))
        {
            (evaluation.Scores.TryGetValue(column.Name, out var tally) ? tally : evaluation.Scores[column.Name] = new ScoreTally()).Add(column.Tally);
            evaluation.Suite.Seen.Score(column.Name).Add(column.Tally);
        }

        foreach (var label in part.AnswerLabels)
        {
            evaluation.Suite.Seen.SeeAnswer(Encoding.UTF8.GetString(label));
        }

        _waiting -= waiting;
        Uncommitted += part.Bytes;
        evaluation.Open = null;
        _open.Remove(evaluation);
    }
}
