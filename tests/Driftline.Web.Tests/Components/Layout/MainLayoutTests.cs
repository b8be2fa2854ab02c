using Bunit.TestDoubles;
using Driftline.Core.Lineages;
using Driftline.Web.Components.Layout;
using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Components.Layout;

public sealed class MainLayoutTests : DriftlinePageContext
{
    [Fact]
    public async Task A_page_about_a_lineage_gets_it_with_the_view_in_the_address()
    {
        await Logs.ImportMicroworldAsync();

        var layout = RenderAt("lineages/microworld/bias?branches=replace&from=1");

        layout.WaitForAssertion(() => Assert.Equal("microworld replace 1–2 v1", layout.Find("main p").TextContent));
        Assert.Equal("Bias", layout.Find("h1").TextContent);
        Assert.Equal(["accumulate", "replace"], layout.FindAll(".chip > button:first-child").Select(chip => chip.TextContent.Trim()));
        Assert.Equal("2\u00A0branches · 3\u00A0generations · 7\u00A0samples", layout.Find(".rail-lineage span").TextContent);
    }

    [Fact]
    public async Task A_chip_changes_the_address_in_place_and_the_page_follows()
    {
        await Logs.ImportMicroworldAsync();
        var layout = RenderAt("lineages/microworld/bias?suite=values");
        layout.WaitForElement(".chip");

        layout.FindAll(".chip > button:first-child")[0].Click();

        var navigation = (BunitNavigationManager)Services.GetRequiredService<NavigationManager>();
        Assert.EndsWith("lineages/microworld/bias?branches=replace&suite=values", navigation.Uri, StringComparison.Ordinal);
        Assert.True(navigation.History.First().Options.ReplaceHistoryEntry);
        layout.WaitForAssertion(() => Assert.Equal("microworld replace 0–2 v1", layout.Find("main p").TextContent));
    }

    [Fact]
    public async Task A_lineage_that_is_not_there_is_said_to_be_missing()
    {
        await Logs.ImportMicroworldAsync();

        var layout = RenderAt("lineages/%3Cb%3Emoon%3C%2Fb%3E/overview");

        Assert.Equal("There is no lineage called <b>moon</b>", layout.WaitForElement("main h2").TextContent);
        Assert.Empty(layout.FindAll(".chip"));
    }

    [Fact]
    public async Task Another_page_stands_beside_the_lineage_that_was_looked_at_last()
    {
        await Logs.ImportMicroworldAsync();
        var layout = RenderAt("lineages/microworld/values?branches=replace");
        layout.WaitForElement(".chip");

        Services.GetRequiredService<NavigationManager>().NavigateTo("imports");

        layout.WaitForAssertion(() => Assert.Equal("another page", layout.Find("main p").TextContent));
        Assert.Equal("lineages/microworld/values?branches=replace", layout.Find("a[title='Value drift']").GetAttribute("href"));
    }

    [Fact]
    public async Task A_page_about_a_lineage_is_never_rendered_without_it()
    {
        await Logs.ImportMicroworldAsync();
        var layout = RenderAt("");
        layout.WaitForAssertion(() => Assert.Equal("another page", layout.Find("main p").TextContent));

        Services.GetRequiredService<NavigationManager>().NavigateTo("lineages/microworld/bias");
        layout.WaitForAssertion(() => Assert.StartsWith("microworld", layout.Find("main p").TextContent, StringComparison.Ordinal));

        Services.GetRequiredService<NavigationManager>().NavigateTo("");
        layout.WaitForAssertion(() => Assert.Equal("another page", layout.Find("main p").TextContent));
    }

    [Fact]
    public async Task The_page_follows_new_measurements_of_its_lineage()
    {
        await Logs.ImportMicroworldAsync();
        var layout = RenderAt("lineages/microworld/overview");
        layout.WaitForElement(".chip");

        await Logs.ImportAsync("later.jsonl", new NodeKey("microworld", "replace", "1", 3));
        Services.GetRequiredService<Driftline.Web.Live.GenerationFeed>().Publish("microworld");

        layout.WaitForAssertion(() => Assert.Equal("microworld all 0–3 v2", layout.Find("main p").TextContent), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_skip_link_leads_to_the_content_of_this_page()
    {
        var layout = RenderAt("imports?page=2");

        Assert.Equal("imports?page=2#content", layout.Find("a.skip-link").GetAttribute("href"));
        Assert.Equal("content", layout.Find("main").Id);
    }

    [Fact]
    public void The_navigation_of_a_narrow_screen_opens_and_closes()
    {
        var layout = RenderAt("");
        Assert.Equal("false", layout.Find(".menu-button").GetAttribute("aria-expanded"));

        layout.Find(".menu-button").Click();
        Assert.Equal("true", layout.Find(".menu-button").GetAttribute("aria-expanded"));
        Assert.Contains("drawer-open", layout.Find(".rz-layout").ClassList);

        layout.Find(".rail-backdrop").Click();
        Assert.DoesNotContain("drawer-open", layout.Find(".rz-layout").ClassList);
    }

    private IRenderedComponent<Navigated> RenderAt(string address)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<Navigated>();
    }

    /// <summary>Renders the layout with a page at each navigation, as the router does: the page first hears of the address from it.</summary>
    private sealed class Navigated : ComponentBase, IDisposable
    {
        [Inject]
        private NavigationManager Navigation { get; set; } = null!;

        public void Dispose()
        {
            Navigation.LocationChanged -= OnNavigated;
        }

        protected override void OnInitialized()
        {
            Navigation.LocationChanged += OnNavigated;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            RenderFragment body = Navigation.Uri.Contains("/lineages/", StringComparison.Ordinal) ? Page<LineagePage> : Page<OtherPage>;
            builder.OpenComponent<MainLayout>(0);
            builder.AddComponentParameter(1, nameof(MainLayout.Body), body);
            builder.CloseComponent();
        }

        private static void Page<T>(RenderTreeBuilder builder)
            where T : IComponent
        {
            builder.OpenComponent<T>(0);
            builder.CloseComponent();
        }

        private void OnNavigated(object? sender, LocationChangedEventArgs change)
        {
            _ = InvokeAsync(StateHasChanged);
        }
    }

    private sealed class LineagePage : ComponentBase
    {
        [CascadingParameter]
        public required LineageScope Scope { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            var branches = Scope.View.Branches.IsEmpty ? "all" : string.Join('+', Scope.View.Branches);
            builder.OpenElement(0, "p");
            builder.AddContent(1, $"{Scope.Lineage.Name} {branches} {Scope.From}–{Scope.To} v{Scope.Version}");
            builder.CloseElement();
        }
    }

    private sealed class OtherPage : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<p>another page</p>");
        }
    }
}
