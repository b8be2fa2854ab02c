using Driftline.Web.Mappings;
using Driftline.Web.Workers;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Imports;

/// <summary>The log being read with progress and cancel, the numbers of those that wait or are measured, the last ones with their reports.</summary>
public sealed partial class ImportJobs : IDisposable
{
    private const int ListedOver = 8;
    private const int ListedWaiting = 50;
    private List<ImportJob> _reading = [];
    private List<ImportJob> _over = [];
    private List<ImportJob> _waiting = [];
    private MeasureProgress? _computed;
    private int _measuring;
    private Guid _newest;

    /// <summary>What is shown when the queue has nothing to tell.</summary>
    [Parameter]
    public RenderFragment? WhenIdle { get; set; }

    /// <summary>Called when a log has come in or a job is over: what is listed elsewhere may have changed.</summary>
    [Parameter]
    public EventCallback Ended { get; set; }

    /// <summary>Whether jobs that are over are listed with their reports.</summary>
    [Parameter]
    public bool ShowOver { get; set; } = true;

    [Inject]
    private ImportQueue Queue { get; set; } = null!;

    [Inject]
    private WaitingTables Tables { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        Queue.Changed -= OnChanged;
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Queue.Changed += OnChanged;
        Take();
    }

    private bool IsReading => _reading.Count > 0 || _waiting.Count > 0;

    private void OnChanged()
    {
        _ = InvokeAsync(async () =>
        {
            try
            {
                var newest = _newest;
                var measuring = _measuring;
                Take();
                StateHasChanged();
                if (_newest != newest || _measuring != measuring)
                {
                    await Ended.InvokeAsync();
                }
            }
            catch (Exception exception)
            {
                await DispatchExceptionAsync(exception);
            }
        });
    }

    private void Take()
    {
        var jobs = Queue.Jobs;
        _reading = [.. jobs.Where(job => job.State == ImportJobState.Reading)];
        // In the order in which they will be read.
        _waiting = [.. jobs.Where(job => job.State == ImportJobState.Queued).Reverse()];
        var measuring = jobs.Where(job => job.State == ImportJobState.Measuring).ToList();
        _measuring = measuring.Count;
        _computed = measuring.Find(job => job.Measures is not null)?.Measures;
        // A table that has been mapped is in the queue again, as the job that reads it.
        var over = jobs.Where(job => job.IsOver && (job.Waiting is null || Tables.Find(job.Waiting.Id) is not null)).ToList();
        _newest = over.Count == 0 ? Guid.Empty : over[0].Id;
        _over = ShowOver ? [.. over.Take(ListedOver)] : [];
    }
}
