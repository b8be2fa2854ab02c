using System.Text;
using System.Text.Json.Nodes;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Web.Commands;

namespace Driftline.Web.Api;

/// <summary>The suite definitions of a lineage as a file that can be imported elsewhere.</summary>
public static class SuiteEndpoints
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapSuites(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/lineages/{lineage}/suites/definitions", async (string lineage, LineageQueries lineages, CancellationToken cancellationToken) =>
        {
            if (await lineages.FindAsync(lineage, cancellationToken) is not { } found)
            {
                return (IResult)TypedResults.Problem(
                    UnknownName.Sentence("lineage", lineage, (await lineages.LineagesAsync(cancellationToken)).Select(known => known.Name)),
                    statusCode: StatusCodes.Status404NotFound,
                    title: "Not found");
            }

            var suites = await lineages.SuitesAsync(found.Id, cancellationToken);
            var file = SuiteExchange.Write(suites.Select(suite => suite.Definition));
            return TypedResults.File(Encoding.UTF8.GetBytes(file), "application/json", $"{found.Name}-suites.json");
        }).Answers<JsonNode>("The suite definitions of a lineage as a file that can be imported elsewhere", StatusCodes.Status404NotFound);
}
