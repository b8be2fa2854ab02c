using Driftline.Core.Records;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Entities;

/// <summary>One run of a suite on a node. Its rows lie in parts.</summary>
internal sealed class EvaluationRow
{
    public long LineageId { get; set; }

    public long Id { get; set; }

    public long NodeId { get; set; }

    public long SuiteId { get; set; }

    public required string RunId { get; set; }

    /// <summary>Empty when the log states none, so that the index over the identity is unique.</summary>
    public required string Config { get; set; }

    public EvaluationStatus Status { get; set; }

    /// <summary>Whether an end record said so; otherwise the end of the file did.</summary>
    public bool StatusStated { get; set; }

    public DateTime? Created { get; set; }

    public bool IsCurrent { get; set; }

    public required string ContentHash { get; set; }

    /// <summary>Sum of the digests of its rows, replaced ones left out; 16 bytes.</summary>
    public required byte[] Digest { get; set; }

    public long Samples { get; set; }

    /// <summary>Rows that later ones took the place of.</summary>
    public long Replaced { get; set; }

    public int Prompts { get; set; }

    public int Repeats { get; set; }

    /// <summary>Score name → kind, count and sum, as JSON.</summary>
    public required string Scores { get; set; }
}

/// <summary>A chunk of one evaluation from one import, at most 65,536 rows.</summary>
/// <remarks>It is written before its evaluation, which only the publication makes; so nothing in the database ties them.</remarks>
internal sealed class PartRow
{
    public long LineageId { get; set; }

    public long Id { get; set; }

    public long EvaluationId { get; set; }

    public long ImportId { get; set; }

    public int Rows { get; set; }

    /// <summary>Sum of the digests of its rows; 16 bytes.</summary>
    public required byte[] Digest { get; set; }
}

/// <summary>A column of a part as one blob, in the order of its rows.</summary>
internal sealed class PartColumnRow
{
    public long LineageId { get; set; }

    public long PartId { get; set; }

    public ColumnKind Kind { get; set; }

    public required string Name { get; set; }

    /// <summary>The length of an embedding; for a score 1 when it was written as true and false; otherwise 0.</summary>
    public int Variant { get; set; }

    /// <summary>One bit a row, for columns that hold only the rows that have a value; null when all have one.</summary>
    public byte[]? Presence { get; set; }

    public required byte[] Body { get; set; }
}

/// <summary>What consecutive rows of a part say in words, together and compressed; a part whose rows have no words has none.</summary>
internal sealed class WordBlockRow
{
    public long LineageId { get; set; }

    public long PartId { get; set; }

    /// <summary>Place of its first row in the part.</summary>
    public int FirstRow { get; set; }

    /// <summary>Its rows, those without words among them.</summary>
    public int Rows { get; set; }

    /// <summary>Their texts as <see cref="WordBlock"/> writes them.</summary>
    public required byte[] Body { get; set; }
}

/// <summary>What a row says in words, as versions before <see cref="WordBlockRow"/> kept it: nothing writes it any more.</summary>
internal sealed class SampleRow
{
    public long LineageId { get; set; }

    public long PartId { get; set; }

    public int Ordinal { get; set; }

    public string? Output { get; set; }

    public string? Extra { get; set; }
}

/// <summary>What a run states of a metric.</summary>
internal abstract class MetricRow
{
    public long LineageId { get; set; }

    public long NodeId { get; set; }

    public long SuiteId { get; set; }

    public required string RunId { get; set; }

    public required string Metric { get; set; }

    public double? Value { get; set; }

    public double? StdErr { get; set; }

    public int? Samples { get; set; }

    public bool? HigherIsBetter { get; set; }

    public DateTime? Created { get; set; }

    public string? Config { get; set; }

    public long ImportId { get; set; }
}

/// <summary>A metric that a run states; it belongs to every evaluation of its node, suite and run.</summary>
internal sealed class ReportedMetricRow : MetricRow;

/// <summary>What an earlier import stated of a metric that a later one states otherwise; it counts again when that one goes.</summary>
internal sealed class ReplacedMetricRow : MetricRow;
