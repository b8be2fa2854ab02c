using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Security;
using Microsoft.OpenApi;

namespace Driftline.Web.Api;

/// <summary>Describes the API by OpenAPI at <c>/api/v1/openapi.json</c>: what each endpoint takes and answers, its problems among it.</summary>
public static class ApiDescription
{
    /// <summary>Where the description is.</summary>
    public const string Path = "/api/v1/openapi.json";

    private const string DocumentName = "v1";

    /// <summary>Registers the description, in the words in which documents are written.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = ContractJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.Encoder = ContractJson.Options.Encoder;
            foreach (var converter in ContractJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        return services.AddOpenApi(DocumentName, options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Driftline",
                Version = typeof(ApiDescription).Assembly.GetName().Version?.ToString(3) ?? "0",
                Description = "Lineages of models trained on their own output: their logs go in, their drift comes out. The same documents as the command line prints with --json; failures are problems (RFC 9457).",
            };
            return Task.CompletedTask;
        }));
    }

    /// <summary>Maps the description.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi(Path).Needs(TokenScope.Read, anyLineage: true);

    /// <summary>Says what an endpoint is for and what it answers.</summary>
    /// <typeparam name="T">The document that it answers.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="problems">The statuses of its problems.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, string summary, params ReadOnlySpan<int> problems) =>
        endpoint.Answers<T>(StatusCodes.Status200OK, "application/json", summary, problems);

    /// <summary>Says what an endpoint is for and what it answers.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="status">The status when all is well.</param>
    /// <param name="type">The media type.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="problems">The statuses of its problems.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string type, string summary, params ReadOnlySpan<int> problems)
    {
        endpoint.WithSummary(summary).WithTags("Driftline").Produces<T>(status, type);
        foreach (var problem in problems)
        {
            endpoint.ProducesProblem(problem);
        }

        return endpoint;
    }

    /// <summary>Names the query parameters that an endpoint reads from the request itself.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params (string Name, string Meaning)[] query) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var (name, meaning) in query)
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Description = meaning,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            return Task.CompletedTask;
        });

    /// <summary>Says that the body is a stream of bytes of any length, read as it comes.</summary>
    public static RouteHandlerBuilder TakesStream(this RouteHandlerBuilder endpoint, string type, string meaning) =>
        Takes(endpoint, type, meaning, () => new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" });

    /// <summary>Says that the body is JSON that the endpoint reads by itself, whatever its media type: curl --data-binary calls everything a form.</summary>
    public static RouteHandlerBuilder TakesJson(this RouteHandlerBuilder endpoint, string meaning) =>
        Takes(endpoint, "application/json", meaning, () => new OpenApiSchema { Type = JsonSchemaType.Object });

    private static RouteHandlerBuilder Takes(RouteHandlerBuilder endpoint, string type, string meaning, Func<OpenApiSchema> schema) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = meaning,
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [type] = new() { Schema = schema() } },
            };
            return Task.CompletedTask;
        });
}
