using Driftline.Web.Components.Pages.Samples;

namespace Driftline.Web.Tests.Components.Pages.Samples;

public sealed class SampleChoiceTests
{
    [Fact]
    public void What_is_chosen_is_in_the_address_and_reads_back()
    {
        var choice = new SampleChoice
        {
            Suite = "a & b",
            Line = "replace s1",
            Generations = [8, 3],
            Flipped = true,
            Slice = "dimension=power, sharp",
            Text = "100 % + <b>",
            Page = 3,
            Sample = "val-000/é",
            Prompt = 17,
            Repeat = 2,
        };

        var read = SampleChoice.Parse(choice.ToQuery());

        Assert.Equal(choice.ToQuery(), read.ToQuery());
        Assert.Equal([8, 3], read.Generations);
        Assert.Equal((choice.Suite, choice.Line, choice.Slice, choice.Text, choice.Sample), (read.Suite, read.Line, read.Slice, read.Text, read.Sample));
    }

    [Fact]
    public void What_says_nothing_is_not_in_the_address() => Assert.Equal("", new SampleChoice().ToQuery());

    [Theory]
    [InlineData("page=-1&repeat=x&generation=a,,2&slice=nothing&flipped=2&prompt=")]
    [InlineData("page=0&repeat=0&generation=2&flipped&slice==")]
    public void What_cannot_be_understood_is_left_out(string query)
    {
        Assert.Equal("generation=2", SampleChoice.Parse(query).ToQuery());
    }

    [Fact]
    public void Another_filter_begins_the_list_anew()
    {
        var choice = SampleChoice.Parse("suite=values&page=4&sample=p1&prompt=9&repeat=2").Anew();

        Assert.Equal("suite=values", choice.ToQuery());
    }
}
