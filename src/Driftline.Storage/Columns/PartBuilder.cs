using System.Runtime.InteropServices;
using Driftline.Core.Records;

namespace Driftline.Storage.Columns;

/// <summary>Collects the columns of one part until it is written.</summary>
/// <param name="id">The part.</param>
/// <param name="model">The model that is evaluated.</param>
internal sealed class PartBuilder(long id, string model) : IDisposable
{
    /// <summary>Most rows of a part.</summary>
    public const int MaxRows = 65_536;

    /// <summary>Bytes of columns after which a part is written, which wide embeddings reach before the rows do.</summary>
    public const int MaxBytes = 16 << 20;

    private readonly Dictionary<(ColumnKind Kind, string Name), NumberColumn> _numbers = [];
    private readonly Dictionary<(string Embedder, int Dimension), EmbeddingColumn> _embeddings = [];
    private readonly Dictionary<UInt128, int> _answerCodes = [];
    private readonly List<byte[]> _answerLabels = [];
    private readonly WordBlockBuilder _words = new();
    private EvaluationDigest _digest;

    public long Id => id;

    public int Rows => Prompts.Count;

    public ColumnBuffer<int> Prompts { get; } = new();

    public ColumnBuffer<int> Repeats { get; } = new();

    public ColumnBuffer<int> Metadata { get; } = new();

    public ColumnBuffer<int> Options { get; } = new();

    public ColumnBuffer<int> Answers { get; } = new();

    public ColumnBuffer<ulong> Outputs { get; } = new();

    public ColumnBuffer<ulong> Extras { get; } = new();

    public IReadOnlyList<byte[]> AnswerLabels => _answerLabels;

    public IEnumerable<NumberColumn> Numbers => _numbers.Values;

    public IEnumerable<EmbeddingColumn> Embeddings => _embeddings.Values;

    public UsageColumns Usage { get; } = new(model);

    public EvaluationDigest Digest => _digest;

    /// <summary>About how much memory it holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>Which record of the import brought its newest row.</summary>
    public long NewestRow { get; set; }

    public bool IsFull => Rows + SampleBatch.MaxRows > MaxRows || Bytes >= MaxBytes;

    /// <summary>The code of an answer in this part.</summary>
    public int AnswerCode(ReadOnlySpan<byte> answer, UInt128 hash)
    {
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(_answerCodes, hash, out var known);
        if (!known)
        {
            code = _answerLabels.Count;
            _answerLabels.Add(answer.ToArray());
            Bytes += answer.Length + 64;
        }

        return code;
    }

    /// <summary>Counts one value into the digest.</summary>
    public void Count(ulong rowSeed, ulong field, ulong value) => _digest.Add(rowSeed, field, value);

    /// <summary>Adds the numbers of a batch whose rows were added to the other columns already.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rowSeeds">What stands for its rows in the digest.</param>
    public void AddNumbers(SampleBatch batch, ReadOnlySpan<ulong> rowSeeds)
    {
        var start = Rows - batch.Count;
        AddNumbers(batch, batch.Scores, ColumnKind.Score, start, rowSeeds);
        AddNumbers(batch, batch.OptionProbabilities, ColumnKind.OptionProbability, start, rowSeeds);
        foreach (var embedding in batch.Embeddings)
        {
            if (embedding.Values.Length == 0)
            {
                continue;
            }

            var key = (embedding.Embedder, embedding.Values.Length);
            if (!_embeddings.TryGetValue(key, out var column))
            {
                column = new EmbeddingColumn(embedding.Embedder, embedding.Values.Length);
                _embeddings.Add(key, column);
            }

            if (column.Add(start + embedding.Row, embedding.Values))
            {
                _digest.Add(rowSeeds[embedding.Row], column.Field, EmbeddingColumn.Hash(embedding.Values));
                Bytes += embedding.Values.Length * sizeof(float);
            }
        }

        Bytes += batch.Count * ((5 * sizeof(int)) + (2 * sizeof(ulong)));
    }

    /// <summary>Whether <see cref="TakeWords"/> is due.</summary>
    public bool HasFullBlock => _words.IsFull;

    /// <summary>Adds what a row says in words; rows come in their order, those without words may be left out.</summary>
    public void AddWords(int row, bool hasOutput, ReadOnlySpan<byte> output, bool hasExtra, ReadOnlySpan<byte> extra)
    {
        Bytes -= _words.Bytes;
        _words.Add(row, hasOutput, output, hasExtra, extra);
        Bytes += _words.Bytes;
    }

    /// <summary>Gives the block that was collected, if any, and begins another one.</summary>
    public void TakeWords(TakeWordBlock take)
    {
        Bytes -= _words.Bytes;
        _words.Take(take);
    }

    /// <summary>Takes the usage of models out of what is kept beside a row.</summary>
    public void AddUsage(int row, ReadOnlySpan<byte> extra) => Bytes += Usage.Add(row, extra);

    /// <summary>Fills every column up to the last row, before writing.</summary>
    public void Complete()
    {
        Usage.Complete(Rows);
        foreach (var column in _numbers.Values)
        {
            column.Values.PadTo(Rows, ScoreColumn.Absent);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Prompts.Dispose();
        Repeats.Dispose();
        Metadata.Dispose();
        Options.Dispose();
        Answers.Dispose();
        Outputs.Dispose();
        Extras.Dispose();
        Usage.Dispose();
        _words.Dispose();
        foreach (var column in _numbers.Values)
        {
            column.Values.Dispose();
        }

        foreach (var column in _embeddings.Values)
        {
            column.Values.Dispose();
        }
    }

    private void AddNumbers(SampleBatch batch, IReadOnlyList<ScoreColumn> columns, ColumnKind kind, int start, ReadOnlySpan<ulong> rowSeeds)
    {
        foreach (var source in columns)
        {
            if (!_numbers.TryGetValue((kind, source.Name), out var column))
            {
                column = new NumberColumn(kind, source.Name);
                _numbers.Add((kind, source.Name), column);
            }

            var values = source.Values.AsSpan(0, batch.Count);
            var before = column.Values.Count;
            column.Values.PadTo(start, ScoreColumn.Absent);
            column.Values.Add(values);
            column.Tally.Add(values, source.Kind);
            Bytes += (column.Values.Count - before) * sizeof(double);
            for (var row = 0; row < values.Length; row++)
            {
                if (!ScoreColumn.IsAbsent(values[row]))
                {
                    _digest.Add(rowSeeds[row], column.Field, values[row]);
                }
            }
        }
    }
}
