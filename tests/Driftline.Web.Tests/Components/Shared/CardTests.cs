using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Driftline.Web.Tests.Components.Shared;

public sealed class CardTests : BunitContext
{
    [Fact]
    public void A_card_is_a_region_named_by_its_title()
    {
        var card = Render<Card>(parameters => parameters
            .Add(p => p.Title, "Perplexity")
            .Add(p => p.Note, "reported")
            .Add(p => p.Meaning, "Lower is better.")
            .AddChildContent("<p>chart</p>")
            .Add(p => p.Footer, "<span>n = 1,500</span>"));

        Assert.Equal(card.Find("h2").Id, card.Find("section").GetAttribute("aria-labelledby"));
        Assert.Equal(["Perplexity", "reported", "Lower is better.", "chart", "n = 1,500"], card.FindAll("h2, .card-note, .card-meaning, .card-body p, .card-foot span").Select(part => part.TextContent));
    }

    [Fact]
    public void An_error_stays_in_its_card_until_it_is_tried_again()
    {
        Faulty.Fails = true;
        var card = Render<Card>(parameters => parameters.Add(p => p.Title, "Bias").AddChildContent<Faulty>());
        Assert.Contains("could not be shown", card.Find("[role=alert]").TextContent);

        Faulty.Fails = false;
        card.Find("[role=alert] button").Click();

        Assert.Equal("well", card.Find(".card-body p").TextContent);
        Assert.Empty(card.FindAll("[role=alert]"));
    }

    [Fact]
    public void An_empty_state_says_what_is_missing_and_what_to_do()
    {
        var empty = Render<EmptyState>(parameters => parameters
            .Add(p => p.Title, "No bias suite")
            .Add(p => p.Text, "None of the logs has groups.")
            .AddChildContent("""<a href="imports">Import logs</a>"""));

        empty.MarkupMatches("""<div class="empty"><h2>No bias suite</h2><p class="muted">None of the logs has groups.</p><a href="imports">Import logs</a></div>""");
    }

    private sealed class Faulty : ComponentBase
    {
        public static bool Fails { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (Fails)
            {
                throw new InvalidOperationException("the figure has no points");
            }

            builder.AddMarkupContent(0, "<p>well</p>");
        }
    }
}
