namespace Driftline.Web.Options;

/// <summary>
/// What the server is started with. Flags beat environment variables (<c>DRIFTLINE_URLS</c>, <c>DRIFTLINE_DATA_DIR</c>),
/// which beat <c>appsettings.json</c>, which beats the defaults.
/// </summary>
/// <param name="Urls">Addresses to listen on, separated by semicolons.</param>
/// <param name="DataDirectory">Absolute path of the data folder.</param>
public sealed record ServeOptions(string Urls, string DataDirectory)
{
    /// <summary>Where the dashboard is served unless told otherwise.</summary>
    public const string DefaultUrls = "http://127.0.0.1:5230";

    internal const string UrlsKey = "urls";
    internal const string DataDirectoryKey = "data_dir";

    /// <summary>Reads the options and fills in the defaults.</summary>
    /// <exception cref="InvalidSettingException">An address to listen on is none.</exception>
    public static ServeOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new ServeOptions(
            Checked(NonEmpty(configuration[UrlsKey]) ?? DefaultUrls),
            Path.GetFullPath(NonEmpty(configuration[DataDirectoryKey]) ?? DefaultDataDirectory()));
    }

    private static string Checked(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException e)
            {
                throw new InvalidSettingException(UrlsKey, $"{url} is not an address to listen on; write one like {DefaultUrls}.", e);
            }
        }

        return urls;
    }

    private static string DefaultDataDirectory()
    {
        var applicationData = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(applicationData, "driftline");
    }

    private static string? NonEmpty(string? value)
    {
        return string.IsNullOrWhiteSpace(value) ? null : value;
    }
}
