using Driftline.Core.Lineages;
using Driftline.Core.Records;

namespace Driftline.Core.Tests.Records;

public sealed class SampleBatchTests
{
    [Theory]
    [InlineData(ScoreKind.Boolean)]
    [InlineData(ScoreKind.Number)]
    public void A_score_that_begins_with_null_is_of_the_kind_of_its_first_value(ScoreKind kind)
    {
        using var batch = new SampleBatch(new RunHeader
        {
            Node = new NodeHeader { Key = new NodeKey("l", "main", null, 0), Model = "m" },
            Suite = "s",
        });

        // A reader cannot know how null was meant, and says number.
        batch.SetScore(batch.AddRow(), "aligned", double.NaN, ScoreKind.Number);
        batch.SetScore(batch.AddRow(), "aligned", 1, kind);
        batch.SetScore(batch.AddRow(), "aligned", double.NaN, ScoreKind.Number);

        Assert.Equal(kind, Assert.Single(batch.Scores).Kind);
    }
}
