using System.Globalization;
using System.Web;
using Microsoft.Playwright;
using static Driftline.E2E.Tests.BrowserPage;

namespace Driftline.E2E.Tests;

/// <summary>From a chart to the answers behind it.</summary>
public sealed class SamplesTests(DemoProgram demo, Chromium chromium)
{
    [Fact]
    public async Task A_point_of_a_chart_leads_to_the_prompts_that_flipped_there_as_many_as_flip_rate_counts()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/values?suite=values&branches=replace&seeds=replace:1");
        await page.ChartsDrawnAsync();
        var chart = ShownChart.Find(page, "line", "flip_rate", "values").First;
        await chart.Locator(".chart-area").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("Enter");
        await chart.GetByRole(AriaRole.Link, new() { Name = "Samples" }).ClickAsync();

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 2, Name = "Flipped at generation 8" })).ToBeVisibleAsync();
        var query = HttpUtility.ParseQueryString(new Uri(page.Page.Url).Query);
        Assert.Equal(("values", "replace s1", "8", "1", "replace:1"), (query["suite"], query["line"], query["generation"], query["flipped"], query["seeds"]));

        var flipped = await FlippedAsync("replace", "1", 8);
        await Expect(page.Page.Locator(".card-foot")).ToContainTextAsync(flipped.ToString(CultureInfo.InvariantCulture));
        await Expect(page.Page.Locator(".samples tbody tr")).ToHaveCountAsync(Math.Min(50, flipped));
        await Expect(page.Page.Locator(".samples tbody tr td:last-child.flipped")).ToHaveCountAsync(Math.Min(50, flipped));
        page.AssertClean();
    }

    [Fact]
    public async Task Keys_go_through_the_samples_and_the_link_of_one_shows_the_same_again()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/microworld/samples?suite=values&line=replace%20s1&generation=3,8");
        await Expect(page.Page.Locator(".samples tbody tr").First).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("f");
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Flipped at generation 3" })).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("j");
        var sides = page.Page.Locator(".sample-side");
        await Expect(sides).ToHaveCountAsync(3);
        var title = page.Page.Locator(".card-head h2");
        var first = await title.InnerTextAsync();
        await page.Page.Keyboard.PressAsync("j");
        await Expect(title).Not.ToHaveTextAsync(first);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Repeat 2" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Repeat 2" })).ToHaveAttributeAsync("aria-pressed", "true");
        var (second, shown) = (await title.InnerTextAsync(), await sides.AllInnerTextsAsync());

        await using var other = await chromium.OpenAsync(demo);
        await other.GoToAsync(page.Page.Url);
        await Expect(other.Page.Locator(".card-head h2")).ToHaveTextAsync(second);
        Assert.Equal(shown, await other.Page.Locator(".sample-side").AllInnerTextsAsync());

        await page.Page.Keyboard.PressAsync("k");
        await Expect(title).ToHaveTextAsync(first);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.Locator(".samples tbody tr").First).ToBeVisibleAsync();
        page.AssertClean();
        other.AssertClean();
    }

    [Fact]
    public async Task A_lineage_that_logged_answers_alone_is_browsed_too()
    {
        await using var page = await chromium.OpenAsync(demo);
        await page.GoToAsync("lineages/gpt2-political-bias/samples?suite=political_bias&line=synthetic");
        await page.Page.Locator(".samples .sample-id").First.ClickAsync();

        await Expect(page.Page.Locator(".sample-side").Last).ToContainTextAsync("generation 10");
        await Expect(page.Page.Locator(".sample-side").Last).ToContainTextAsync("The log has no output");
        page.AssertClean();
    }

    private async Task<int> FlippedAsync(string branch, string seed, int generation)
    {
        var series = await CommandLine.JsonAsync(demo.DataDirectory, "series", "--lineage", "microworld", "--measure", "flip_rate", "--suite", "values", "--branch", branch, "--seed", seed);
        var point = Assert.Single(series["points"]!.AsArray(), point => (int)point!["generation"]! == generation)!;
        return (int)Math.Round((double)point["value"]! * (int)point["n"]!);
    }
}
