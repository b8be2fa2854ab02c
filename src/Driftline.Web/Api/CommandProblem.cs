using Driftline.Web.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Driftline.Web.Api;

/// <summary>What fails a command as a problem over HTTP.</summary>
public static class CommandProblem
{
    /// <summary>What was said wrongly is 422, what is not there 404.</summary>
    public static ProblemHttpResult Of(CommandFailedException failure, string title) => TypedResults.Problem(
        failure.Message, statusCode: failure.ExitCode == ExitCode.Usage ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status404NotFound, title: title);
}
