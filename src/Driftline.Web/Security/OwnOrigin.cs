using System.Net;

namespace Driftline.Web.Security;

/// <summary>
/// Refuses requests that a page of another site made a browser send: the Host must be this machine by one of its loopback names (else a
/// name that was made to point here could read everything), and an Origin, if there is one, must be the server's own. Holds for
/// pages, figures, uploads, the API and the circuit's WebSocket alike.
/// </summary>
internal static class OwnOrigin
{
    public static IApplicationBuilder UseOwnOrigin(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (!IsLoopback(request.Host.Host))
        {
            return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, $"this Driftline answers to localhost, 127.0.0.1 and [::1] only, not to \"{request.Host.Host}\"");
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsOwn(origin, request)
            ? next(context)
            : RefuseAsync(context, StatusCodes.Status403Forbidden, "the request comes from a page of another site");
    });

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.Scheme == request.Scheme && address.Authority == request.Host.Value;

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: "Refused").ExecuteAsync(context);
}
