using System.Collections.Concurrent;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Semantics;
using Driftline.Core.Measures.Tables;

namespace Driftline.Web.Workers.Measuring;

/// <summary>A table as measures get it, the part of it whose outputs are read, and slices of both; may be read on several threads.</summary>
/// <param name="table">The evaluation.</param>
/// <param name="texts">The part of it whose outputs are read, or all of it.</param>
public sealed class LoadedTable(EvaluationTable table, EvaluationTable texts)
{
    private ConcurrentDictionary<(string? Slice, int? Halvings), Lazy<EvaluationTable>> _cuts = new();

    /// <summary>The evaluation. It has embeddings where its log has, or where all of its outputs are read.</summary>
    public EvaluationTable Table { get; } = table;

    /// <summary>The evaluation as measures of outputs and embeddings get it, with embeddings; the part of a large one that is read (see <see cref="TextSample"/>).</summary>
    public EvaluationTable Texts { get; } = texts;

    /// <summary>How often <see cref="Texts"/> is halved.</summary>
    public int Halvings { get; init; }

    /// <summary>Where the built-in embedder made its embeddings: the mean share of the texts' mass that generation 0's space does not hold, 0 to 1.</summary>
    public double? LexicalOutsideMass { get; private init; }

    /// <summary>Why its outputs could not be embedded, in one sentence; null when they could, or need not.</summary>
    public string? EmbeddingFailure { get; private init; }

    /// <summary>The same with embeddings.</summary>
    /// <param name="embedded"><see cref="Texts"/> with embeddings.</param>
    /// <param name="outside">See <see cref="LexicalOutsideMass"/>.</param>
    public LoadedTable With(EvaluationTable embedded, double? outside) =>
        new(Halvings == 0 ? embedded : Table, embedded) { Halvings = Halvings, LexicalOutsideMass = outside };

    /// <summary>The same without embeddings, and why.</summary>
    public LoadedTable WithFailure(string? failure) => new(Table, Texts) { Halvings = Halvings, EmbeddingFailure = failure };

    /// <summary>What a measure reads, whole.</summary>
    public EvaluationTable For(MeasureDefinition measure) => measure.ReadsTexts ? Texts : Table;

    /// <summary>What a measure reads, cut to a slice: once, for all measures that ask.</summary>
    /// <param name="slice">The slice; null is the whole suite.</param>
    /// <param name="measure">The measure.</param>
    /// <param name="halvings">How often texts are halved at least, so that both sides of a comparison have the same prompts.</param>
    public EvaluationTable Cut(string? slice, MeasureDefinition measure, int halvings)
    {
        int? wanted = measure.ReadsTexts ? Math.Max(Halvings, halvings) : null;
        return slice is null && (wanted is null || wanted == Halvings)
            ? For(measure)
            : _cuts.GetOrAdd(
                (slice, wanted),
                static (cut, own) => new Lazy<EvaluationTable>(() => (cut.Halvings is { } halvings ? TextSample.Of(own.Texts, halvings) : own.Table).Cut(cut.Slice)),
                this).Value;
    }

    /// <summary>Gives back the slices, which are as large as the table once more for each key that it is sliced by, and the table's words.</summary>
    public void ForgetSlices()
    {
        _cuts = new();
        TokenizedOutputs.Forget(Table);
        TokenizedOutputs.Forget(Texts);
    }
}
