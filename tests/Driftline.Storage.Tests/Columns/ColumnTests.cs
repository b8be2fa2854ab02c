using System.Text;
using Driftline.Core.Records;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Tests.Columns;

public sealed class ColumnTests
{
    [Theory]
    [InlineData("", 0, "00000000000000000000000000000000")]
    [InlineData("hello", 0, "cbd8a7b341bd9b025b1e906a48ae1d19")]
    [InlineData("The quick brown fox jumps over the lazy dog", 0, "e34bbc7bbc071b6c7a433ca9c49a9347")]
    public void Hash128_KnownTexts_GiveThePublishedValues(string text, ulong seed, string expected)
    {
        // published as two 64-bit halves, the low one first
        var hash = Hash128.Compute(Encoding.UTF8.GetBytes(text), seed);

        Assert.Equal(expected, $"{(ulong)hash:x16}{(ulong)(hash >> 64):x16}");
        Assert.Equal(hash, Hash128.FromBytes(Hash128.ToBytes(hash)));
    }

    [Fact]
    public void RowSet_CountsPairsPromptsAndRepeats()
    {
        var rows = new RowSet();

        Assert.True(rows.Add(5, 1));
        Assert.True(rows.Add(5, 3));
        Assert.True(rows.Add(1_000_000, 1));
        Assert.True(rows.Add(5, int.MaxValue));
        Assert.False(rows.Add(5, 3));

        Assert.Equal(4, rows.Count);
        Assert.Equal((2, 3), rows.Extent());
    }

    [Fact]
    public void ColumnCodec_OneRepeatedValue_TakesTheRoomOfOne()
    {
        var bytes = ColumnCodec.Encode<int>([7, 7, 7]).ToArray();
        var back = new int[3];

        ColumnCodec.Decode(bytes, back.AsSpan());

        Assert.Equal(4, bytes.Length);
        Assert.Equal([7, 7, 7], back);
    }

    [Fact]
    public void ColumnCodec_TwoKindsOfNaN_StayApart()
    {
        double[] values = [double.NaN, ScoreColumn.Absent, 1];
        var back = new double[3];

        ColumnCodec.Decode(ColumnCodec.Encode<double>(values), back.AsSpan());

        Assert.False(ScoreColumn.IsAbsent(back[0]));
        Assert.True(ScoreColumn.IsAbsent(back[1]));
        Assert.Equal(1, back[2]);
    }

    [Fact]
    public void ColumnCodec_WrongLength_SaysThatTheDatabaseIsDamaged()
    {
        var error = Assert.Throws<InvalidDataException>(() => ColumnCodec.Decode(new byte[8], new int[3].AsSpan()));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnCodec_Answers_ComeBackWithTheirLabels()
    {
        var blob = ColumnCodec.EncodeAnswers([[.. "ja"u8], [], [.. "né"u8]], [2, -1, 0, 1]);
        var codes = new int[4];

        var labels = ColumnCodec.DecodeAnswers(blob, codes);

        Assert.Equal(["ja", "", "né"], labels.Select(Encoding.UTF8.GetString));
        Assert.Equal([2, -1, 0, 1], codes);
    }

    [Fact]
    public void EvaluationDigest_AnyOrder_GivesTheSameSum()
    {
        var one = default(EvaluationDigest);
        one.Add(1, 2, 3.5);
        one.Add(4, 5, 6UL);
        var other = default(EvaluationDigest);
        other.Add(4, 5, 6UL);
        other.Add(1, 2, 3.5);
        var different = default(EvaluationDigest);
        different.Add(4, 5, 3.5);
        different.Add(1, 2, 6UL);

        Assert.Equal(one.ToBytes(), other.ToBytes());
        Assert.NotEqual(one.ToBytes(), different.ToBytes());
        Assert.Equal(one.ToBytes(), EvaluationDigest.FromBytes(one.ToBytes()).ToBytes());
    }

    [Fact]
    public void MetadataText_Values_AreTextAsPeopleWriteIt()
    {
        var values = MetadataText.Parse("""{"a":"x","b":true,"c":2.50,"d":null,"e":{"f":[1]},"a":"y"}"""u8);

        Assert.Equal("y", values["a"]);
        Assert.Equal("true", values["b"]);
        Assert.Equal("2.50", values["c"]);
        Assert.Equal("""{"f":[1]}""", values["e"]);
        Assert.False(values.ContainsKey("d"));
    }
}
