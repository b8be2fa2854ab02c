using System.Globalization;
using Driftline.Core.Alerts;
using Driftline.Storage;
using Driftline.Storage.Alerts;
using Driftline.Web.Alerts;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Alerts;
using Driftline.Web.Components.Shared;
using Driftline.Web.Options;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Driftline.Web.Components.Pages;

/// <summary>The rules of a lineage, where they stand, and what they fired. The rule whose chart is shown, and the point of it, are in the address.</summary>
public sealed partial class AlertsPage
{
    private const int MostRows = 200;

    private LineageScope? _loaded;
    private LineageAlerts? _alerts;
    private IReadOnlyList<RuleEdit> _edits = [];
    private IReadOnlyList<OpenGeneration> _open = [];
    private AlertRule? _shown;
    private string? _deleting;
    private string? _fault;

    /// <summary>The lineage and the view of it.</summary>
    [CascadingParameter]
    public required LineageScope Scope { get; set; }

    /// <summary>The lineage's name in the address; the layout has found it already.</summary>
    [Parameter]
    public string Lineage { get; set; } = "";

    /// <summary>The rule whose chart is shown; null is one that fires, else the first.</summary>
    [SupplyParameterFromQuery(Name = "rule")]
    public string? Rule { get; set; }

    /// <summary>The generation at which its chart is pinned.</summary>
    [SupplyParameterFromQuery(Name = "at")]
    public int? At { get; set; }

    [Inject]
    private AlertStore Alerts { get; set; } = null!;

    [Inject]
    private AlertRules Rules { get; set; } = null!;

    [Inject]
    private AlertRunner Runner { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var scope = Scope;
        if (_loaded?.Version != scope.Version || _loaded.Lineage.Id != scope.Lineage.Id)
        {
            _loaded = scope;
            var alerts = await Alerts.ListAsync(scope.Lineage.Id, CancellationToken.None);
            var edits = await Alerts.EditsAsync(scope.Lineage.Id, CancellationToken.None);
            IReadOnlyList<OpenGeneration> open = alerts.Standings.Count == 0 ? [] : Open(await Runner.LookAsync(scope.Lineage.Id, CancellationToken.None));
            if (_loaded != scope)
            {
                return;
            }

            (_alerts, _edits, _open) = (alerts, edits, open);
        }

        // A rule that was deleted still has the chart of what it fired.
        _shown = Rule is null
            ? _alerts?.Standings.FirstOrDefault(standing => standing.IsFiring)?.Rule ?? _alerts?.Rules.Select(rule => rule.Current.Rule).FirstOrDefault()
            : _alerts?.Rules.FirstOrDefault(rule => rule.Id == Rule)?.Current.Rule ?? _alerts?.History.FirstOrDefault(occurrence => occurrence.Rule.Id == Rule)?.Rule;
    }

    private static IReadOnlyList<OpenGeneration> Open(LineageEvaluation evaluation) =>
    [
        .. evaluation.Outcome.States
            .SelectMany(state => state.Steps.Where(step => step.Verdict == StepVerdict.Open).Select(step => new OpenGeneration(state.Line, step.Generation, step.Reason!)))
            .Distinct()
            .OrderBy(open => open.Generation)
            .ThenBy(open => open.Line.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>As cards, a row that says nothing is left out.</summary>
    private static string? Absent(object? value) => value is null ? "absent" : null;

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string EditText(RuleEdit edit)
    {
        var rule = edit.Version.Rule;
        return $"{rule.Name}: {(edit.Version.Deleted ? "deleted" : edit.Version.Number == 1 ? "made" : "edited")}, {AlertWords.Watched(rule.Series)}, {AlertWords.Condition(rule)}, {rule.Severity.ToString().ToLowerInvariant()}{(rule.Enabled ? "" : ", off")}";
    }

    private static string TestedText(AlertTest test, AlertRule rule) => AlertWords.Tested(test, rule, AlertWords.Crossed(test, rule));

    private FigureRequest FigureOf(AlertRule rule) => new()
    {
        Kind = FigureKind.Line,
        Lineage = Scope.Lineage.Name,
        Measure = rule.Series.Measure,
        Suite = rule.Series.Suite,
        Slice = rule.Series.Slice,
        Baseline = rule.Series.Baseline,
        View = FigureRequest.ViewOf(Scope.View),
    };

    private string LinkTo(string rule, int? generation)
    {
        var other = PageQuery.With(PageQuery.With(Scope.View.Other, "rule", rule), "at", generation?.ToString(CultureInfo.InvariantCulture));
        return (Scope.View with { Other = other }).ToUri();
    }

    private Task EditAsync(AlertRule rule) => AlertEditor.OpenAsync(Dialogs, Scope.Lineage, rule.Series, rule);

    private async Task ToggleAsync(AlertRule rule)
    {
        try
        {
            _fault = null;
            await Rules.ApplyAsync(Scope.Lineage, [rule with { Enabled = !rule.Enabled }], replace: false, EditAuthor.Page, CancellationToken.None);
        }
        catch (FormatException fault)
        {
            _fault = fault.Message;
        }
    }

    private async Task DeleteAsync(AlertRule rule)
    {
        _deleting = null;
        await Rules.DeleteAsync(Scope.Lineage, rule.Id, EditAuthor.Page, CancellationToken.None);
    }

    private Task AcknowledgeAsync(AlertEvent raised) => Rules.AcknowledgeAsync(Scope.Lineage, raised, EditAuthor.Page, CancellationToken.None);

    private Task CloseAsync(OpenGeneration open) =>
        Rules.CloseAsync(Scope.Lineage, open.Generation, line => line == open.Line, EditAuthor.Page, CancellationToken.None);

    private sealed record OpenGeneration(AlertLine Line, int Generation, string Reason);
}
