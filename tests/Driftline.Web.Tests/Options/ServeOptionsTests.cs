using Driftline.Web.Options;
using Microsoft.Extensions.Configuration;

namespace Driftline.Web.Tests.Options;

public sealed class ServeOptionsTests
{
    [Fact]
    public void Nothing_set_means_the_loopback_address_and_the_application_data_folder()
    {
        var options = From([]);

        Assert.Equal("http://127.0.0.1:5230", options.Urls);
        Assert.Equal("driftline", Path.GetFileName(options.DataDirectory));
        Assert.True(Path.IsPathFullyQualified(options.DataDirectory));
    }

    [Fact]
    public void An_empty_value_counts_as_not_set()
    {
        Assert.Equal(From([]), From(new() { ["urls"] = "", ["data_dir"] = " " }));
    }

    [Theory]
    [InlineData("5230")]
    [InlineData("http://127.0.0.1:5230;localhost")]
    public void What_is_no_address_is_refused_by_its_key(string urls)
    {
        var refusal = Assert.Throws<InvalidSettingException>(() => From(new() { ["urls"] = urls }));

        Assert.Equal("urls", refusal.Key);
        Assert.StartsWith("urls: ", refusal.Message, StringComparison.Ordinal);
    }

    private static ServeOptions From(Dictionary<string, string?> values)
    {
        return ServeOptions.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
