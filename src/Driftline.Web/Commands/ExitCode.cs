namespace Driftline.Web.Commands;

/// <summary>What the process ends with; scripts rely on these numbers.</summary>
public static class ExitCode
{
    /// <summary>All done.</summary>
    public const int Success = 0;

    /// <summary>It failed; one line on standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Some files or rows were rejected, the others are in.</summary>
    public const int Partial = 3;
}
