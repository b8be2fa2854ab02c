using System.Text.Json;
using System.Text.RegularExpressions;
using Driftline.Storage;

namespace Driftline.Web.Api;

/// <summary>Makes every failure under <c>/api</c> a problem (RFC 9457), whoever found it: binding, routing, storage or a fault of ours.</summary>
internal static partial class ApiFailures
{
    /// <summary>Adds the middleware.</summary>
    public static IApplicationBuilder UseApiFailures(this IApplicationBuilder app)
    {
        return app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal),
            api =>
            {
                // A wrong method or a body of a wrong type is answered by the framework without a word.
                api.UseStatusCodePages();
                api.Use(CatchAsync);
            });
    }

    private static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, failure.StatusCode, Sentence(failure.Message));
        }
        catch (StorageException failure) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, failure.Problem == StorageProblem.Full ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable, failure.Message);
        }
        catch (Exception failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiFailures))
                .LogError(failure, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "the server failed at this; its log says where");
        }
    }

    /// <summary>The framework names a parameter that it cannot read with its type in C#, which says nothing to who asked.</summary>
    private static string Sentence(string message) => Unbound().Match(message) is { Success: true } found
        ? $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(found.Groups["name"].Value)} must be {Needed(found.Groups["type"].Value)}, found \"{found.Groups["text"].Value}\""
        : message;

    private static string Needed(string type) => type switch
    {
        "int" or "long" or "short" => "a whole number",
        "double" or "float" or "decimal" => "a number",
        "bool" => "true or false",
        _ => $"written as a {type}",
    };

    [GeneratedRegex("^Failed to bind parameter \"(?:Nullable<)?(?<type>\\w+)>? (?<name>\\w+)\" from \"(?<text>.*)\"\\.$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unbound();

    private static Task AnswerAsync(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
}
