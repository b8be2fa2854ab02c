using System.Web;
using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Web.Api.Figures;

namespace Driftline.Web.Tests.Api.Figures;

public sealed class FigureRequestTests
{
    [Fact]
    public void An_address_reads_back_as_the_request_that_it_was_made_from()
    {
        var request = new FigureRequest
        {
            Kind = FigureKind.Heatmap,
            Lineage = "a/b & c",
            Measure = "score_shift",
            Suite = "värde <b>",
            Slice = "dimension=power, sharp",
            Baseline = Baseline.Parent,
            View = new FigureView { Branches = ["x,y", "z"], Seeds = [new ShownSeed("z", "1:2")], From = 1, To = 4 },
            Branch = "z",
            Seed = "1:2",
            By = "dimension",
            Shared = true,
        };

        var read = Read(request.ToUri());

        Assert.Equal(request.ToUri(), read.ToUri());
        Assert.Equal(request.View.Branches, read.View.Branches);
        Assert.Equal(request.View.Seeds, read.View.Seeds);
        Assert.Equal((request.Lineage, request.Suite, request.Slice, request.Baseline), (read.Lineage, read.Suite, read.Slice, read.Baseline));
    }

    [Fact]
    public void What_is_not_said_is_not_in_the_address()
    {
        var request = new FigureRequest { Kind = FigureKind.Line, Lineage = "l", Measure = "rate", Suite = "s" };

        Assert.Equal("figures/line?lineage=l&measure=rate&suite=s", request.ToUri());
    }

    [Fact]
    public void A_file_is_named_after_what_is_in_it_in_letters_that_every_file_system_knows()
    {
        var request = new FigureRequest { Kind = FigureKind.Line, Lineage = "../a<b>:c", Measure = "rate_shift", Suite = "värde", Slice = "dimension=power", Baseline = Baseline.Origin };

        Assert.Equal("a-b-c-rate_shift-v-rde-dimension-power-vs-origin", request.FileName());
        Assert.Equal("figure", (request with { Lineage = "..", Measure = "/", Suite = "…", Slice = null, Baseline = Baseline.None }).FileName());
    }

    [Theory]
    [InlineData("figures/line?lineage=l&measure=m", "The parameter \"suite\" is missing.")]
    [InlineData("figures/pie?lineage=l&measure=m&suite=s", "There is no figure \"pie\". It must be line, shares or heatmap.")]
    [InlineData("figures/1?lineage=l&measure=m&suite=s", "There is no figure \"1\". It must be line, shares or heatmap.")]
    [InlineData("figures/line?lineage=l&measure=m&suite=s&baseline=other", "There is no baseline \"other\". It must be origin, parent, training_data, none, branch:B or node:ID.")]
    [InlineData("figures/line?lineage=l&measure=m&suite=s&from=-1", "The parameter \"from\" must be a generation, 0 or more, not \"-1\".")]
    public void What_cannot_be_understood_is_named(string address, string message)
    {
        var error = Assert.Throws<FormatException>(() => Read(address));

        Assert.Equal(message, error.Message);
    }

    private static FigureRequest Read(string address)
    {
        var parts = address.Split('?');
        var query = HttpUtility.ParseQueryString(parts[1]);
        return FigureRequest.Parse(parts[0]["figures/".Length..], key => query[key]);
    }
}
