using System.Security.Cryptography;
using Driftline.Core.Figures;
using Microsoft.Net.Http.Headers;

namespace Driftline.Web.Api.Figures;

/// <summary>Figures over HTTP: <c>GET /figures/{kind}?lineage=…</c> (see <see cref="FigureRequest"/>).</summary>
public static class FigureEndpoint
{
    /// <summary>Adds what figures need besides storage.</summary>
    public static IServiceCollection AddFigures(this IServiceCollection services) => services.AddSingleton<ISeriesSource, StoredSeries>().AddSingleton<FigureComposer>();

    /// <summary>Maps the endpoint.</summary>
    public static IEndpointConventionBuilder MapFigures(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/figures/{kind}", AnswerAsync).WithName("Figure").ExcludeFromDescription();

    private static async Task<IResult> AnswerAsync(string kind, HttpRequest request, HttpResponse response, FigureComposer figures, CancellationToken cancellationToken)
    {
        try
        {
            var wanted = FigureRequest.Parse(kind, key => request.Query[key]);
            var figure = await figures.ComposeAsync(wanted, cancellationToken);
            return Tagged(figure, response);
        }
        catch (FormatException unclear)
        {
            return TypedResults.Problem(unclear.Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "The figure cannot be drawn");
        }
        catch (UnknownLineageException unknown)
        {
            return TypedResults.Problem(unknown.Message, statusCode: StatusCodes.Status404NotFound, title: "Not found");
        }
    }

    private static IResult Tagged(FigureSpec figure, HttpResponse response)
    {
        var json = figure.ToJson();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"");
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(json, "application/json", entityTag: tag);
    }
}
