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

    /// <summary><c>check</c> only: it cannot tell. No data, not comparable, or the generation is still open.</summary>
    public const int CannotTell = 4;

    /// <summary><c>check</c> only: an alert of severity warn is firing.</summary>
    public const int WarnFiring = 10;

    /// <summary><c>check</c> only: an alert of severity page is firing.</summary>
    public const int PageFiring = 20;
}
