using Driftline.Core.Records;
using Driftline.Storage.Samples;

namespace Driftline.Storage.Tests;

/// <summary>What rows say in words: in compressed blocks, or in rows of their own where an earlier version wrote them.</summary>
public sealed class WordBlockTests
{
    private const string VersionBefore = "20261122063109_TrainingTexts";

    [Fact]
    public async Task Words_of_many_blocks_come_back_as_they_were()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Sayings());

        await SameAsync(test);

        Assert.True(test.Count("word_blocks") > 3);
        Assert.Equal(0, test.Count("samples"));
        Assert.Equal(2000, test.Scalar("SELECT sum(rows) FROM word_blocks"));
    }

    [Fact]
    public async Task Words_that_an_earlier_version_kept_come_back_as_they_were_beside_new_ones()
    {
        await using var test = await OlderAsync(isOlder: true, Sayings());

        await SameAsync(test);

        Assert.Equal((1800, 0), (test.Count("samples"), test.Count("word_blocks")));
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(1), 0, 5, output: "new"));
        var answers = await test.Database.Samples.AnswersAsync(1, await EvaluationsAsync(test), [2], default);
        Assert.Equal([Output(1), "new 1"], answers.Select(answer => answer.Output));
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Words_follow_a_move_and_go_with_what_is_removed(bool isOlder)
    {
        await using var test = await OlderAsync(isOlder, Sayings(), Logs.Prompts(Logs.Run(0, lineage: "elsewhere"), 0, 3));

        await test.Database.Corrections.MoveAsync(new EvaluationSelection { Lineage = "lab" }, new EvaluationTarget { Lineage = "elsewhere", Generation = 4 }, default);

        var moved = (await test.Database.Lineages.EvaluationsAsync(2, default)).Single(evaluation => evaluation.Samples == 2000);
        var outputs = new List<string>();
        await foreach (var output in test.Database.Samples.OutputsAsync(2, moved.NodeId, default))
        {
            outputs.Add(output);
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(Output).OfType<string>(), outputs);
        Assert.Empty((await test.Database.VerifyAsync()).Faults);

        await test.Database.Corrections.RemoveAsync(new EvaluationSelection { Lineage = "elsewhere", Generation = 4 }, default);

        Assert.Equal(3, test.Scalar("SELECT (SELECT count(*) FROM samples) + (SELECT coalesce(sum(rows), 0) FROM word_blocks)"));
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task An_abandoned_import_leaves_no_words()
    {
        await using var test = await TestDatabase.OpenAsync();
        await using (var session = await test.Database.Imports.BeginAsync(TestDatabase.Start("0"), default))
        {
            for (var batch = 0; batch < 20; batch++)
            {
                await session.WriteAsync(Sayings(), default);
            }
        }

        Assert.Equal(0, test.Count("word_blocks"));
    }

    [Theory]
    [InlineData("äPFEL 70 ", 1)]
    [InlineData("100 %", 400)]
    [InlineData("100 % of 5_5 ", 1)]
    [InlineData("the end of it", 1)]
    [InlineData("QUESTION 1234?", 1)]
    public async Task A_text_is_found_in_prompts_and_outputs_whatever_the_case(string text, int prompts)
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Sayings());
        var filter = new PromptFilter { LineageId = 1, Evaluations = await EvaluationsAsync(test), Text = text };

        Assert.Equal(prompts, (await test.Database.Samples.FindAsync(filter, default)).Count);
    }

    [Fact]
    public async Task What_repeats_the_output_takes_little_room()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Sayings(extra: row => $$"""{"messages":["Question {{row}}?","{{Output(row)}}"]}"""));
        await using var alone = await TestDatabase.OpenAsync();
        await alone.ImportAsync("0", Sayings(extra: _ => null));

        Assert.InRange(test.Scalar("SELECT sum(length(body)) FROM word_blocks"), 1, 1.5 * alone.Scalar("SELECT sum(length(body)) FROM word_blocks"));
    }

    /// <summary>A database with records, as an earlier version wrote them or as this one does.</summary>
    private static async Task<TestDatabase> OlderAsync(bool isOlder, params object[] records)
    {
        var folder = TestDatabase.NewFolder();
        using (var made = (await TestDatabase.OpenAsync(folder)).Database)
        {
            await using var session = await made.Imports.BeginAsync(TestDatabase.Start("0"), default);
            foreach (var record in records)
            {
                await TestDatabase.WriteAsync(session, record);
            }

            await session.PublishAsync(TestDatabase.Outcome(records.Length), default);
        }

        if (isOlder)
        {
            await OlderDatabase.MakeAsync(folder, VersionBefore);
        }

        return await TestDatabase.OpenAsync(folder);
    }

    /// <summary>2,000 rows, of which each tenth says nothing, each other tenth has only something beside, one has an empty output and one a very long one.</summary>
    private static SampleBatch Sayings(Func<int, string?>? extra = null)
    {
        var batch = new SampleBatch(Logs.Run());
        for (var i = 0; i < 2000; i++)
        {
            var row = batch.AddRow();
            batch.Text(row, TextField.SampleId, $"p{i}");
            batch.Text(row, TextField.Input, $"Question {i}?");
            if (Output(i) is { } output)
            {
                batch.Text(row, TextField.Output, output);
            }

            if ((extra ?? Extra)(i) is { } beside)
            {
                batch.Text(row, TextField.Extra, beside);
            }
        }

        return batch;
    }

    private static string? Output(int row) => row switch
    {
        7 => "",
        1001 => string.Concat(Enumerable.Repeat("again and again ", 20_000)) + "the end of it",
        _ when row % 10 is 3 or 6 => null,
        _ => $"Äpfel {row} {(row % 5 == 0 ? $"100 % of {row}_{row} " : "")}{Convert.ToBase64String(Bytes(row))}",
    };

    private static string? Extra(int row) => (row % 10) switch
    {
        3 => null,
        1 => "",
        _ => $$"""{"note":"🙂 {{row}}"}""",
    };

    private static byte[] Bytes(int row)
    {
        var bytes = new byte[150];
        new Random(row).NextBytes(bytes);
        return bytes;
    }

    private static async Task<IReadOnlyList<long>> EvaluationsAsync(TestDatabase test) =>
        [.. (await test.Database.Lineages.EvaluationsAsync(1, default)).OrderBy(evaluation => evaluation.Node.Generation).Select(evaluation => evaluation.Id)];

    /// <summary>Each way of reading gives what was written.</summary>
    private static async Task SameAsync(TestDatabase test)
    {
        var evaluation = Assert.Single(await EvaluationsAsync(test));
        var rows = new List<(string? Output, string? Extra)>();
        await foreach (var sample in test.Database.Samples.StreamAsync(1, evaluation, null, null, default))
        {
            rows.Add((sample.Answer.Output, sample.Answer.Extra));
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(row => (Output(row), Extra(row))), rows);
        var stray = await test.Database.Samples.AnswersAsync(1, [evaluation], [1999, 1, 1002, 8], default);
        Assert.Equal([Output(0), Output(7), Output(1001), Output(1998)], stray.Select(answer => answer.Output));
        var table = await test.Database.Evaluations.LoadAsync(1, evaluation, default);
        var outputs = table.Outputs();
        Assert.All(table.Prompts.Index(), prompt => Assert.Equal(Output(int.Parse(prompt.Item.SampleId[1..], System.Globalization.CultureInfo.InvariantCulture)), outputs[prompt.Index]));
        Assert.Empty((await test.Database.VerifyAsync()).Faults);
    }
}
