using Driftline.Core.Alerts;
using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Alerts;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;
using Driftline.Web.Components.Alerts;
using Driftline.Web.Components.Pages;
using Driftline.Web.Components.Shared;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Components.Pages;

public sealed class AlertsPageTests : DriftlinePageContext
{
    private static readonly WatchedSeries Quality = new("mean_score", "values", null, Baseline.None);

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_rule_it_says_how_to_make_one()
    {
        await ImportAsync(1);

        var page = await RenderPageAsync();

        page.WaitForAssertion(() => Assert.Contains("No rule watches this lineage", page.Markup, StringComparison.Ordinal));
        Assert.Contains("driftline rules apply", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_fires_is_shown_with_its_state_its_history_and_what_can_be_done()
    {
        await ImportAsync(1);
        await ApplyAsync(new AlertRule { Id = "", Name = "<b>quality</b>", Series = Quality, Threshold = 1.5, Severity = AlertSeverity.Page, Basis = AlertBasis.Point });
        await ImportAsync(2);

        var page = await RenderPageAsync();
        page.WaitForElement("[aria-label^='Acknowledge']");

        Assert.Equal("page firing", page.Find("tbody .pill-alert").TextContent);
        Assert.Contains("plain threshold: no promise about false alarms", page.Markup, StringComparison.Ordinal);
        Assert.Contains("generation 2: 2, value above 1.5", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("b"));

        await page.Find("[aria-label^='Acknowledge']").ClickAsync(new());
        var later = await ScopeAsync(2);
        page.Render(parameters => parameters.Add(each => each.Value, later).AddChildContent<AlertsPage>());
        page.WaitForAssertion(() => Assert.Contains("acknowledged", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rule_is_disabled_and_deleted_only_when_that_is_confirmed()
    {
        await ImportAsync(1);
        await ApplyAsync(new AlertRule { Id = "", Name = "quality", Series = Quality, Threshold = 1.5 });
        var page = await RenderPageAsync();

        await (await page.WaitForElementAsync("[aria-label='Disable quality']")).ClickAsync(new());
        Assert.False(Assert.Single((await ListAsync()).Rules).Current.Rule.Enabled);
        await page.Find("[aria-label='Delete quality']").ClickAsync(new());
        Assert.Single((await ListAsync()).Rules);
        await page.Find("[aria-label='Really delete quality']").ClickAsync(new());

        Assert.Empty((await ListAsync()).Rules);
    }

    [Fact]
    public async Task The_editor_lists_what_a_threshold_would_have_fired_and_saves_it()
    {
        await ImportAsync(1);
        await ImportAsync(2);
        var editor = await RenderEditorAsync();
        await editor.FindAll("select")[1].ChangeAsync(nameof(AlertBasis.Point));

        Assert.Contains("It would have fired 1\u00A0time in 2\u00A0generations so far", editor.Find(".alert-trial").TextContent, StringComparison.Ordinal);
        Assert.Contains("draft=above%3A1.5%3Awarn", JSInterop.Invocations.Last(call => call.Identifier is "initialise" or "update").Arguments[1]!.ToString(), StringComparison.Ordinal);

        await editor.Find("form").SubmitAsync();

        var rule = Assert.Single((await ListAsync()).Rules).Current;
        Assert.Equal((1.5, AlertBasis.Point, Quality), (rule.Rule.Threshold, rule.Rule.Basis, rule.Rule.Series));
        Assert.Equal(3, rule.FromOn(new AlertLine("main", null)));
        Assert.Equal(EditAuthor.Page, Assert.Single(await Services.GetRequiredService<AlertStore>().EditsAsync((await LineageAsync()).Id, Cancellation)).Author);
    }

    [Fact]
    public async Task The_editor_names_what_is_wrong()
    {
        await ImportAsync(1);
        var editor = await RenderEditorAsync();

        await editor.FindAll("input[type=number]")[2].ChangeAsync("9");
        await editor.Find("form").SubmitAsync();

        Assert.StartsWith("recovery: must lie on the harmless side of the threshold", editor.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private async Task<LineageAlerts> ListAsync() => await Services.GetRequiredService<AlertStore>().ListAsync((await LineageAsync()).Id, Cancellation);

    private async Task ImportAsync(int generation)
    {
        await Logs.ImportAsync($"g{generation}.jsonl", new NodeKey("loop", "main", null, generation));
        await Services.GetRequiredService<MeasureRunner>().RunAsync((await LineageAsync()).Id, null, Cancellation);
    }

    private async Task ApplyAsync(AlertRule rule) =>
        await Services.GetRequiredService<AlertRules>().ApplyAsync(await LineageAsync(), [rule], replace: false, EditAuthor.Api, Cancellation);

    private async Task<LineageSummary> LineageAsync() => (await Logs.Database.Lineages.FindAsync("loop", Cancellation))!;

    private async Task<LineageScope> ScopeAsync(int version)
    {
        var lineage = await LineageAsync();
        return new LineageScope(
            lineage,
            await Logs.Database.Lineages.NodesAsync(lineage.Id, Cancellation),
            await Logs.Database.Lineages.SuitesAsync(lineage.Id, Cancellation),
            new LineageView { Lineage = "loop", Section = LineageSection.Alerts },
            version,
            _ => { });
    }

    private async Task<IRenderedComponent<CascadingValue<LineageScope>>> RenderPageAsync()
    {
        var scope = await ScopeAsync(1);
        return Render<CascadingValue<LineageScope>>(parameters => parameters.Add(each => each.Value, scope).AddChildContent<AlertsPage>());
    }

    private async Task<IRenderedComponent<AlertEditor>> RenderEditorAsync()
    {
        var lineage = await LineageAsync();
        var editor = Render<AlertEditor>(parameters => parameters.Add(each => each.Lineage, lineage).Add(each => each.Watched, Quality).Add(each => each.Value, 1.5));
        editor.WaitForElement("form");
        await editor.FindAll("select")[0].ChangeAsync(nameof(AlertCondition.Above));
        return editor;
    }
}
