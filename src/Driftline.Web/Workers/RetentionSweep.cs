using Driftline.Storage;
using Driftline.Web.Options;

namespace Driftline.Web.Workers;

/// <summary>Applies the retention that is set: when the server starts, every few hours, and when somebody changes it.</summary>
public sealed class RetentionSweep(RetentionStore store, SettingsStore settings, DriftlineOptions options, TimeProvider time, ILogger<RetentionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Removes what the retention says; nothing where none is set.</summary>
    public async Task<Removal?> RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await settings.GetAsync<Retention>(SettingKeys.Retention, cancellationToken) is { } retention
                ? await store.ApplyAsync(retention, time.GetUtcNow().UtcDateTime, cancellationToken)
                : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ReadOnly)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "What is no longer kept could not be removed; it is tried again in {Interval}", Interval);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
