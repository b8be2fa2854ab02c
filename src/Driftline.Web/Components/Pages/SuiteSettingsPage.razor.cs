using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Components.Settings;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>The definition of one suite: seen with its reasons, edited, saved, and its measures computed again.</summary>
public sealed partial class SuiteSettingsPage
{
    private LineageSummary? _lineage;
    private EditableSuite? _suite;
    private SuiteDraft? _draft;
    private int _evaluations;
    private bool _loaded;
    private bool _saving;
    private string? _saved;

    /// <summary>The lineage's name.</summary>
    [SupplyParameterFromQuery(Name = "lineage")]
    public string? Lineage { get; set; }

    /// <summary>The suite's name.</summary>
    [SupplyParameterFromQuery(Name = "suite")]
    public string? Suite { get; set; }

    [Inject]
    private LineageQueries Queries { get; set; } = null!;

    [Inject]
    private SuiteStore Suites { get; set; } = null!;

    [Inject]
    private RecomputeQueue Queue { get; set; } = null!;

    [Inject]
    private GenerationFeed Feed { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    private string Note =>
        $"{NumberFormat.Count(_suite!.Facts.Prompts, "prompt")} · {NumberFormat.Count(_evaluations, "evaluation")} · version {_suite.Definition.Version}";

    private string Consequence =>
        !_draft!.HasChanges ? _saved ?? "Nothing has been changed."
        : _draft.Faults.Count > 0 ? $"It cannot be saved yet: {NumberFormat.Count(_draft.Faults.Count, "field needs", "fields need")} another value."
        : _draft.ChangesMeaning ? $"Saving computes the measures of {NumberFormat.Count(_evaluations, "evaluation")} of this suite again, in the background."
        : "Saving changes nothing that measures read, so nothing is computed again.";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _lineage = Lineage is null ? null : await Queries.FindAsync(Lineage, CancellationToken.None);
        await LoadAsync();
        _loaded = true;
    }

    private async Task LoadAsync()
    {
        _suite = _lineage is null || Suite is null ? null : await Suites.FindAsync(_lineage.Id, Suite, CancellationToken.None);
        _draft = _suite is null ? null : new SuiteDraft(_suite);
        _evaluations = _suite is null ? 0 : (await Queries.EvaluationsAsync(_lineage!.Id, CancellationToken.None)).Count(each => each.IsCurrent && each.SuiteId == _suite.Id);
    }

    private void DraftChanged() => _saved = null;

    private void Discard()
    {
        _saved = null;
        _draft = new SuiteDraft(_suite!);
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            var computes = _draft!.ChangesMeaning;
            await Suites.SaveAsync(_lineage!.Id, new Dictionary<string, string?> { [_suite!.Definition.Name] = _draft.Edits }, CancellationToken.None);
            Feed.Publish(_lineage.Name);
            if (computes)
            {
                Queue.Enqueue(_lineage.Id, _lineage.Name, Recompute.Outdated);
            }

            await LoadAsync();
            _saved = computes ? "Saved. The measures are computed below; open charts follow." : "Saved.";
        }
        finally
        {
            _saving = false;
        }
    }
}
