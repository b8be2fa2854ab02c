namespace Driftline.Core.Records;

/// <summary>How the log wrote the values of a score.</summary>
public enum ScoreKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary><c>true</c> and <c>false</c>, kept as 1 and 0.</summary>
    Boolean,
}

/// <summary>The values of one named score for the rows of a table or batch, in row order.</summary>
public sealed class ScoreColumn
{
    /// <summary>The row names this score, but as null, NaN or Infinity: "could not be scored".</summary>
    public static readonly double NoValue = double.NaN;

    /// <summary>The row does not name this score at all: an earlier row of the same sample keeps its value. Also a NaN, with its own bits.</summary>
    public static readonly double Absent = BitConverter.UInt64BitsToDouble(0x7ff8_0000_0000_00abUL);

    /// <summary>The score's name as logged.</summary>
    public required string Name { get; init; }

    /// <summary>Boolean while every value seen was a boolean.</summary>
    public ScoreKind Kind { get; set; }

    /// <summary>One value a row; NaN (either kind) is "no value".</summary>
    public required double[] Values { get; set; }

    /// <summary>Whether a value is <see cref="Absent"/> rather than a number or <see cref="NoValue"/>.</summary>
    public static bool IsAbsent(double value) => BitConverter.DoubleToUInt64Bits(value) == 0x7ff8_0000_0000_00abUL;
}
