namespace Driftline.Web.Commands;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>The command line or a setting cannot be understood.</summary>
    public const int Usage = 2;
}
