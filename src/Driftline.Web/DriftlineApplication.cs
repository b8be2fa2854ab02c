namespace Driftline.Web;

/// <summary>The dashboard's host: services, middleware and endpoints, in a class that tests can start.</summary>
public sealed class DriftlineApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DriftlineApplication(WebApplication app)
    {
        _app = app;
    }

    /// <summary>Builds the host without starting it.</summary>
    public static DriftlineApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            // Else appsettings.json is read from the folder the user happens to be in.
            ContentRootPath = AppContext.BaseDirectory,
        });
        return new DriftlineApplication(builder.Build());
    }

    /// <summary>Serves until the process is asked to stop.</summary>
    public Task RunAsync()
    {
        return _app.RunAsync();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        return _app.DisposeAsync();
    }
}
