using Driftline.Core.Lineages;

namespace Driftline.Storage.Entities;

/// <summary>How an import stands. Only <see cref="Writing"/> ones are invisible.</summary>
internal static class ImportStatus
{
    public const string Writing = "writing";
    public const string Imported = "imported";
    public const string Partial = "partial";
    public const string Replaced = "replaced";
    public const string Rejected = "rejected";
}

/// <summary>One log that came in.</summary>
internal sealed class ImportRow
{
    public long Id { get; set; }

    public required string Source { get; set; }

    /// <summary>The last part of the source, by which a moved file is recognised.</summary>
    public required string FileName { get; set; }

    public required string Format { get; set; }

    public required string ContentKey { get; set; }

    /// <summary>One of <see cref="ImportStatus"/>.</summary>
    public required string Status { get; set; }

    public string? Reason { get; set; }

    public DateTime Created { get; set; }

    public long Bytes { get; set; }

    public long RowsRead { get; set; }

    public long RowsWritten { get; set; }

    public long RowsReplaced { get; set; }

    public long RowsRejected { get; set; }

    public long ValuesDropped { get; set; }

    public double Seconds { get; set; }

    /// <summary>A JSON array of sentences; null for none.</summary>
    public string? Notes { get; set; }

    public long? Continues { get; set; }

    public long BytesConsumed { get; set; }

    public long LinesConsumed { get; set; }

    public string? PrefixHash { get; set; }
}

/// <summary>
/// A lineage that an import touches, with the first ids that were free when it did. Imports follow one another, so whatever an
/// unpublished import wrote early has these ids or higher ones.
/// </summary>
internal sealed class ImportLineageRow
{
    public long ImportId { get; set; }

    public long LineageId { get; set; }

    public long FirstPart { get; set; }

    public int FirstPrompt { get; set; }

    public int FirstText { get; set; }
}

/// <summary>A node that an import says something of, with how it was told which one that is.</summary>
internal sealed class ImportNodeRow
{
    private const string Moved = "moved by hand";

    public long LineageId { get; set; }

    public long NodeId { get; set; }

    public long ImportId { get; set; }

    /// <summary>How lineage, branch, seed and generation were found ("generation from tag gen:3"); null when the log states them.</summary>
    public string? Evidence { get; set; }

    /// <summary>Whether any of them was guessed from a name.</summary>
    public bool IsGuess { get; set; }

    /// <summary>What the import calls the model; null where it does not name it, or came before that was kept.</summary>
    public string? Model { get; set; }

    /// <summary>The evidence of what a person moved, or what followed it.</summary>
    /// <param name="stated">Where the log says that it is.</param>
    public static string MovedFrom(NodeKey stated) => $"{Moved} from {stated.Lineage}, {stated}";

    /// <summary>Whether an evidence is that of something moved.</summary>
    public static bool IsMove(string? evidence) => evidence?.StartsWith(Moved, StringComparison.Ordinal) == true;
}

/// <summary>A rejected row of an import.</summary>
internal sealed class ImportErrorRow
{
    public long ImportId { get; set; }

    public int Ordinal { get; set; }

    public long Line { get; set; }

    public int? Column { get; set; }

    public required string Reason { get; set; }

    public required string Raw { get; set; }
}
