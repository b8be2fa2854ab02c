using System.Text;
using Driftline.Core.Measures;
using Driftline.Web.Api.Figures;

namespace Driftline.Web.Tests.Api.Figures;

public sealed class FigureNumbersTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-x", "'-x")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("-1", "-1")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void Text_that_a_spreadsheet_would_run_is_neutralised_and_numbers_stay(string text, string cell) => Assert.Equal(cell, FigureNumbers.Cell(text));

    [Fact]
    public void Numbers_read_back_as_the_same_numbers()
    {
        Assert.Equal("0.30000000000000004", FigureNumbers.Cell(.1 + .2));
        Assert.Equal("-1E-300", FigureNumbers.Cell(-1e-300));
        Assert.Equal("7", FigureNumbers.Cell(7));
        Assert.Equal("", FigureNumbers.Cell(null));
    }

    [Fact]
    public void Rows_are_named_as_in_series_and_cells_with_commas_or_quotes_are_quoted()
    {
        var series = new MeasureSeries
        {
            Lineage = "a,b",
            Measure = "rate",
            Suite = "s",
            Baseline = Baseline.None,
            Unit = "share",
            DefinitionVersion = 1,
            Points =
            [
                new SeriesPoint("=evil", "1", 2, "say \"hi\"", new Estimate { Value = .1 + .2, Lo = -.5, N = 3 }),
                new SeriesPoint("main", null, 3, "m", Estimate.Without(MeasureStatus.NoData, "No sample.\nNone.")),
            ],
        };

        var lines = Encoding.UTF8.GetString(FigureNumbers.ToCsv([series])).Split("\r\n");

        Assert.Equal("lineage,measure,suite,slice,baseline,branch,seed,generation,model,value,lo,hi,recipe_lo,recipe_hi,training_sd,stderr,n,n_clusters,p_value,noise_floor,noise_floor_mean,status,reason", lines[0]);
        Assert.Equal("\"a,b\",rate,s,,none,'=evil,1,2,\"say \"\"hi\"\"\",0.30000000000000004,-0.5,,,,,,3,,,,,ok,", lines[1]);
        Assert.Equal("\"a,b\",rate,s,,none,main,,3,m,,,,,,,,0,,,,,no_data,\"No sample.\nNone.\"", lines[2]);
        Assert.Equal("", lines[3]);
    }
}
