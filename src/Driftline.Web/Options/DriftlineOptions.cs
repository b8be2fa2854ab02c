namespace Driftline.Web.Options;

/// <summary>
/// Everything that can be configured, by flag, environment variable (<c>DRIFTLINE_</c> prefix, <c>__</c> for sections) or
/// appsettings.json, in this order of precedence. appsettings.example.json explains each key.
/// </summary>
public sealed class DriftlineOptions
{
    /// <summary>Folder of the database and of logs being received; null is the platform's application-data folder + /driftline.</summary>
    public string? DataDir { get; set; }

    /// <summary>Address to serve; port 0 picks a free one.</summary>
    public string Urls { get; set; } = "http://127.0.0.1:5230";

    /// <summary>Whether the server shows only, and takes no logs from its pages.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Address of a server on another machine that commands go to; null runs them here.</summary>
    public string? Server { get; set; }

    /// <summary>What lets commands in there; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>Bounds on what an import may ask of the machine.</summary>
    public ImportOptions Import { get; set; } = new();

    /// <summary>Folders whose logs are taken by themselves.</summary>
    public WatchOptions Watch { get; set; } = new();

    /// <summary>How an embedding endpoint is asked; where it is, is set on the Settings page.</summary>
    public EmbedderOptions Embedder { get; set; } = new();

    /// <summary>The data folder in force.</summary>
    public string DataFolder => DataDir ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "driftline");
}

/// <summary>How an embedding endpoint is asked.</summary>
public sealed class EmbedderOptions
{
    /// <summary>The endpoint's key, sent as a bearer token; null sends none. It is neither stored nor shown.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Texts in one request.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>Requests at once.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Seconds until a request counts as not answered.</summary>
    public int TimeoutSeconds { get; set; } = 60;
}

/// <summary>Bounds of imports.</summary>
public sealed class ImportOptions
{
    /// <summary>Longest line in MiB; longer ones are rejected.</summary>
    public int MaxLineMegabytes { get; set; } = 64;

    /// <summary>Deepest nesting of JSON.</summary>
    public int MaxDepth { get; set; } = 128;

    /// <summary>Different runs, and different models, of one log.</summary>
    public int MaxRuns { get; set; } = 20_000;

    /// <summary>Metrics that one log reports, one for each run and name.</summary>
    public int MaxMetrics { get; set; } = 200_000;

    /// <summary>Largest uploaded file in GiB.</summary>
    public int MaxUploadGigabytes { get; set; } = 20;

    /// <summary>Seconds after which a file that gives nothing counts as one whose disk or network does not answer.</summary>
    public int PatienceSeconds { get; set; } = 60;
}
