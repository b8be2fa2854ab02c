using Driftline.Core.Figures;

namespace Driftline.Core.Tests.Figures;

public sealed class TimeFormatTests
{
    private static readonly DateTime Now = new(2026, 11, 21, 20, 44, 9, DateTimeKind.Utc);

    [Theory]
    [InlineData(-30, "just now")]
    [InlineData(0, "just now")]
    [InlineData(60, "a minute ago")]
    [InlineData(300, "5 minutes ago")]
    [InlineData(3600, "an hour ago")]
    [InlineData(3 * 3600, "3 hours ago")]
    [InlineData(24 * 3600, "yesterday")]
    [InlineData(5 * 86400, "5 days ago")]
    [InlineData(60 * 86400, "2026-09-22")]
    public void Relative_says_how_long_ago(int seconds, string expected)
    {
        Assert.Equal(expected, TimeFormat.Relative(Now.AddSeconds(-seconds), Now));
    }

    [Fact]
    public void Dates_are_ISO()
    {
        Assert.Equal("2026-11-21 20:44", TimeFormat.Table(Now));
        Assert.Equal("—", TimeFormat.Table(null));
        Assert.Equal("2026-11-21 20:44:09 UTC", TimeFormat.Exact(Now));
        Assert.Equal("2026-11-21T20:44:09Z", TimeFormat.Machine(Now));
    }

    [Theory]
    [InlineData(.004, "< .1 s")]
    [InlineData(.42, ".4 s")]
    [InlineData(12.4, "12 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3900, "1 h 5 min")]
    [InlineData(7200, "2 h")]
    [InlineData(double.NaN, "—")]
    public void Duration_uses_two_units_at_most(double seconds, string expected)
    {
        Assert.Equal(expected, TimeFormat.Duration(seconds));
    }
}
