using Driftline.Core.Records;

namespace Driftline.Storage.Columns;

/// <summary>A score or an option's probability in a part.</summary>
internal sealed class NumberColumn(ColumnKind kind, string name)
{
    public ColumnKind Kind => kind;

    public string Name => name;

    public ulong Field { get; } = EvaluationDigest.Field(kind, name);

    public ColumnBuffer<double> Values { get; } = new();

    public ScoreTally Tally { get; } = new();
}

/// <summary>What was seen of the values of a score.</summary>
internal sealed class ScoreTally
{
    public ScoreKind Kind { get; set; } = ScoreKind.Boolean;

    public long Count { get; set; }

    public double Sum { get; set; }

    public double Min { get; set; } = double.PositiveInfinity;

    public double Max { get; set; } = double.NegativeInfinity;

    /// <summary>Adds values that were written in one way.</summary>
    public void Add(ReadOnlySpan<double> values, ScoreKind kind)
    {
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                // a column that has had no value yet says nothing of how it is written
                Kind = kind == ScoreKind.Number ? ScoreKind.Number : Kind;
                Count++;
                Sum += value;
                Min = Math.Min(Min, value);
                Max = Math.Max(Max, value);
            }
        }
    }

    /// <summary>Adds what another one saw.</summary>
    public void Add(ScoreTally other)
    {
        if (other.Count > 0)
        {
            Kind = other.Kind == ScoreKind.Number ? ScoreKind.Number : Kind;
            Count += other.Count;
            Sum += other.Sum;
            Min = Math.Min(Min, other.Min);
            Max = Math.Max(Max, other.Max);
        }
    }
}
