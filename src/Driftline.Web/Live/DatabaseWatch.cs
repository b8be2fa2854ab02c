using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Live;

/// <summary>
/// Notices what other processes write to the database (an import by the command line beside a running server) and tells the open
/// pages.
/// </summary>
public sealed class DatabaseWatch(LineageQueries lineages, GenerationFeed feed, TimeProvider time, ILogger<DatabaseWatch> logger) : BackgroundService
{
    /// <summary>Time between two looks; an open page must follow within a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(700);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Dictionary<string, LineageRevision>? known = null;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            known = await LookAsync(known, stoppingToken);
        }
    }

    private async Task<Dictionary<string, LineageRevision>?> LookAsync(Dictionary<string, LineageRevision>? known, CancellationToken cancellationToken)
    {
        try
        {
            var revisions = await lineages.RevisionsAsync(cancellationToken);
            foreach (var revision in revisions)
            {
                // The first look only takes stock: pages read for themselves when they open.
                if (known is not null && known.GetValueOrDefault(revision.Lineage) != revision)
                {
                    feed.Publish(revision.Lineage);
                }
            }

            return revisions.ToDictionary(revision => revision.Lineage);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(exception, "The database could not be looked at; the next look is in {Interval}", Interval);
            return known;
        }
    }
}
