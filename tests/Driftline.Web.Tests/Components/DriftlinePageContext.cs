using Driftline.Storage.Sqlite;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Layout;
using Driftline.Web.Options;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace Driftline.Web.Tests.Components;

/// <summary>Renders components with all of the program's services on a real, fresh database.</summary>
public abstract class DriftlinePageContext : BunitContext, IAsyncLifetime
{
    private StoredLogs? _logs;

    protected DriftlinePageContext()
    {
        // Radzen's scripts and the browser's modules answer with nothing.
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    private protected StoredLogs Logs => _logs ?? throw new InvalidOperationException("the database opens before the first test");

    public async ValueTask InitializeAsync()
    {
        _logs = await StoredLogs.OpenAsync();
        Services.AddRadzenComponents();
        Services.AddScoped<ThemeChoice>();
        Services.AddDriftline(new DriftlineOptions { DataDir = _logs.Folder });
        // The database that is open already takes the place of the one that the services would open.
        Services.AddDriftlineSqlite(_logs.Database);
        Services.AddFigures();
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        if (_logs is not null)
        {
            await _logs.DisposeAsync();
        }
    }
}
