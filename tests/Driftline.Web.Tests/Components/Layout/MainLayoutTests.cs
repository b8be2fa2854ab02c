using Driftline.Web.Components.Layout;
using Radzen;

namespace Driftline.Web.Tests.Components.Layout;

public sealed class MainLayoutTests : BunitContext
{
    public MainLayoutTests()
    {
        Services.AddRadzenComponents();
        // Radzen's own scripts; what Driftline calls is set up by the test that needs it.
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void The_page_stands_in_the_main_region_under_the_product_name()
    {
        var layout = RenderLayout();

        layout.Find("main").MarkupMatches("<main><p>the page</p></main>");
        layout.Find("a.product-name").MarkupMatches("""<a class="product-name" href="">Driftline</a>""");
    }

    [Fact]
    public void The_toggle_closes_the_rail_and_says_so()
    {
        var layout = RenderLayout();
        Assert.Equal("true", Toggle(layout).GetAttribute("aria-expanded"));

        Toggle(layout).Click();

        Assert.Equal("false", Toggle(layout).GetAttribute("aria-expanded"));
    }

    private static AngleSharp.Dom.IElement Toggle(IRenderedComponent<MainLayout> layout)
    {
        return layout.Find("button[aria-label=Navigation]");
    }

    private IRenderedComponent<MainLayout> RenderLayout()
    {
        return Render<MainLayout>(parameters => parameters.Add(layout => layout.Body, builder => builder.AddMarkupContent(0, "<p>the page</p>")));
    }
}
