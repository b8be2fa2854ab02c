using System.Text.RegularExpressions;

namespace Driftline.E2E.Tests;

/// <summary>The pictures of the README are there, are small, and are all used. They are taken by <see cref="Picture"/>.</summary>
public sealed partial class PictureTests
{
    private const int LargestBytes = 300 * 1024;

    [Fact]
    public async Task Every_picture_that_the_README_shows_is_committed_and_small_and_no_other_is()
    {
        var shown = InReadme()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken))
            .Select(match => match.Groups["name"].Value);
        var committed = new DirectoryInfo(Picture.Committed).GetFiles().ToDictionary(file => file.Name, file => file.Length);

        Assert.Equal(committed.Keys.Order(), shown.Order());
        Assert.All(committed, picture => Assert.InRange(picture.Value, 10 * 1024, LargestBytes));
    }

    [GeneratedRegex(@"!\[[^\]]+\]\(tests/Driftline\.E2E\.Tests/Pictures/(?<name>[^)]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InReadme();
}
