using System.Diagnostics.CodeAnalysis;

namespace Driftline.Ingest;

/// <summary>A log as a whole cannot be read. The message names what is wrong and the way out, in a sentence for the person who imports.</summary>
[SuppressMessage("Design", "MA0053", Justification = "The base of all reasons to reject a log, so that callers can report them alike.")]
public class LogRejectedException : Exception
{
    /// <summary>Rejects a log.</summary>
    public LogRejectedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>No reader knows the format of a log.</summary>
public sealed class UnknownLogFormatException(string message) : LogRejectedException(message);

/// <summary>A column mapping cannot be used; the message names each wrong key.</summary>
public sealed class MappingException : LogRejectedException
{
    /// <summary>Rejects a mapping for one or more reasons, each naming its key.</summary>
    public MappingException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>One sentence for each wrong key.</summary>
    public IReadOnlyList<string> Problems { get; }
}
