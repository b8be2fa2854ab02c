
namespace Driftline.Web.Options;

/// <summary>Reads the options from where they may stand.</summary>
public static class OptionsLoader
{
    /// <summary>Prefix of environment variables; <c>DRIFTLINE_IMPORT__MAXDEPTH</c> is <c>Import:MaxDepth</c>.</summary>
    public const string EnvironmentPrefix = "DRIFTLINE_";

    /// <summary>Reads appsettings.json beside the program, then the one in the data folder, then the environment, then the flag.</summary>
    /// <param name="dataDir">The <c>--data-dir</c> flag, if given.</param>
    /// <param name="environment">Stands in for the process's environment in tests.</param>
    public static DriftlineOptions Load(string? dataDir, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var options = Bind(Sources(dataFolder: null, environment));
        options.DataDir = dataDir ?? options.DataDir ?? Variable("DATA_DIR", environment);
        var loaded = Bind(Sources(options.DataFolder, environment));
        loaded.DataDir = options.DataDir;
        return loaded;
    }

    private static ConfigurationBuilder Sources(string? dataFolder, IReadOnlyDictionary<string, string?>? environment)
    {
        var builder = new ConfigurationBuilder();
        builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        if (dataFolder is not null)
        {
            builder.AddJsonFile(Path.GetFullPath(Path.Combine(dataFolder, "appsettings.json")), optional: true);
        }

        if (environment is null)
        {
            builder.AddEnvironmentVariables(EnvironmentPrefix);
        }
        else
        {
            builder.AddInMemoryCollection(environment
                .Where(variable => variable.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                .Select(variable => KeyValuePair.Create(variable.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable.Value)));
        }

        return builder;
    }

    private static DriftlineOptions Bind(ConfigurationBuilder builder)
    {
        var options = builder.Build().Get<DriftlineOptions>() ?? new DriftlineOptions();
        OptionsCheck.ThrowIfInvalid(options);
        return options;
    }

    // DATA_DIR has an underscore that the configuration's own naming would not match with DataDir.
    private static string? Variable(string name, IReadOnlyDictionary<string, string?>? environment) => environment is null
        ? Environment.GetEnvironmentVariable(EnvironmentPrefix + name)
        : environment.GetValueOrDefault(EnvironmentPrefix + name);
}
