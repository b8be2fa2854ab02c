using Driftline.Ingest;
using Driftline.Ingest.TrainingTexts;
using Driftline.Storage.Sqlite;
using Driftline.Web.Alerts;
using Driftline.Web.Api;
using Driftline.Web.Items;
using Driftline.Web.Live;
using Driftline.Web.Mappings;
using Driftline.Web.Options;
using Driftline.Web.Security;
using Driftline.Web.Workers;
using Driftline.Web.Workers.Embedding;
using Driftline.Web.Workers.Measuring;
using Driftline.Web.Workers.Pipeline;
using Driftline.Web.Workers.Watching;

namespace Driftline.Web;

/// <summary>Registers what commands and the server share.</summary>
public static class DriftlineServices
{
    /// <summary>Storage, readers, and the way from a log to its measurements.</summary>
    public static IServiceCollection AddDriftline(this IServiceCollection services, DriftlineOptions options)
    {
        var folder = new DataFolder(options);
        services.AddHttpClient(EmbeddingClient.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .RemoveAllLoggers();
        return services
            .AddSingleton(options)
            .AddSingleton(folder)
            .AddSingleton(TimeProvider.System)
            .AddDriftlineSqlite(folder.Path)
            .AddSingleton<TrainingTextContexts>()
            .AddSingleton(provider => new LogReaderRegistry([new TrainingTextReader(provider.GetRequiredService<TrainingTextContexts>()), .. LogReaderRegistry.Default.Readers]))
            .AddSingleton<GenerationFeed>()
            .AddSingleton<EmbeddingClient>()
            .AddSingleton<EndpointEmbedder>()
            .AddSingleton<TextShares>()
            .AddSingleton<FrozenEmbedder>()
            .AddSingleton<FrozenBehaviours>()
            .AddSingleton<MeasuringBoard>()
            .AddSingleton<AlertRunner>()
            .AddSingleton<AlertRules>()
            .AddSingleton<AlertCheck>()
            .AddSingleton<MeasureRunner>()
            .AddSingleton<RecomputeQueue>()
            .AddSingleton<RetentionSweep>()
            .AddSingleton<AskedBaselines>()
            .AddSingleton<MappingStore>()
            .AddSingleton<ItemStore>()
            .AddSingleton<UploadedParts>()
            .AddSingleton<WaitingTables>()
            .AddSingleton<MappingTrial>()
            .AddSingleton<LogRecognition>()
            .AddSingleton<KnownLogs>()
            .AddSingleton<LogReading>()
            .AddSingleton<TrialReading>()
            .AddSingleton<ImportPipeline>()
            .AddSingleton<ImportBatch>()
            .AddSingleton<Correcting>()
            .AddSingleton<ImportReports>()
            .AddSingleton<ILogImports>(provider => provider.GetRequiredService<ImportBatch>())
            .AddSingleton<SpooledUploads>()
            .AddSingleton<ImportQueue>()
            .AddSingleton<DemoLoader>()
            .AddSingleton<ApiTokens>()
            .AddSingleton<WatchedFolders>()
            .AddSingleton<FolderWatcher>()
            .AddSingleton<RecipeSeries>()
            .AddSingleton<SeriesReader>()
            .AddSingleton<BehaviourNames>()
            .AddSingleton<BehaviourReader>()
            .AddSingleton<SampleReader>();
    }

    /// <summary>What only a running server has: the import queue at work, and an eye on what others write.</summary>
    public static IServiceCollection AddDriftlineWorkers(this IServiceCollection services) => services
        .AddHostedService(provider => provider.GetRequiredService<ImportQueue>())
        .AddSingleton<ILogImports, QueuedImports>()
        .AddSingleton<LocalToken>()
        .AddSingleton<TokenFailures>()
        .AddHostedService<TokenUses>()
        .AddHostedService(provider => provider.GetRequiredService<FolderWatcher>())
        .AddHostedService(provider => provider.GetRequiredService<RecomputeQueue>())
        .AddHostedService(provider => provider.GetRequiredService<RetentionSweep>())
        .AddHostedService<UsageFilling>()
        .AddHostedService<DatabaseWatch>();

    /// <summary>Makes the data folder ready and opens its database, which migrates it if it is older and sweeps what an interrupted import left.</summary>
    public static async Task PrepareDriftlineAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<DataFolder>().Open();
        await Task.Run(services.GetRequiredService<DriftlineDatabase>, cancellationToken);
    }
}
