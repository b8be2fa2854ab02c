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

/// <summary>The file system that a log lies on does not answer; nothing is wrong with the log as far as is known.</summary>
/// <param name="message">Which file, since when, and the way out.</param>
/// <param name="answered">Ends when the file system answers.</param>
public sealed class LogStalledException(string message, Task answered) : LogRejectedException(message)
{
    /// <summary>Ends when the file system answers.</summary>
    public Task Answered { get; } = answered;
}

/// <summary>No reader knows the format of a log.</summary>
public sealed class UnknownLogFormatException(string message, bool isTable = false) : LogRejectedException(message)
{
    /// <summary>Whether it is a table with columns, so that a mapping is all that it lacks.</summary>
    public bool IsTable { get; } = isTable;
}

/// <summary>A column mapping cannot be used; the message names each wrong key.</summary>
public sealed class MappingException : LogRejectedException
{
    /// <summary>Rejects a mapping for one or more reasons.</summary>
    public MappingException(IReadOnlyList<MappingFault> faults)
        : base(string.Join(Environment.NewLine, faults.Select(fault => fault.Sentence))) => Faults = faults;

    /// <summary>Rejects a mapping for one reason.</summary>
    public MappingException(string key, string sentence)
        : this([new MappingFault(key, sentence)])
    {
    }

    /// <summary>What is wrong, a key each.</summary>
    public IReadOnlyList<MappingFault> Faults { get; }
}

/// <summary>One thing that is wrong with a mapping.</summary>
/// <param name="Key">The key at fault, such as <c>generation.offset</c> or <c>suites[1].scores.quality</c>; empty for the document as a whole.</param>
/// <param name="Sentence">What is wrong and the way out; names the key itself.</param>
public sealed record MappingFault(string Key, string Sentence);
