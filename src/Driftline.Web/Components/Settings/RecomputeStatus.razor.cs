using Driftline.Core.Figures;
using Driftline.Storage.Queries;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Settings;

/// <summary>The background's work on one lineage; it follows by itself.</summary>
public sealed partial class RecomputeStatus : IDisposable
{
    private RecomputeJob? _job;
    private MeasuredLineage? _board;
    private int? _outdated;
    private Guid _counted;

    /// <summary>The lineage.</summary>
    [Parameter, EditorRequired]
    public required LineageSummary Lineage { get; set; }

    /// <summary>Whether nothing may be started.</summary>
    [Parameter]
    public bool ReadOnly { get; set; }

    [Inject]
    private RecomputeQueue Queue { get; set; } = null!;

    [Inject]
    private MeasuringBoard Board { get; set; } = null!;

    [Inject]
    private MeasureRunner Measures { get; set; } = null!;

    private string Sentence => _outdated switch
    {
        null => "",
        0 => _job is { State: RecomputeState.Done, Summary: { Runs: > 0 } summary }
            ? $"All measures are up to date: {NumberFormat.Count(summary.Runs, "computation")} made{(summary.Failed > 0 ? $", {NumberFormat.Count(summary.Failed)} failed" : "")}."
            : "All measures are up to date.",
        { } left => $"{(_job is { State: RecomputeState.Cancelled } ? "Cancelled: the" : "The")} measures of {NumberFormat.Count(left, "evaluation")} are not up to date. They are computed after the next import, or now.",
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Queue.Changed -= OnChanged;
        Board.Changed -= OnChanged;
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Queue.Changed += OnChanged;
        Board.Changed += OnChanged;
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => TakeAsync(count: true);

    private void Start(Recompute what) => Queue.Enqueue(Lineage.Id, Lineage.Name, what);

    private void OnChanged()
    {
        _ = InvokeAsync(async () =>
        {
            try
            {
                await TakeAsync(count: false);
                StateHasChanged();
            }
            catch (Exception exception)
            {
                await DispatchExceptionAsync(exception);
            }
        });
    }

    private async Task TakeAsync(bool count)
    {
        var wasBusy = _board is not null;
        _job = Queue.Latest(Lineage.Id);
        _board = Board.Now.FirstOrDefault(each => each.Lineage == Lineage.Name);

        // Counting plans the whole lineage, so it is done once at each end.
        var ended = (_job is { IsOver: true } job && job.Id != _counted) || (wasBusy && _board is null);
        if (count || ended)
        {
            _counted = _job is { IsOver: true } ? _job.Id : _counted;
            _outdated = await Measures.OutdatedAsync(Lineage.Id, CancellationToken.None);
        }
    }
}
