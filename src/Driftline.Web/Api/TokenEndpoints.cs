using System.Text.Json;
using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Options;
using Driftline.Web.Security;

namespace Driftline.Web.Api;

/// <summary>Tokens over HTTP: <c>/api/v1/tokens</c>.</summary>
public static class TokenEndpoints
{
    private const string Path = "/api/v1/tokens";
    private const string UnknownScope = "scope: say read, ingest or admin";
    private const string ReadOnlyReason = "this server shows only (--read-only); make and revoke tokens by the command line, or start it without";

    /// <summary>Maps the endpoints.</summary>
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (ApiTokens tokens, TimeProvider time, CancellationToken cancellationToken) =>
            TypedResults.Json((await tokens.ListAsync(cancellationToken)).Select(token => TokenDocument.Of(token, Now(time))), ContractJson.Options))
            .Needs(TokenScope.Admin)
            .Answers<TokenDocument[]>("All tokens, without their texts");
        routes.MapPost(Path, CreateAsync).Needs(TokenScope.Admin).TakesJson("name, scope (read, ingest or admin), and where wanted lineage and expires (90d)")
            .Answers<NewTokenDocument>(
                StatusCodes.Status201Created,
                "application/json",
                "Makes a token and tells it, once",
                StatusCodes.Status403Forbidden,
                StatusCodes.Status422UnprocessableEntity);
        routes.MapDelete(Path + "/{token}", RevokeAsync).Needs(TokenScope.Admin)
            .Answers<TokenDocument>("Revokes a token, by its id or name", StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, HttpResponse response, ApiTokens tokens, DriftlineOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.ReadOnly)
        {
            return Refuse(StatusCodes.Status403Forbidden, ReadOnlyReason);
        }

        try
        {
            var wanted = await JsonSerializer.DeserializeAsync<TokenRequest>(request.Body, ContractJson.Options, cancellationToken);
            if (wanted?.Scope is not { } scope)
            {
                return Refuse(StatusCodes.Status422UnprocessableEntity, UnknownScope);
            }

            var made = await tokens.CreateAsync(wanted.Name ?? "", scope, wanted.Lineage, TokenExpiry.Parse(wanted.Expires, Now(time)), cancellationToken);
            response.Headers.CacheControl = "no-store";
            return TypedResults.Json(NewTokenDocument.Of(made, Now(time)), ContractJson.Options, statusCode: StatusCodes.Status201Created);
        }
        catch (JsonException mistake)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, mistake.Path is "$.scope" ? UnknownScope : $"the body is no token request such as {{\"name\": \"cluster\", \"scope\": \"ingest\"}}: look at {(mistake.Path is { Length: > 2 } key ? key[2..] : $"line {mistake.LineNumber + 1}, column {mistake.BytePositionInLine + 1}")}");
        }
        catch (FormatException mistake)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, mistake.Message);
        }
    }

    private static async Task<IResult> RevokeAsync(string token, ApiTokens tokens, DriftlineOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.ReadOnly)
        {
            return Refuse(StatusCodes.Status403Forbidden, ReadOnlyReason);
        }

        return await tokens.RevokeAsync(token, cancellationToken) is { } revoked
            ? TypedResults.Json(TokenDocument.Of(revoked, Now(time)), ContractJson.Options)
            : Refuse(StatusCodes.Status404NotFound, $"no token in force has the id or name \"{token}\"");
    }

    private static DateTime Now(TimeProvider time) => time.GetUtcNow().UtcDateTime;

    private static IResult Refuse(int status, string detail) => TypedResults.Problem(detail, statusCode: status, title: "Tokens are as they were");
}
