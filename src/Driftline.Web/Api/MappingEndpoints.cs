using System.Text.Json.Nodes;
using Driftline.Ingest;
using Driftline.Web.Api.Documents;
using Driftline.Web.Mappings;
using Driftline.Web.Options;

namespace Driftline.Web.Api;

/// <summary>Saved column mappings over HTTP: <c>/api/v1/mappings</c>. A mapping goes in and out as the document that <c>--mapping FILE</c> takes.</summary>
public static class MappingEndpoints
{
    private const int MostBytes = MappingStore.MaxJsonLength * 4;

    /// <summary>Maps the endpoints.</summary>
    public static void MapMappings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/mappings", async (MappingStore mappings, CancellationToken cancellationToken) =>
                Json((await mappings.ListAsync(cancellationToken)).Select(MappingDocument.Of)))
            .Answers<MappingDocument[]>("The saved column mappings");
        routes.MapGet("/api/v1/mappings/{name}", GetAsync)
            .Answers<JsonNode>("A saved column mapping, as import takes it", StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/mappings/{name}", PutAsync)
            .TakesJson("The mapping, as import takes it from a file")
            .Takes(("file_pattern", "Names of logs that are read with it by themselves, such as *_bias.csv; none without it"))
            .Answers<MappingDocument>(
                "Saves a column mapping under a name, in the place of the one that was there",
                StatusCodes.Status403Forbidden,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status422UnprocessableEntity);
        routes.MapDelete("/api/v1/mappings/{name}", DeleteAsync)
            .Answers<MappingDocument>("Deletes a saved column mapping and answers what it was", StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> GetAsync(string name, MappingStore mappings, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Text((await mappings.RequireAsync(name, cancellationToken)).Saved.Json, "application/json; charset=utf-8");
        }
        catch (MappingException unknown)
        {
            return NotFound(unknown.Message);
        }
    }

    private static async Task<IResult> PutAsync(string name, HttpRequest request, MappingStore mappings, DriftlineOptions options, CancellationToken cancellationToken)
    {
        if (ReadOnly(options) is { } refused)
        {
            return refused;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MostBytes)
            {
                return Refuse(StatusCodes.Status413PayloadTooLarge, $"the mapping is longer than {MappingStore.MaxJsonLength} characters");
            }
        }

        try
        {
            body.Position = 0;
            using var text = new StreamReader(body);
            return Json(MappingDocument.Of(await mappings.SaveAsync(name, await text.ReadToEndAsync(cancellationToken), request.Query["file_pattern"], cancellationToken)));
        }
        catch (MappingException wrong)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, wrong.Message);
        }
    }

    private static async Task<IResult> DeleteAsync(string name, MappingStore mappings, DriftlineOptions options, CancellationToken cancellationToken)
    {
        if (ReadOnly(options) is { } refused)
        {
            return refused;
        }

        try
        {
            var known = await mappings.RequireAsync(name, cancellationToken);
            await mappings.DeleteAsync(name, cancellationToken);
            return Json(MappingDocument.Of(known));
        }
        catch (MappingException unknown)
        {
            return NotFound(unknown.Message);
        }
    }

    private static IResult? ReadOnly(DriftlineOptions options) =>
        options.ReadOnly ? Refuse(StatusCodes.Status403Forbidden, "this server shows only (--read-only); start it without to change its mappings") : null;

    private static IResult Json<T>(T document) => TypedResults.Json(document, ContractJson.Options);

    private static IResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    private static IResult Refuse(int status, string detail) => TypedResults.Problem(detail, statusCode: status, title: "The mapping was not changed");
}
