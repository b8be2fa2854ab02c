using System.Text.Json;
using Driftline.Ingest;
using Driftline.Storage;
using Driftline.Web.Api.Documents;
using Driftline.Web.Mappings;
using Driftline.Web.Options;
using Driftline.Web.Security;
using Driftline.Web.Workers;
using Microsoft.AspNetCore.Mvc;

namespace Driftline.Web.Api;

/// <summary>
/// <c>POST /api/v1/logs</c>: the body is a log in any known format. It is spooled as it arrives, goes through the import queue, and
/// is answered with the import report once it is published; its measures follow. What is to be said about it (<c>name</c>,
/// <c>lineage</c>, <c>branch</c>, <c>seed</c>, <c>generation</c>, <c>mapping</c>, <c>complete</c>, <c>training</c>, <c>column</c>) stands in the query, or in headers
/// such as <c>Driftline-Lineage</c>. When the connection drops before the log is published, nothing of it remains.
/// </summary>
public static class LogEndpoint
{
    /// <summary>What a header's name starts with.</summary>
    public const string HeaderPrefix = "Driftline-";

    private const string Unnamed = "posted log";

    /// <summary>Maps the endpoint.</summary>
    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/logs", ReceiveAsync).WithMetadata(new DisableRequestSizeLimitAttribute())
            .Needs(TokenScope.Ingest, anyLineage: true)
            .Answers<ImportDocument>(
                "Imports one log and answers its report; status is partial where rows were rejected",
                StatusCodes.Status400BadRequest,
                StatusCodes.Status403Forbidden,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status422UnprocessableEntity,
                StatusCodes.Status503ServiceUnavailable,
                StatusCodes.Status507InsufficientStorage)
            .Takes(
                ("name", "What reports call the log; \"posted log\" without it"),
                ("lineage", "The lineage, whatever the log says"),
                ("branch", "The branch, whatever the log says"),
                ("seed", "The seed, whatever the log says"),
                ("generation", "The generation, whatever the log says: a whole number of 0 or more"),
                ("mapping", "Which column is what, for CSV, TSV and loose JSON: the name of a saved mapping, or a mapping as JSON"),
                ("training", "true for texts that the generation was trained on: what is counted in them is kept, not the texts; false without it"),
                ("column", "With training=true: the key or column that holds the text"),
                ("complete", "false when more of the run will come; true without it, except that files of a run of HELM that are posted as FOLDER/FILE wait for those that say what was answered"))
            .TakesStream("application/octet-stream", "A log in any known format, compressed or not; each parameter may also be a header such as Driftline-Lineage");
    }

    private static async Task<IResult> ReceiveAsync(
        HttpRequest request, DataFolder folder, ImportQueue queue, MappingStore mappings, DriftlineOptions options, TimeProvider time, IHostApplicationLifetime host, CancellationToken cancellationToken)
    {
        if (options.ReadOnly)
        {
            return Refuse(StatusCodes.Status403Forbidden, "this server is read-only; import by the command line on its machine");
        }

        // application/x-www-form-urlencoded is what curl --data-binary and urllib call any body; it is never read as a form here.
        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, "the body must be the log itself, not a form: curl --data-binary @log.jsonl");
        }

        if (request.Query.Keys.FirstOrDefault(key => !PostedLog.Fields.Contains(key)) is { } unknown)
        {
            // A misspelt lineage would otherwise send the log to another one.
            return Refuse(StatusCodes.Status400BadRequest, $"\"{unknown}\" is no parameter of a posted log; known: {string.Join(", ", PostedLog.Fields)}");
        }

        var started = time.GetTimestamp();
        var maxBytes = (long)options.Import.MaxUploadGigabytes << 30;
        if (request.ContentLength > maxBytes)
        {
            return TooLarge(options);
        }

        ImportRequest wanted;
        try
        {
            wanted = await PostedLog.RequestAsync(Fields(request), mappings, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or MappingException)
        {
            return Refuse(StatusCodes.Status400BadRequest, exception.Message);
        }

        if (Access.Of(request.HttpContext) is { Lineage: { } only } access)
        {
            if (wanted.Overrides.Lineage is { } named && access.Bars(named) is { } barred)
            {
                return Refuse(StatusCodes.Status403Forbidden, barred);
            }

            wanted = wanted with { OnlyLineage = only };
        }

        string path;
        try
        {
            path = await folder.SpoolAsync(request.Body, cancellationToken, maxBytes);
        }
        catch (InvalidDataException)
        {
            return TooLarge(options);
        }
        catch (IOException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Refuse(StatusCodes.Status507InsufficientStorage, $"the log could not be kept in {folder.Incoming}: {exception.Message}");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        var job = queue.Enqueue(wanted with { Path = path });
        try
        {
            await job.Read.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            // Who sent it will never hear how it fared, so it must be as if it had not come.
            queue.Cancel(job.Id);
            return Refuse(StatusCodes.Status503ServiceUnavailable, "the server is stopping; post the log again when it is back");
        }

        return Answer(job, time.GetElapsedTime(started).TotalSeconds);
    }

    private static IResult Answer(ImportJob job, double seconds)
    {
        if (job.Report is not { Status: not "rejected" } report)
        {
            return Refuse(
                job.IsForbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status422UnprocessableEntity, job.Report?.Reason ?? job.Error ?? "the import was cancelled on the Imports page");
        }

        return TypedResults.Text(
            JsonSerializer.Serialize(ImportDocument.Of([report], seconds) with { Status = report.Status }, ContractJson.Options), "application/json; charset=utf-8");
    }

    /// <summary>The query says more than the headers, word by word.</summary>
    private static Dictionary<string, string> Fields(HttpRequest request)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in PostedLog.Fields)
        {
            var text = request.Query[name].ToString() is { Length: > 0 } query ? query : request.Headers[HeaderPrefix + name].ToString();
            if (text.Length > 0)
            {
                fields[name] = text;
            }
        }

        fields.TryAdd("name", Unnamed);
        return fields;
    }

    private static IResult TooLarge(DriftlineOptions options) =>
        Refuse(StatusCodes.Status413PayloadTooLarge, $"the log is larger than {options.Import.MaxUploadGigabytes} GiB; raise Import:MaxUploadGigabytes or import the file by the command line");

    private static IResult Refuse(int status, string detail) => TypedResults.Problem(detail, statusCode: status, title: "The log was not taken");
}
