using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Documents;
using Driftline.Web.Commands;
using Driftline.Web.Options;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Api;

/// <summary>Asks for a recomputation of a lineage's measures, says how far it is, and cancels it: <c>/api/v1/lineages/{l}/recompute</c>.</summary>
public static class RecomputeEndpoints
{
    private const string Path = "/api/v1/lineages/{lineage}/recompute";

    /// <summary>Maps the endpoints.</summary>
    public static void MapRecompute(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, async (string lineage, string? measure, RecomputeQueue queue, LineageQueries lineages, DriftlineOptions options, CancellationToken cancellationToken) =>
            await WithAsync(lineages, lineage, found => Start(found, measure, queue, options), cancellationToken))
            .Answers<RecomputeDocument>(
                StatusCodes.Status202Accepted,
                "application/json",
                "Begins to compute measures again",
                StatusCodes.Status403Forbidden,
                StatusCodes.Status404NotFound,
                StatusCodes.Status422UnprocessableEntity);
        routes.MapGet(Path, async (string lineage, RecomputeQueue queue, LineageQueries lineages, CancellationToken cancellationToken) =>
            await WithAsync(lineages, lineage, found => Status(queue.Latest(found.Id), found.Name), cancellationToken))
            .Answers<RecomputeDocument>("How far the newest recomputation is", StatusCodes.Status404NotFound);
        routes.MapDelete(Path, async (string lineage, RecomputeQueue queue, LineageQueries lineages, CancellationToken cancellationToken) =>
            await WithAsync(lineages, lineage, found => Cancel(queue, found), cancellationToken))
            .Answers<RecomputeDocument>("Cancels the newest recomputation", StatusCodes.Status404NotFound);
    }

    private static IResult Start(LineageSummary lineage, string? measure, RecomputeQueue queue, DriftlineOptions options)
    {
        if (options.ReadOnly)
        {
            return TypedResults.Problem("this server shows only (--read-only); recompute by the command line, or start it without", statusCode: StatusCodes.Status403Forbidden, title: "Read-only");
        }

        if (measure is not null && RecomputableMeasure.Fault(measure) is { } fault)
        {
            return TypedResults.Problem(fault, statusCode: StatusCodes.Status422UnprocessableEntity, title: "There is no such measure");
        }

        var job = queue.Enqueue(lineage.Id, lineage.Name, new Recompute(Again: true, measure));
        return TypedResults.Json(RecomputeDocument.Of(job), ContractJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Status(RecomputeJob? job, string lineage) => job is null
        ? TypedResults.Problem($"nothing of {lineage} has been recomputed since the server started; POST here to begin", statusCode: StatusCodes.Status404NotFound, title: "Not found")
        : TypedResults.Json(RecomputeDocument.Of(job), ContractJson.Options);

    private static IResult Cancel(RecomputeQueue queue, LineageSummary lineage)
    {
        var job = queue.Latest(lineage.Id);
        if (job is not null)
        {
            queue.Cancel(job.Id);
        }

        return Status(job, lineage.Name);
    }

    private static async Task<IResult> WithAsync(LineageQueries lineages, string name, Func<LineageSummary, IResult> answer, CancellationToken cancellationToken) =>
        await lineages.FindAsync(name, cancellationToken) is { } found
            ? answer(found)
            : TypedResults.Problem(
                UnknownName.Sentence("lineage", name, (await lineages.LineagesAsync(cancellationToken)).Select(known => known.Name)),
                statusCode: StatusCodes.Status404NotFound,
                title: "Not found");
}
