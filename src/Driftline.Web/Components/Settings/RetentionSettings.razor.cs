using System.Globalization;
using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Web.Options;
using Driftline.Web.Workers;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Settings;

/// <summary>How long superseded evaluations and past reports are kept.</summary>
public sealed partial class RetentionSettings
{
    private static readonly int[] Days = [7, 30, 90, 365];

    private Retention _stored = new();
    private int? _superseded;
    private int? _reports;
    private Removal? _preview;
    private bool _working;
    private string? _done;

    [Inject]
    private SettingsStore Settings { get; set; } = null!;

    [Inject]
    private RetentionStore Store { get; set; } = null!;

    [Inject]
    private RetentionSweep Sweep { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private Retention Draft => new() { SupersededDays = _superseded, ReportDays = _reports };

    private bool HasChanges => Draft != _stored;

    private string Sentence =>
        _working ? "Removing …"
        : !HasChanges ? _done ?? "This is what is set."
        : _preview is { } preview ? Words(preview, "Saving removes now", "Saving removes nothing now.")
        : "";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _stored = await Settings.GetAsync<Retention>(SettingKeys.Retention, CancellationToken.None) ?? new Retention();
        (_superseded, _reports) = (_stored.SupersededDays, _stored.ReportDays);
    }

    private static string Choice(int? days) => days?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>The usual spans, and the one that is set where it is another.</summary>
    private static IEnumerable<(string Value, string Words)> Choices(int? set, string none) =>
    [
        ("", "kept for ever"),
        .. (set is { } days && days > 0 && !Days.Contains(days) ? [.. Days.Append(days).Order()] : Days).Select(days => (Choice(days), $"kept for {NumberFormat.Count(days, "day")}")),
        ("0", none),
    ];

    private static string Words(Removal removal, string verb, string nothing)
    {
        var parts = new List<string>();
        if (removal.Evaluations > 0)
        {
            parts.Add($"{NumberFormat.Count(removal.Evaluations, "superseded evaluation")} with {NumberFormat.Count(removal.Rows, "row")}");
        }

        if (removal.Reports > 0)
        {
            parts.Add($"the details of {NumberFormat.Count(removal.Reports, "import")} ({NumberFormat.Count(removal.RejectedRows, "rejected row")})");
        }

        return parts.Count == 0 ? nothing : $"{verb} {string.Join(" and ", parts)}, about {NumberFormat.Bytes(removal.Bytes)}.";
    }

    private async Task SetAsync(ChangeEventArgs change, Action<int?> set)
    {
        set(int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null);
        _done = null;
        _preview = HasChanges ? await Store.PreviewAsync(Draft, Clock.GetUtcNow().UtcDateTime, CancellationToken.None) : null;
    }

    private async Task SaveAsync()
    {
        var draft = Draft;
        await Settings.SetAsync(SettingKeys.Retention, draft == new Retention() ? null : draft, CancellationToken.None);
        _stored = draft;
        _working = true;
        StateHasChanged();
        try
        {
            var removed = await Task.Run(() => Sweep.RunAsync(CancellationToken.None));
            _done = removed is null ? "Saved. Everything is kept." : Words(removed, "Saved. Removed", "Saved. There was nothing to remove.");
        }
        finally
        {
            _working = false;
            _preview = null;
        }
    }
}
