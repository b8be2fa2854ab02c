using Driftline.Ingest;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Workers;

/// <summary>Loads the two real lineages that ship with the program.</summary>
public sealed class DemoLoader(ImportBatch batch, ImportQueue queue)
{
    /// <summary>Where the demo's logs lie.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Demo");

    /// <summary>Puts the demo's logs into the queue of the running server.</summary>
    public async Task EnqueueAsync(CancellationToken cancellationToken)
    {
        foreach (var request in await RequestsAsync(cancellationToken))
        {
            queue.Enqueue(request);
        }
    }

    /// <summary>Imports the demo's logs and computes their measures; what is there already is not read again.</summary>
    public async Task<IReadOnlyList<FileDocument>> LoadAsync(IProgress<BatchProgress>? progress, CancellationToken cancellationToken) =>
        (await batch.RunAsync(await RequestsAsync(cancellationToken), dryRun: false, progress, cancellationToken)).Files;

    private static async Task<IReadOnlyList<ImportRequest>> RequestsAsync(CancellationToken cancellationToken)
    {
        var found = await LogFinder.FindAsync([Folder], Folder, new NodeOverrides(), mapping: null, () => throw new InvalidOperationException("the demo has no standard input"), cancellationToken);

        // Reports show where in the demo a log lies, not where the program was installed.
        return [.. found.Requests.Select(request => request with { Name = "demo/" + Path.GetRelativePath(Folder, request.Path).Replace('\\', '/') })];
    }
}
