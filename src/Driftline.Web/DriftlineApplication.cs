using System.Runtime.CompilerServices;
using Driftline.Web.Api;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components;
using Driftline.Web.Components.Layout;
using Driftline.Web.Options;
using Driftline.Web.Security;
using Driftline.Web.Workers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using Radzen;

namespace Driftline.Web;

/// <summary>The dashboard's host: services, middleware and endpoints, in a class that tests can start.</summary>
public sealed class DriftlineApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StrongBox<bool> _started;

    private DriftlineApplication(WebApplication app, StrongBox<bool> started)
    {
        _app = app;
        _started = started;
    }

    /// <summary>The addresses listened on, with the ports that were picked; known once started.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _app.Urls];

    /// <summary>What lets a command on the same folder in.</summary>
    public string LocalToken => _app.Services.GetRequiredService<LocalToken>().Text;

    /// <summary>A service of the running server, for tests that look behind its pages.</summary>
    internal T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Builds the host without starting it.</summary>
    /// <param name="options">The options in force.</param>
    /// <param name="verbose">Whether to log the host's inner workings.</param>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public static DriftlineApplication Create(DriftlineOptions options, bool verbose = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DriftlineApplication).Assembly.GetName().Name,
            // Else appsettings.json is read from the folder the user happens to be in.
            ContentRootPath = AppContext.BaseDirectory,
        });
        var started = new StrongBox<bool>();
        ConfigureLogging(builder.Logging, started, verbose);
        builder.WebHost.UseUrls(options.Urls);
        // Else every static file of a build that is not published is empty outside Development.
        builder.WebHost.UseStaticWebAssets();
        ConfigureServices(builder.Services, options);

        var app = builder.Build();
        ConfigurePipeline(app);
        return new DriftlineApplication(app, started);
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">An address is already in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.Services.PrepareDriftlineAsync(cancellationToken);
        await _app.StartAsync(cancellationToken);
        _started.Value = true;
    }

    /// <summary>Returns when the process is asked to stop or <paramref name="cancellationToken"/> is cancelled.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        return _app.WaitForShutdownAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Disposal alone would end the workers in the middle of their waiting, and the host would call that a crash.
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void ConfigureLogging(ILoggingBuilder logging, StrongBox<bool> started, bool verbose)
    {
        logging.ClearProviders();
        // Standard output belongs to results.
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", verbose ? LogLevel.Information : LogLevel.Warning);
        // What goes wrong at the start is thrown to the caller, who says it in one line; the host would log it as well.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started.Value && level >= LogLevel.Warning);
        // It warns that keys are not encrypted at rest; they are as readable as the database beside them.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    private static void ConfigureServices(IServiceCollection services, DriftlineOptions options)
    {
        services.AddDriftline(options);
        services.AddDriftlineWorkers();
        services.AddFigures();
        // Figures of long lineages shrink to a tenth; records that are streamed are left alone, they must arrive as they come.
        services.AddResponseCompression();
        services.AddProblemDetails();
        services.AddApiDescription();
        // Else a query that cannot be read is answered without saying what was wrong.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddDataProtection().PersistKeysToFileSystem(new DataFolder(options).Open().CreateSubdirectory("keys"));
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddScoped<ThemeChoice>();
    }

    private static void ConfigurePipeline(WebApplication app)
    {
        app.UseResponseCompression();
        app.UseContentSecurity();
        app.UseOwnOrigin();
        // What the API answers has a body already. Not in a branch of the pipeline: those have no routing to find the page by.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseApiFailures();
        app.UseTokens();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapUploads();
        app.MapFigures();
        app.MapReads();
        app.MapApiDescription();
        app.MapCommands();
        app.MapLogs();
        app.MapSamples();
        app.MapRecompute();
        app.MapCorrections();
        app.MapAlerts();
        app.MapSuites();
        app.MapBehaviours();
        app.MapTokens();
        app.MapMappings();
        app.MapEmitter();
        // The one policy of ContentSecurity already says who may frame a page.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
    }
}
