using System.Text.Json.Nodes;
using Driftline.Core.Alerts;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;
using Driftline.Web.Api.Documents;
using Driftline.Web.Commands;
using Driftline.Web.Options;
using Driftline.Web.Security;

namespace Driftline.Web.Api;

/// <summary>Alerts over HTTP: <c>rules</c>, <c>alerts</c>, <c>check</c> and <c>close</c> under <c>/api/v1/lineages/{l}</c>, the same documents as the command line's.</summary>
public static class AlertEndpoints
{
    private const int MostRuleCharacters = 1 << 20;
    private const int LongestWait = 600;

    /// <summary>Maps the endpoints.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        var lineage = routes.MapGroup("/api/v1/lineages/{lineage}");
        lineage.MapGet("/rules", RulesAsync).Answers<JsonNode>("The alert rules of a lineage", StatusCodes.Status404NotFound);
        lineage.MapPut("/rules", ReplaceAsync).TakesJson("The rules, as rules apply takes them from a file")
            .Answers<JsonNode>(
                "Puts rules in the place of all rules of a lineage",
                StatusCodes.Status403Forbidden,
                StatusCodes.Status404NotFound,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status422UnprocessableEntity);
        lineage.MapGet("/alerts", AlertsAsync).Answers<AlertsDocument>("What the rules of a lineage say now, and what happened", StatusCodes.Status404NotFound);
        lineage.MapPost("/check", CheckAsync).Needs(TokenScope.Read)
            .Answers<CheckDocument>(
                "Whether a generation may pass; the body says what the command says by its exit code",
                StatusCodes.Status400BadRequest,
                StatusCodes.Status404NotFound,
                StatusCodes.Status422UnprocessableEntity);
        lineage.MapPost("/close", CloseAsync).Needs(TokenScope.Ingest)
            .Answers<ClosedDocument[]>(
                "Closes a generation by hand",
                StatusCodes.Status400BadRequest,
                StatusCodes.Status403Forbidden,
                StatusCodes.Status404NotFound,
                StatusCodes.Status422UnprocessableEntity);
    }

    private static Task<IResult> RulesAsync(string lineage, LineageQueries lineages, AlertStore alerts, CancellationToken cancellationToken) =>
        WithAsync(lineages, lineage, async found => Rules(found, await alerts.ListAsync(found.Id, cancellationToken)), cancellationToken);

    /// <summary>The body takes the place of all rules of the lineage.</summary>
    private static Task<IResult> ReplaceAsync(
        string lineage, HttpRequest request, LineageQueries lineages, AlertStore alerts, AlertRules rules, DriftlineOptions options, CancellationToken cancellationToken) =>
        WithAsync(
            lineages,
            lineage,
            async found =>
            {
                if (Refused(options) is { } refused)
                {
                    return refused;
                }

                using var reader = new StreamReader(request.Body);
                var buffer = new char[MostRuleCharacters + 1];
                var length = await reader.ReadBlockAsync(buffer, cancellationToken);
                if (length > MostRuleCharacters)
                {
                    return TypedResults.Problem($"the rules are longer than {MostRuleCharacters} characters", statusCode: StatusCodes.Status413PayloadTooLarge, title: "Too many rules");
                }

                try
                {
                    var given = AlertRuleJson.Parse(new string(buffer, 0, length), found.Name);
                    if (given.FirstOrDefault(rule => rule.Lineage != found.Name) is { Lineage: { } other })
                    {
                        throw new FormatException($"lineage: these are the rules of {found.Name}; those of {other} have an address of their own");
                    }

                    await rules.ApplyAsync(found, [.. given.Select(rule => rule.Rule)], replace: true, EditAuthor.Api, cancellationToken);
                }
                catch (FormatException mistake)
                {
                    return TypedResults.Problem(mistake.Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "The rules were not taken");
                }

                return Rules(found, await alerts.ListAsync(found.Id, cancellationToken));
            },
            cancellationToken);

    private static Task<IResult> AlertsAsync(string lineage, LineageQueries lineages, AlertStore alerts, CancellationToken cancellationToken) =>
        WithAsync(
            lineages,
            lineage,
            async found =>
            {
                var listed = await alerts.ListAsync(found.Id, cancellationToken);
                return Json(new AlertsDocument(
                    found.Name,
                    found.Alerts.State,
                    [.. listed.Standings.Select(standing => AlertDocument.Of(found.Name, standing))],
                    [.. listed.History.Select(AlertEventDocument.Of)]));
            },
            cancellationToken);

    /// <summary>The answer says in its body what the command says by its exit code.</summary>
    private static async Task<IResult> CheckAsync(
        string lineage, string? branch, string? seed, int? generation, int? wait, AlertCheck check, CancellationToken cancellationToken)
    {
        if (wait is < 0 or > LongestWait)
        {
            return TypedResults.Problem($"wait must be 0 to {LongestWait} seconds", statusCode: StatusCodes.Status422UnprocessableEntity, title: "Not checked");
        }

        try
        {
            return Json(await check.RunAsync(new CheckRequest(lineage, new ChosenLines(branch, seed), generation, TimeSpan.FromSeconds(wait ?? 0)), cancellationToken));
        }
        catch (CommandFailedException failure)
        {
            return TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status404NotFound, title: "Not found");
        }
    }

    private static Task<IResult> CloseAsync(
        string lineage, int? generation, string? branch, string? seed, LineageQueries lineages, AlertRules rules, DriftlineOptions options, CancellationToken cancellationToken) =>
        WithAsync(
            lineages,
            lineage,
            async found =>
            {
                if (Refused(options) is { } refused)
                {
                    return refused;
                }

                if (generation is not { } wanted)
                {
                    return TypedResults.Problem("say which generation: ?generation=7", statusCode: StatusCodes.Status422UnprocessableEntity, title: "Nothing was closed");
                }

                var which = new ChosenLines(branch, seed);
                var closed = await rules.CloseAsync(found, wanted, which.Has, EditAuthor.Api, cancellationToken);
                return closed.Count > 0
                    ? Json(closed.Select(each => new ClosedDocument(each.Line.Branch, each.Line.Seed, each.Generation)))
                    : TypedResults.Problem($"{found.Name} has no generation {wanted} on {which}", statusCode: StatusCodes.Status404NotFound, title: "Not found");
            },
            cancellationToken);

    private static IResult? Refused(DriftlineOptions options) => options.ReadOnly
        ? TypedResults.Problem("this server shows only (--read-only); use the command line, or start it without", statusCode: StatusCodes.Status403Forbidden, title: "Read-only")
        : null;

    private static IResult Rules(LineageSummary lineage, Storage.Alerts.LineageAlerts alerts) =>
        TypedResults.Text(AlertRuleJson.Write(alerts.Rules.Select(rule => (lineage.Name, rule.Current.Rule))), "application/json");

    private static IResult Json<T>(T document) => TypedResults.Json(document, ContractJson.Options);

    private static async Task<IResult> WithAsync(LineageQueries lineages, string name, Func<LineageSummary, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer(await lineages.RequireAsync(name, cancellationToken));
        }
        catch (CommandFailedException failure)
        {
            return TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status404NotFound, title: "Not found");
        }
    }
}
