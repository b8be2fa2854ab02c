using Driftline.Core.Alerts;
using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;
using Driftline.Web.Api.Figures;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Driftline.Web.Components.Alerts;

/// <summary>Makes and edits a rule.</summary>
public sealed partial class AlertEditor
{
    private const int ListedFirings = 8;

    private RuleDraft? _draft;
    private MeasureSeries? _series;
    private MeasureScale? _scale;
    private IReadOnlyList<AlertLine> _lines = [];
    private AlertTrial? _trial;
    private string? _fault;
    private bool _saving;

    /// <summary>The lineage.</summary>
    [Parameter, EditorRequired]
    public required LineageSummary Lineage { get; set; }

    /// <summary>What the rule watches.</summary>
    [Parameter, EditorRequired]
    public required WatchedSeries Watched { get; set; }

    /// <summary>The rule to edit; null makes a new one.</summary>
    [Parameter]
    public AlertRule? Edited { get; set; }

    /// <summary>The value that a new rule's threshold begins with; null for none.</summary>
    [Parameter]
    public double? Value { get; set; }

    [Inject]
    private ISeriesSource Series { get; set; } = null!;

    [Inject]
    private AlertRunner Runner { get; set; } = null!;

    [Inject]
    private AlertRules Rules { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    private string Unit => _scale is { Unit.Length: > 0 } scale ? $" ({scale.Unit.Replace('_', ' ')})" : "";

    private FigureRequest Figure => new()
    {
        Kind = FigureKind.Line,
        Lineage = Lineage.Name,
        Measure = Watched.Measure,
        Suite = Watched.Suite,
        Slice = Watched.Slice,
        Baseline = Watched.Baseline,
        Draft = _draft?.Rule() is { } rule ? new DraftThreshold(rule.Condition, rule.Threshold, rule.Severity, rule.Id.Length > 0 ? rule.Id : null) : null,
    };

    /// <summary>Opens the editor over the page.</summary>
    public static Task OpenAsync(DialogService dialogs, LineageSummary lineage, WatchedSeries watched, AlertRule? edited = null, double? value = null) =>
        dialogs.OpenAsync<AlertEditor>(
            edited is null ? "Set an alert" : "Edit alert",
            new Dictionary<string, object?> { [nameof(Lineage)] = lineage, [nameof(Watched)] = watched, [nameof(Edited)] = edited, [nameof(Value)] = value }!,
            new DialogOptions { Width = "min(760px, 96vw)", CloseDialogOnEsc = false });

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var contents = await Series.FindAsync(Lineage.Name, CancellationToken.None) ?? throw new UnknownLineageException(Lineage.Name);
        var series = await Series.PointsAsync(contents, new SeriesKey(Watched.Measure, Watched.Suite, Watched.Slice, Watched.Baseline), CancellationToken.None);
        _series = series;
        _scale = MeasureScale.Of(series, Series.Definition(Watched.Measure));
        _lines = [.. (await Runner.LinesAsync(Lineage.Id, CancellationToken.None)).Select(line => line.Line)];
        _draft = Edited is null ? RuleDraft.New(Watched, series, _scale, Value) : RuleDraft.Of(Edited, _scale, _lines);
        if (Edited is null)
        {
            _draft.Name = $"{_scale.Title}, {Watched.Suite}{(Watched.Slice is null ? "" : $", {Watched.Slice}")}";
        }

        Try();
    }

    private string Tested(AlertTest test) => $"generation {test.Generation}: {_scale!.Text(test.Estimate)}";

    private void Choose(AlertLine line)
    {
        _draft!.Toggle(line, _lines);
        Try();
    }

    /// <summary>A draft that is not a rule yet (a recovery beyond the threshold) has no preview; saving says why.</summary>
    private void Try()
    {
        _trial = _draft?.Rule() is { For: >= 1, RecoveryFor: >= 1 } rule ? AlertPreview.Of(rule, _series!.Points, [.. _lines.Where(rule.Covers)]) : null;
    }

    private async Task SaveAsync()
    {
        if (_draft?.Rule() is not { } rule)
        {
            _fault = "threshold: is missing; type a number";
            return;
        }

        _saving = true;
        try
        {
            // The same reading that a file goes through, so that what can be saved can be exported and applied.
            var (_, read) = AlertRuleJson.Parse(AlertRuleJson.Write([(Lineage.Name, rule)]))[0];
            await Rules.ApplyAsync(Lineage, [read], replace: false, EditAuthor.Page, CancellationToken.None);
            Dialogs.Close(true);
        }
        catch (FormatException fault)
        {
            _fault = fault.Message.Replace("rules[0].", "", StringComparison.Ordinal);
        }
        finally
        {
            _saving = false;
        }
    }
}
