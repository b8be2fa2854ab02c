using Driftline.Web.Api.Documents;

namespace Driftline.Web.Tests.Api.Documents;

public sealed class PlacementDocumentTests
{
    [Fact]
    public void Generations_of_one_line_that_were_told_alike_are_one_row()
    {
        PlacementDocument[] places = [Place(0), Place(1), Place(2), Place(7, evidence: "tag gen:7"), Place(3, branch: "other"), Place(5, branch: "other")];

        var lines = PlacementDocument.Lines(places).ToList();

        Assert.Equal(
            [("main", "0–2", null), ("main", "7", "tag gen:7"), ("other", "3, 5", null)],
            lines.Select(line => (line[0].Branch, PlacementDocument.Numbers(line), line[0].Evidence)));
        Assert.Equal(["generation 3", "generations 0–1", "generations 0, 2"], new int[][] { [3], [0, 1], [0, 2] }.Select(PlacementDocument.Generations));
    }

    private static PlacementDocument Place(int generation, string branch = "main", string? evidence = null) =>
        new("loop", branch, "1", generation, Checkpoint: null, evidence, Guessed: false, Moved: false);
}
