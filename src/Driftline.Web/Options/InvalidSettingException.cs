namespace Driftline.Web.Options;

/// <summary>A setting has a value that cannot be understood; the message names its key and says what would do.</summary>
public sealed class InvalidSettingException(string key, string message, Exception? innerException = null)
    : Exception($"{key}: {message}", innerException)
{
    /// <summary>The setting's key in <c>appsettings.json</c>.</summary>
    public string Key { get; } = key;
}
