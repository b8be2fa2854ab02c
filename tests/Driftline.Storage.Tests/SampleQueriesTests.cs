using Driftline.Core.Records;
using Driftline.Storage.Samples;

namespace Driftline.Storage.Tests;

public sealed class SampleQueriesTests
{
    [Fact]
    public async Task Prompts_come_in_pages_in_the_order_in_which_they_came_in()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(0), 0, 10));
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(1), 5, 10));
        await test.ImportAsync("other", Logs.Prompts(Logs.Run(0, suite: "safety"), 0, 10));
        var filter = new PromptFilter { LineageId = 1, Evaluations = await Evaluations(test) };

        var names = new List<string>();
        PromptPage page;
        int? after = null;
        do
        {
            page = await test.Database.Samples.PromptsAsync(filter, after, 4, default);
            names.AddRange(page.Prompts.Select(prompt => prompt.SampleId));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"p{i}"), names);
        Assert.Equal(15, page.Total);
        Assert.Equal("Question 14?", page.Prompts[^1].Input);
    }

    [Fact]
    public async Task Answers_of_several_generations_stand_side_by_side()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(0), 0, 3));
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(1), 0, 3, score: 10, output: "later"));
        var evaluations = await Evaluations(test);

        var answers = await test.Database.Samples.AnswersAsync(1, evaluations, [2, 1], default);

        Assert.Equal(
            [(evaluations[0], "said 0", "yes", 1), (evaluations[0], "said 1", "no", 2), (evaluations[1], "later 0", "yes", 10), (evaluations[1], "later 1", "no", 11)],
            answers.Select(answer => (answer.EvaluationId, answer.Output!, answer.Answer!, answer.Scores["quality"]!.Value)));
        Assert.All(answers, answer => Assert.Equal((1, """["yes","no"]"""), (answer.Repeat, answer.Options)));
        Assert.Equal("d1", answers[1].Metadata["dimension"]);
    }

    [Fact]
    public async Task The_later_of_two_rows_wins_column_by_column()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("answers", Logs.Prompts(Logs.Run(run: "r"), 0, 3));
        await test.ImportAsync("judge", Logs.Batch(Logs.Run(run: "r"), (batch, row) =>
        {
            batch.Text(row, TextField.SampleId, "p1");
            batch.Text(row, TextField.Input, "Question 1?");
            batch.Text(row, TextField.Extra, """{"explanations":{"harm":"mild"}}""");
            batch.SetScore(row, "harm", double.NaN, ScoreKind.Number);
        }));

        var answer = Assert.Single(await test.Database.Samples.AnswersAsync(1, await Evaluations(test), [2], default));

        Assert.Equal(("said 1", "no", 2, null), (answer.Output, answer.Answer, answer.Scores["quality"], answer.Scores["harm"]));
        Assert.Equal("""{"explanations":{"harm":"mild"}}""", answer.Extra);
    }

    [Fact]
    public async Task Flipped_prompts_are_those_whose_most_frequent_answer_changed()
    {
        await using var test = await TestDatabase.OpenAsync();
        // Of equally frequent answers the first of the options counts: p1 says yes before and no after, p2 yes both times.
        await test.ImportAsync("0", Answers(0, ("p0", ["yes", "yes", "no"]), ("p1", ["yes", "no"]), ("p2", ["no", "yes"])));
        await test.ImportAsync("1", Answers(1, ("p0", ["no", "yes", "yes"]), ("p1", ["no", "no"]), ("p2", ["yes", "no"]), ("p3", ["no"])));
        var evaluations = await Evaluations(test);
        var filter = new PromptFilter { LineageId = 1, Evaluations = evaluations, FlippedAgainst = new Dictionary<long, long> { [evaluations[1]] = evaluations[0] } };

        Assert.Equal(["p1"], await Names(test, filter));
        var flipped = await Stream(test, evaluations[1], evaluations[0]);
        Assert.Equal(["p1", "p1"], flipped.Select(sample => sample.Prompt.SampleId));
    }

    [Theory]
    [InlineData("dimension=d1", null, "p1,p4,p7")]
    [InlineData("dimension=nowhere", null, "")]
    [InlineData(null, "QUESTION 3", "p3")]
    [InlineData(null, "p8", "p8")]
    [InlineData(null, "SAID 2", "p2")]
    [InlineData(null, "%", "")]
    [InlineData(null, "said_2", "")]
    [InlineData("dimension=d1", "said 4", "p4")]
    public async Task Prompts_are_filtered_by_slice_and_text(string? slice, string? text, string expected)
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(0), 0, 9));
        var filter = new PromptFilter { LineageId = 1, Evaluations = await Evaluations(test), Slice = slice, Text = text };

        Assert.Equal(expected, string.Join(',', await Names(test, filter)));
    }

    [Fact]
    public async Task A_stream_goes_on_after_any_row_and_counts_replaced_rows_once()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(run: "r"), 0, 1500));
        await test.ImportAsync("2", Logs.Prompts(Logs.Run(run: "r"), 700, 1500, output: "later"));
        var evaluation = Assert.Single(await Evaluations(test));

        var all = await Stream(test, evaluation);

        Assert.Equal(Enumerable.Range(0, 2200).Select(i => (i < 700 ? $"said {i}" : $"later {i}")), all.Select(sample => sample.Answer.Output));
        var rest = await Stream(test, evaluation, after: (all[998].Answer.PromptId, all[998].Answer.Repeat));
        Assert.Equal(all[999..].Select(sample => sample.Prompt), rest.Select(sample => sample.Prompt));
    }

    [Fact]
    public async Task Rows_of_an_import_that_is_not_published_are_not_seen()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(), 0, 5));
        await using var session = await test.Database.Imports.BeginAsync(TestDatabase.Start("2"), default);
        await session.WriteAsync(Logs.Prompts(Logs.Run(), 0, 70_000, output: "hidden"), default);

        var seen = await Stream(test, Assert.Single(await Evaluations(test)));

        Assert.Equal(5, seen.Count);
        Assert.DoesNotContain(seen, sample => sample.Answer.Output!.StartsWith("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_prompt_that_a_filter_lets_through_is_found_at_once_and_the_values_of_a_key_are_known()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(0), 0, 12));
        var suite = Assert.Single(await test.Database.Lineages.SuitesAsync(1, default));
        var filter = new PromptFilter { LineageId = 1, Evaluations = await Evaluations(test), Slice = "dimension=d1" };

        var found = await test.Database.Samples.FindAsync(filter, default);

        Assert.Equal(["p1", "p4", "p7", "p10"], (await test.Database.Samples.PromptsAsync(1, found, default)).Select(prompt => prompt.SampleId));
        Assert.Equal(["d0", "d1", "d2"], await test.Database.Samples.MetadataValuesAsync(1, suite.Id, "dimension", default));
        Assert.Empty(await test.Database.Samples.MetadataValuesAsync(1, suite.Id, "colour", default));
    }

    [Theory]
    [InlineData("text", 550)]
    [InlineData("where", 183)]
    public async Task What_is_found_first_is_told_before_all_is_searched(string by, int matching)
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("0", Logs.Prompts(Logs.Run(run: "r"), 0, 300));
        // In a part of its own; fifty prompts are answered anew.
        await test.ImportAsync("1", Logs.Prompts(Logs.Run(run: "r"), 250, 300, output: "said later"));
        var filter = new PromptFilter { LineageId = 1, Evaluations = await Evaluations(test), Text = by == "text" ? "SAID" : null, Where = by == "where" ? "dimension=d1" : null };
        var steps = new Steps();

        var found = await test.Database.Samples.FindAsync(filter, steps, default);

        Assert.Equal(matching, found.Count);
        var told = steps.All.Where(step => step.Found is not null).Select(step => step.Found!).ToList();
        Assert.All(told, some => Assert.Equal(some, found.Intersect(some)));
        // What the second part replaces is not told of before it is read.
        Assert.Equal(by == "where" ? 83 : SearchStep.FirstFound, told[0].Count);
    }

    private static SampleBatch Answers(int generation, params (string Prompt, string[] Answers)[] prompts)
    {
        var batch = new SampleBatch(Logs.Run(generation));
        foreach (var (prompt, answers) in prompts)
        {
            for (var repeat = 1; repeat <= answers.Length; repeat++)
            {
                var row = batch.AddRow(repeat);
                batch.Text(row, TextField.SampleId, prompt);
                batch.Text(row, TextField.Answer, answers[repeat - 1]);
                batch.Text(row, TextField.Options, """["yes","no"]""");
            }
        }

        return batch;
    }

    private static async Task<long[]> Evaluations(TestDatabase test) =>
        [.. (await test.Database.Lineages.EvaluationsAsync(1, default)).Where(evaluation => evaluation.Suite == "values").Select(evaluation => evaluation.Id)];

    private static async Task<IEnumerable<string>> Names(TestDatabase test, PromptFilter filter) =>
        (await test.Database.Samples.PromptsAsync(filter, null, 100, default)).Prompts.Select(prompt => prompt.SampleId);

    private static async Task<List<SampleOfPrompt>> Stream(TestDatabase test, long evaluation, long? baseline = null, (int, int)? after = null)
    {
        var samples = new List<SampleOfPrompt>();
        await foreach (var sample in test.Database.Samples.StreamAsync(1, evaluation, baseline, after, default))
        {
            samples.Add(sample);
        }

        return samples;
    }

    private sealed class Steps : IProgress<SearchStep>
    {
        public List<SearchStep> All { get; } = [];

        public void Report(SearchStep value) => All.Add(value);
    }
}
