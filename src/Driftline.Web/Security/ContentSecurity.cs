namespace Driftline.Web.Security;

/// <summary>Response headers that keep a page to its own origin.</summary>
internal static class ContentSecurity
{
    // Styles are inline because Plotly and Radzen set them; scripts never are, which rules out Blazor's <ImportMap />.
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

    public static IApplicationBuilder UseContentSecurity(this IApplicationBuilder app)
    {
        return app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            return next(context);
        });
    }
}
