using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;

namespace Driftline.Core.Tests.Measures.Tables;

public sealed class TextSampleTests
{
    [Fact]
    public void A_small_evaluation_is_read_whole()
    {
        var table = Table(40, repeats: 3, length: 100);

        Assert.Equal(0, TextSample.Halvings(table, readsOutputs: true));
        Assert.Same(table, TextSample.Of(table, 0));
        Assert.Null(TextSample.Note(0));
    }

    [Fact]
    public void Of_many_prompts_a_half_is_read_or_a_quarter()
    {
        var table = Table(25_000, repeats: 1, length: 1);

        var halvings = TextSample.Halvings(table, readsOutputs: true);
        var read = TextSample.Of(table, halvings);

        Assert.Equal(2, halvings);
        Assert.InRange(read.Prompts.Count, 5_000, TextSample.MostPrompts);
        Assert.Equal(read.Prompts.Count, read.Outputs().Count);
        Assert.Contains("1 in 4 prompts", TextSample.Note(halvings), StringComparison.Ordinal);
        Assert.Contains("a half of the prompts", TextSample.Note(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_repeats_fewer_prompts_are_read() =>
        Assert.Equal(1, TextSample.Halvings(Table(4_500, repeats: 10, length: 1), readsOutputs: true));

    [Fact]
    public void Of_long_outputs_fewer_prompts_are_read_but_never_too_few_and_only_where_outputs_are_read()
    {
        var text = new string('a', 1 << 18);
        var table = Table(400, repeats: 1, text);
        var few = Table(40, repeats: 4, text);

        var halvings = TextSample.Halvings(table, readsOutputs: true);

        Assert.InRange(TextSample.Of(table, halvings).Outputs().Sum(output => (long)output!.Length), TextSample.MostCharacters / 4, TextSample.MostCharacters);
        Assert.Equal(0, TextSample.Halvings(table, readsOutputs: false));
        Assert.Equal(0, TextSample.Halvings(few, readsOutputs: true));
    }

    [Fact]
    public void Every_part_lies_in_the_one_before_and_is_the_same_in_every_generation()
    {
        var now = Table(25_000, repeats: 1, length: 2);
        var then = Table(15_000, repeats: 2, length: 1);

        var half = TextSample.Of(now, 1).Prompts.ToHashSet();
        var quarter = TextSample.Of(now, 2);
        var otherQuarter = TextSample.Of(then, 2);

        Assert.Subset(half, quarter.Prompts.ToHashSet());
        Assert.Equal(quarter.Prompts, TextSample.Of(TextSample.Of(now, 1), 2).Prompts);
        Assert.Equal(quarter.Prompts.Intersect(then.Prompts), otherQuarter.Prompts);
        Assert.NotEqual(now.ContentHash, quarter.ContentHash);
    }

    private static EvaluationTable Table(int prompts, int repeats, int length) => Table(prompts, repeats, new string('a', length));

    private static EvaluationTable Table(int prompts, int repeats, string text)
    {
        var builder = new TableBuilder();
        for (var prompt = 0; prompt < prompts; prompt++)
        {
            for (var repeat = 1; repeat <= repeats; repeat++)
            {
                builder.Add($"p{prompt:D5}", repeat, output: text);
            }
        }

        return builder.Build();
    }
}
