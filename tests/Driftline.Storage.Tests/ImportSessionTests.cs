using Driftline.Core.Records;

namespace Driftline.Storage.Tests;

public sealed class ImportSessionTests
{
    [Fact]
    public async Task What_is_published_is_read_back()
    {
        await using var test = await TestDatabase.OpenAsync();

        var published = await test.ImportAsync("a.jsonl", Logs.Prompts(Logs.Run(), 0, 3));

        Assert.Equal(3, published.RowsWritten);
        Assert.Equal(0, published.RowsReplaced);
        var changed = Assert.Single(published.Changed);
        var lineage = Assert.Single(await test.Database.Lineages.LineagesAsync(default));
        Assert.Equal("lab", lineage.Name);
        Assert.Equal(3, lineage.Samples);
        var evaluation = Assert.Single(await test.Database.Lineages.EvaluationsAsync(lineage.Id, default));
        Assert.True(evaluation.IsCurrent);
        Assert.Equal(changed.NodeId, evaluation.NodeId);
        Assert.Equal(2, evaluation.Scores["quality"].Mean);
        var table = await test.Database.Evaluations.LoadAsync(lineage.Id, evaluation.Id, default);
        Assert.Equal(["p0", "p1", "p2"], table.Prompts.Select(p => p.SampleId));
        Assert.Equal([0, 1, 2, 3], table.RowStart);
        Assert.Equal([1, 2, 3], table.Scores["quality"].Values);
        Assert.Equal(["yes", "no"], table.AnswerLabels);
        Assert.Equal([0, 1, 0], table.Answers);
        Assert.Equal(["said 0", "said 1", "said 2"], table.Outputs());
        Assert.Equal("d1", table.Metadata[1]["dimension"]);
        Assert.Equal(EvaluationStatus.Success, table.Status);
        Assert.Equal(evaluation.ContentHash, table.ContentHash);
        Assert.Equal("dimension", Assert.Single(await test.Database.Lineages.SuitesAsync(lineage.Id, default)).Definition.DimensionKey);
    }
}
