using System.Numerics;

namespace Driftline.Storage.Columns;

/// <summary>
/// A sum over everything that the rows of an evaluation say, each value mixed with its prompt, repeat and field. Sums do not
/// depend on order, so shards and chunks add up to the same digest however they came; replaced values are left out by summing
/// what remains.
/// </summary>
internal struct EvaluationDigest
{
    public static readonly ulong MetadataField = Field("metadata");
    public static readonly ulong OptionsField = Field("options");
    public static readonly ulong AnswerField = Field("answer");
    public static readonly ulong OutputField = Field("output");
    public static readonly ulong ExtraField = Field("extra");
    public static readonly ulong RowField = Field("row");

    private ulong _first;
    private ulong _second;

    /// <summary>A field's number, made of its name.</summary>
    public static ulong Field(string name) => Hash128.Fold(Hash128.Compute(name, 0x64726966));

    /// <summary>The field of a column with a name.</summary>
    public static ulong Field(ColumnKind kind, string name, int variant = 0) => Field($"{(int)kind}/{variant}/{name}");

    /// <summary>What stands for a prompt and repeat in the sum.</summary>
    public static ulong RowSeed(UInt128 promptKey, int repeat) =>
        Hash128.Mix(Hash128.Fold(promptKey) + ((ulong)(uint)repeat * 0x9e3779b97f4a7c15));

    /// <summary>Adds one value of one row.</summary>
    public void Add(ulong rowSeed, ulong field, ulong value)
    {
        _first += Hash128.Mix(rowSeed ^ Hash128.Mix(field + value));
        _second += Hash128.Mix(BitOperations.RotateLeft(rowSeed, 29) + Hash128.Mix(field ^ (value * 0xc2b2ae3d27d4eb4f)));
    }

    /// <summary>Adds a number of one row.</summary>
    public void Add(ulong rowSeed, ulong field, double value) => Add(rowSeed, field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Adds another sum.</summary>
    public void Add(EvaluationDigest other)
    {
        _first += other._first;
        _second += other._second;
    }

    /// <summary>The sum as stored.</summary>
    public readonly byte[] ToBytes() => Hash128.ToBytes(new UInt128(_first, _second));

    /// <summary>The sum from how it is stored.</summary>
    public static EvaluationDigest FromBytes(ReadOnlySpan<byte> bytes)
    {
        var value = Hash128.FromBytes(bytes);
        return new EvaluationDigest { _first = (ulong)(value >> 64), _second = (ulong)value };
    }
}
