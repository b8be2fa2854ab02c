namespace Driftline.Web.Options;

/// <summary>Checks the options at start: all faults at once, each naming its key.</summary>
public static class OptionsCheck
{
    /// <summary>Throws when any option has a value that cannot work.</summary>
    /// <exception cref="InvalidOptionsException">Names every key at fault and what it may be.</exception>
    public static void ThrowIfInvalid(DriftlineOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
        {
            throw new InvalidOptionsException(string.Join("; ", faults));
        }
    }

    private static IEnumerable<string> Faults(DriftlineOptions options)
    {
        foreach (var url in options.Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                yield return $"Urls: \"{url}\" is no address such as http://127.0.0.1:5230";
            }
            else if (!address.IsLoopback)
            {
                yield return $"Urls: \"{url}\" is not a loopback address; this version has no sign-in yet, so it serves 127.0.0.1, localhost or [::1] only (reach it from elsewhere through ssh -L)";
            }
        }

        if (options.Import.MaxLineMegabytes is < 1 or > 1024)
        {
            yield return $"Import:MaxLineMegabytes: {options.Import.MaxLineMegabytes} must be 1 to 1024";
        }

        if (options.Import.MaxDepth is < 8 or > 1000)
        {
            yield return $"Import:MaxDepth: {options.Import.MaxDepth} must be 8 to 1000";
        }

        if (options.Import.MaxRuns is < 1 or > 1_000_000)
        {
            yield return $"Import:MaxRuns: {options.Import.MaxRuns} must be 1 to 1000000";
        }

        if (options.Import.MaxMetrics is < 1 or > 10_000_000)
        {
            yield return $"Import:MaxMetrics: {options.Import.MaxMetrics} must be 1 to 10000000";
        }

        if (options.Import.PatienceSeconds is < 1 or > 3600)
        {
            yield return $"Import:PatienceSeconds: {options.Import.PatienceSeconds} must be 1 to 3600";
        }

        if (options.Embedder.BatchSize is < 1 or > 2048)
        {
            yield return $"Embedder:BatchSize: {options.Embedder.BatchSize} must be 1 to 2048";
        }

        if (options.Embedder.Concurrency is < 1 or > 64)
        {
            yield return $"Embedder:Concurrency: {options.Embedder.Concurrency} must be 1 to 64";
        }

        if (options.Embedder.TimeoutSeconds is < 1 or > 3600)
        {
            yield return $"Embedder:TimeoutSeconds: {options.Embedder.TimeoutSeconds} must be 1 to 3600";
        }

        if (options.Watch.PollSeconds is < 1 or > 3600)
        {
            yield return $"Watch:PollSeconds: {options.Watch.PollSeconds} must be 1 to 3600";
        }

        if (options.Watch.StableSeconds is < 1 or > 3600)
        {
            yield return $"Watch:StableSeconds: {options.Watch.StableSeconds} must be 1 to 3600";
        }

        if (options.Watch.TailSeconds is < 1 or > 3600)
        {
            yield return $"Watch:TailSeconds: {options.Watch.TailSeconds} must be 1 to 3600";
        }

        for (var i = 0; i < options.Watch.Folders.Count; i++)
        {
            if (!Path.IsPathFullyQualified(options.Watch.Folders[i].Path))
            {
                yield return $"Watch:Folders:{i}:Path: \"{options.Watch.Folders[i].Path}\" must be the full path of a folder";
            }
        }

        if (options.Import.MaxUploadGigabytes is < 1 or > 1024)
        {
            yield return $"Import:MaxUploadGigabytes: {options.Import.MaxUploadGigabytes} must be 1 to 1024";
        }
    }
}

/// <summary>Some options have values that cannot work.</summary>
public sealed class InvalidOptionsException(string message) : Exception(message);
